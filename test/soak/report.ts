// The result of a long run in words and tables.
import type { Report } from './soak.js';
import type { Row } from './verdict.js';

const HEAD = ['process', 'quantity', 'first', 'half-way', 'end', 'per minute', 'bound', 'points', 'verdict'];
/** Failures that are printed in full. */
const SHOWN = 30;

export function reportOf({ rows, totals, failures }: Report): string {
  const lines = [
    '',
    tableOf(rows),
    '',
    ...totals.map(([name, count]) => `${name}: ${count.toLocaleString('en')}`),
    '',
    ...failures.slice(0, SHOWN).map((what) => `FAILURE: ${what}`),
    failures.length === 0
      ? 'sound: nothing lost, doubled, reordered or leaked, and nothing grew'
      : `${failures.length} failures`,
  ];
  return lines.join('\n');
}

const numberOf = (value: number): string => (Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2));

function tableOf(rows: readonly Row[]): string {
  const cells = [
    HEAD,
    ...rows.map(({ who, what, first, start, end, perMinute, bound, points, verdict }) => [
      who,
      what,
      ...[first, start, end, perMinute, bound.perMinute, points].map(numberOf),
      verdict,
    ]),
  ];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => (row[column] as string).length)));
  const lines = cells.map(
    (row) =>
      `| ${row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number))).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width, column) => (column < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
