// The columns of the table: what they are called, how wide they are, how they are sorted.
import type { Item, ItemOrder } from '@workitem-hub/client';
import { newestFirst } from '@workitem-hub/client';
import { type Money, parseMoney } from '@workitem-hub/client/money';
import { asObject, createStored } from '../notices/stored';

export interface Column {
  name: string;
  words: string;
  /** Pixels. */
  width: number;
  /** Takes a share of the room that is left. */
  grows?: number;
  /** Stands at the right, digits under digits. */
  numeric?: boolean;
  /** Where there is little room, those with the highest go first, of equals the last; 0 stays. */
  goes: number;
  shown: boolean;
  /** Items of one stand together, A to Z in either direction: keys of different ones do not compare. */
  group?: (item: Item) => string | null;
  /** How it is sorted, where that does not go without saying. */
  told?: string;
  /** Smallest first; `null` is last in either direction. */
  key: (item: Item) => string | number | null;
}

const limits = new Map<string, Money | null>();

/** An item's limit; a table of ten thousand rows asks for the same few again and again. */
function limitOf({ extracted_fields }: Item): Money | null {
  const text = extracted_fields.coverage_amount;
  if (text === null) return null;
  let limit = limits.get(text);
  if (limit === undefined) {
    limit = parseMoney(text);
    if (limits.size > 5_000) limits.clear();
    limits.set(text, limit);
  }
  return limit;
}

export const COLUMNS = [
  {
    name: 'insured',
    words: 'Insured',
    width: 220,
    grows: 3,
    goes: 0,
    shown: true,
    key: (item) => item.extracted_fields.insured_name || item.subject || null,
  },
  {
    name: 'class',
    words: 'Class',
    width: 150,
    grows: 1,
    goes: 3,
    shown: true,
    key: (item) => item.extracted_fields.policy_type,
  },
  {
    name: 'limit',
    words: 'Limit',
    width: 126,
    numeric: true,
    goes: 2,
    shown: true,
    // Nobody here knows what one currency is worth in another.
    group: (item) => limitOf(item)?.currency ?? null,
    told: 'Sorted by amount within each currency',
    key: (item) => limitOf(item)?.amount ?? null,
  },
  {
    name: 'effective',
    words: 'Effective',
    width: 108,
    numeric: true,
    goes: 5,
    shown: true,
    key: (item) => item.extracted_fields.effective_date,
  },
  {
    name: 'broker',
    words: 'Broker',
    width: 190,
    grows: 1,
    goes: 4,
    shown: true,
    key: (item) => item.extracted_fields.broker ?? item.from_email,
  },
  { name: 'status', words: 'Status', width: 108, goes: 1, shown: true, key: (item) => item.status },
  { name: 'with', words: 'With', width: 118, goes: 3, shown: true, key: (item) => item.assigned_to },
  { name: 'team', words: 'Team', width: 96, goes: 6, shown: true, key: (item) => item.team },
  {
    name: 'age',
    words: 'Age',
    width: 56,
    numeric: true,
    goes: 0,
    shown: true,
    key: (item) => -Date.parse(item.created_at),
  },
  {
    name: 'received',
    words: 'Received',
    width: 128,
    numeric: true,
    goes: 8,
    shown: false,
    key: (item) => item.created_at,
  },
  { name: 'id', words: 'No.', width: 68, numeric: true, goes: 7, shown: true, key: (item) => item.id },
] as const satisfies readonly Column[];

export type ColumnName = (typeof COLUMNS)[number]['name'];
export const isColumn = (name: string): name is ColumnName => COLUMNS.some((one) => one.name === name);
export const columnOf = (name: ColumnName): Column => COLUMNS.find((one) => one.name === name) as Column;

/** What a person made of the columns, in this browser. */
export interface ColumnChoice {
  /** Pixels, of those that were drawn wider or narrower. */
  widths: Partial<Record<ColumnName, number>>;
  /** Against what is usual. */
  shown: Partial<Record<ColumnName, boolean>>;
}

export const MIN_WIDTH = 48;
export const MAX_WIDTH = 900;

export const columnChoice = createStored<ColumnChoice>('columns', (found) => {
  const { widths, shown } = asObject(found);
  const isWidth = (width: unknown): boolean => typeof width === 'number' && width >= MIN_WIDTH && width <= MAX_WIDTH;
  return {
    widths: ofColumns(widths, isWidth),
    shown: ofColumns(shown, (one) => typeof one === 'boolean'),
  };
});

/** What was found about columns that there are. */
function ofColumns<V>(found: unknown, fits: (value: unknown) => boolean): Partial<Record<ColumnName, V>> {
  const entries = Object.entries(asObject(found)).filter(([name, value]) => isColumn(name) && fits(value));
  return Object.fromEntries(entries) as Partial<Record<ColumnName, V>>;
}

const CHECK_WIDTH = 34;

/** What the subject takes beside the name, some 16 letters. */
const SUBJECT_WIDTH = 120;

/**
 * The columns that there is room for, in their order.
 * @param beside whether an item is open there: then others go before the subject is cut to a letter
 */
export function columnsFor(choice: ColumnChoice, room: number, beside: boolean): Column[] {
  const all: readonly Column[] = COLUMNS;
  const chosen = all
    .filter(({ name, shown }) => choice.shown[name as ColumnName] ?? shown)
    .map((one) => {
      const width = choice.widths[one.name as ColumnName];
      // What somebody has drawn stays as wide as they drew it.
      return width === undefined ? one : { ...one, width, grows: 0 };
    });
  const fitting = fit(chosen, room);
  // Who has drawn the column as wide as they like it has it so.
  if (!beside || choice.widths.insured !== undefined) return fitting;
  return fit(fitting, room - SUBJECT_WIDTH);
}

/** Without those that go first, until the others have room. */
function fit(columns: Column[], room: number): Column[] {
  const total = columns.reduce((sum, { width }) => sum + width, CHECK_WIDTH);
  const first = Math.max(...columns.map(({ goes }) => goes));
  if (total <= room || !(first > 0)) return columns;
  const gone = columns.findLast(({ goes }) => goes === first);
  return fit(
    columns.filter((one) => one !== gone),
    room,
  );
}

/** As `grid-template-columns`, with the column of the check boxes. */
export const templateOf = (columns: readonly Column[]): string =>
  [
    `${CHECK_WIDTH}px`,
    ...columns.map(({ width, grows }) => (grows ? `minmax(${width}px, ${grows}fr)` : `${width}px`)),
  ].join(' ');

let collator: Intl.Collator | undefined;
/** Made when it is first used: most lists stand by the time. */
const compareWords = (a: string, b: string): number =>
  (collator ??= new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })).compare(a, b);
const orders = new Map<string, ItemOrder>();

/** The order by a column: the same function each time, as the lists of the client want it. */
export function orderOf(name: ColumnName, descending: boolean): ItemOrder {
  const id = `${name} ${descending}`;
  const existing = orders.get(id);
  if (existing) return existing;
  const made = id === 'received true' ? newestFirst : makeOrder(columnOf(name), descending ? -1 : 1);
  orders.set(id, made);
  return made;
}

function makeOrder({ key, group }: Column, sign: number): ItemOrder {
  return (a, b) => {
    const [one, other] = group ? [group(a), group(b)] : [null, null];
    if (one !== null && other !== null && one !== other) return one < other ? -1 : 1;
    const x = key(a);
    const y = key(b);
    if (x === y) return 0;
    if (x === null) return 1;
    if (y === null) return -1;
    return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : compareWords(String(x), String(y)));
  };
}
