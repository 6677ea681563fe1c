// What was measured, as a table: both figures, their ratio, what is expected of it, and whether that holds.
import { median } from './median.js';

export interface Row {
  /** The same in every try. */
  id: string;
  what: string;
  own: string;
  peer: string;
  ratio: string;
  /** `null` for a figure that is only shown. */
  expected: string | null;
  holds: boolean;
  /** By which share of its bound the figure is beyond it; 0 when it holds. */
  beyond: number;
}

/** A row whose ratio is bounded on one side, or only shown. */
export function ratioRow(row: {
  id: string;
  what: string;
  own: string;
  peer: string;
  ratio: number;
  atMost?: number;
  atLeast?: number;
}): Row {
  const { ratio, atMost, atLeast } = row;
  const expected = atMost !== undefined ? `≤ ${atMost}` : atLeast !== undefined ? `≥ ${atLeast}` : null;
  return {
    id: row.id,
    what: row.what,
    own: row.own,
    peer: row.peer,
    ratio: `${ratio.toFixed(2)}`,
    expected,
    ...judge(ratio, { atMost, atLeast }),
  };
}

/** Makes rows of what was measured in the rounds of two: the median of a figure of each, and their ratio. */
export function comparing<T>(own: readonly T[], peer: { name: string; rounds: readonly T[] }) {
  return (
    id: string,
    what: string,
    figure: (round: T) => number,
    text: (figure: number) => string,
    bound: { atLeast?: number; atMost?: number } = {},
  ): Row => {
    const [a, b] = [median(own.map(figure)), median(peer.rounds.map(figure))];
    return ratioRow({ id, what, own: text(a), peer: `${peer.name}: ${text(b)}`, ratio: a / b, ...bound });
  };
}

export const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
export const eachSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`;

/** A figure of our own with a bound of its own, or only shown; it has no peer. */
export function boundRow(row: { id: string; what: string; figure: number; unit: string; atMost?: number }): Row {
  const { id, what, figure, unit, atMost } = row;
  const text = (value: number): string =>
    `${value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })} ${unit}`;
  return {
    id,
    what,
    own: text(figure),
    peer: '–',
    ratio: '–',
    expected: atMost === undefined ? null : `≤ ${text(atMost)}`,
    ...judge(figure, { atMost }),
  };
}

/** A figure that is none holds nothing. */
function judge(
  figure: number,
  {
    atMost = Number.POSITIVE_INFINITY,
    atLeast = Number.NEGATIVE_INFINITY,
  }: { atMost?: number | undefined; atLeast?: number | undefined },
): Pick<Row, 'holds' | 'beyond'> {
  const holds = figure <= atMost && figure >= atLeast;
  if (holds) return { holds, beyond: 0 };
  const beyond = figure > atMost ? (figure - atMost) / atMost : (atLeast - figure) / atLeast;
  return { holds, beyond: Number.isNaN(beyond) ? Number.POSITIVE_INFINITY : beyond };
}

const HEAD = ['what', 'workitem-hub', 'peer', 'ratio', 'expected', 'holds'];

/** A Markdown table, aligned for terminals as well. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ what, own, peer, ratio, expected, holds }) => [
    what,
    own,
    peer,
    ratio,
    expected ?? '',
    expected === null ? '' : holds ? 'yes' : 'NO',
  ]);
  const widths = HEAD.map((title, column) => Math.max(title.length, ...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] as number)).join(' | ')} |`;
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
