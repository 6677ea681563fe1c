// Cuts a text into what is shown of it: plain parts, parts in which fields were found, and addresses of pages.
import type { Field, Mail, Place } from './submission';

export interface Piece {
  /** Place in the text; pieces are told apart by it. */
  start: number;
  text: string;
  /** Fields that were found here. */
  fields: readonly Field[];
  /** Where a link goes: http and https only. */
  href?: string;
}

export type Found = readonly (readonly [Field, Place])[];

/** What was found in one part of a mail, as far as it fits the text. */
export function foundIn(mail: Mail, part: Place['in']): Found {
  const entries = Object.entries(mail.evidence ?? {}) as [Field, Place][];
  return entries.filter(
    ([, place]) => place.in === part && mail[part].slice(place.start, place.end) === place.quote && place.quote !== '',
  );
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`{}|\\^[\]]+/gi;
/** Closes the sentence around an address, and is no part of it. */
const TAIL = /[.,;:!?)*_]+$/;

/** A part of a text, from `start` to before `end`. */
export interface Stretch {
  start: number;
  end: number;
}

/** @returns all of the stretch, in its order */
export function piecesOf(text: string, { start: from, end: to }: Stretch, found: Found): Piece[] {
  const bounds = new Set([from, to]);
  const here = found.filter(([, place]) => place.start < to && place.end > from);
  for (const [, { start, end }] of here) bounds.add(Math.max(from, start)).add(Math.min(to, end));
  const links = new Map<number, string>();
  for (const match of text.slice(from, to).matchAll(ADDRESS)) {
    const address = match[0].replace(TAIL, '');
    const start = from + match.index;
    const end = start + address.length;
    const marked = here.some(([, place]) => place.start < end && place.end > start);
    if (marked || !URL.canParse(address)) continue;
    bounds.add(start).add(end);
    links.set(start, address);
  }
  const cuts = [...bounds].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1] as number;
    const fields = here.filter(([, place]) => place.start <= start && place.end >= end).map(([field]) => field);
    const href = links.get(start);
    return { start, text: text.slice(start, end), fields, ...(href ? { href } : {}) };
  });
}

/** Lines of text, or the rows of a table. */
export type Block = { start: number } & ({ lines: Stretch } | { rows: Stretch[][]; numbers: ReadonlySet<number> });

/** Of all tables of a mail; what is beyond stays as lines. */
const MOST_CELLS = 5_000;

const isRow = (line: string): boolean => line.split('\t').filter((cell) => cell.trim()).length > 1;

/** The tables in a text, and what is around them: the hub separates the cells of each row of a mail's table by tabs. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let lines: Stretch | null = null;
  let run: Stretch[] = [];
  let cells = 0;
  const addLines = ({ start, end }: Stretch): void => {
    if (lines) lines.end = end;
    else blocks.push({ start, lines: (lines = { start, end }) });
  };
  const endRun = (): void => {
    const rows = run.map((one) => cellsOf(text, one));
    cells += rows.flat().length;
    // One row alone is a line in which somebody used a tab.
    if (rows.length < 2 || cells > MOST_CELLS) for (const one of run) addLines(one);
    else {
      blocks.push({ start: (run[0] as Stretch).start, rows, numbers: numbersOf(text, rows) });
      lines = null;
    }
    run = [];
  };
  for (let start = 0; start <= text.length; ) {
    const next = text.indexOf('\n', start);
    const end = next < 0 ? text.length : next;
    if (isRow(text.slice(start, end))) run.push({ start, end });
    else {
      endRun();
      addLines({ start, end });
    }
    start = end + 1;
  }
  endRun();
  return blocks;
}

const NUMBER = /^\s*[-+]?(?:[£$€]|[A-Z]{3} )?\d[\d.,]{0,30}\s?[%kmM]?\s*$/;

/** Columns of nothing but numbers, several of them; words at the top are what the column is called. */
function numbersOf(text: string, rows: readonly Stretch[][]): ReadonlySet<number> {
  const columns = rows[0]?.keys() ?? [];
  return new Set(
    [...columns].filter((column) => {
      const cells = rows.map((row) => row[column]).map((cell) => (cell ? text.slice(cell.start, cell.end).trim() : ''));
      const numbers = cells.filter((cell) => NUMBER.test(cell));
      const below = cells.slice(1).filter(Boolean);
      return numbers.length > 1 && below.every((cell) => NUMBER.test(cell));
    }),
  );
}

function cellsOf(text: string, { start, end }: Stretch): Stretch[] {
  const cells: Stretch[] = [];
  for (let at = start; at <= end; ) {
    const tab = text.indexOf('\t', at);
    const to = tab < 0 || tab > end ? end : tab;
    cells.push({ start: at, end: to });
    at = to + 1;
  }
  return cells;
}

const AROUND = 48;

/** The line in which something was found, cut to what is around it. */
export function lineAround(mail: Mail, place: Place): [before: string, quote: string, after: string] {
  const text = mail[place.in];
  const from = text.lastIndexOf('\n', place.start - 1) + 1;
  const end = text.indexOf('\n', place.end);
  const before = text.slice(from, place.start).trimStart();
  const after = text.slice(place.end, end < 0 ? undefined : end).trimEnd();
  return [
    before.length > AROUND ? `…${before.slice(-AROUND)}` : before,
    place.quote,
    after.length > AROUND ? `${after.slice(0, AROUND)}…` : after,
  ];
}
