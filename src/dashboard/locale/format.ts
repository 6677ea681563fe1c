// Money, dates and ages as the reader's own language writes them. Formatters are made once, and when they are first used: making one costs
// a hundred times its use.
import { parseMoney } from '@workitem-hub/client/money';

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const dates = (options: Intl.DateTimeFormatOptions) => once(() => new Intl.DateTimeFormat(undefined, options));
const day = dates({ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
/** Hours have a leading zero where a day has 24 of them: `09:05`, but `9:05 am`. */
const hour = (): '2-digit' | 'numeric' => (time().resolvedOptions().hour12 ? 'numeric' : '2-digit');
const moment = once(
  () => new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: hour(), minute: '2-digit' }),
);
const full = dates({ dateStyle: 'full', timeStyle: 'medium' });
const time = dates({ timeStyle: 'medium' });
const count = once(() => new Intl.NumberFormat());
const ALL_DIGITS = 20;
const compact = once(() => new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 2 }));
const compactInFull = once(
  () => new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: ALL_DIGITS }),
);
const inFull = once(() => new Intl.NumberFormat(undefined, { maximumFractionDigits: ALL_DIGITS }));
const moneys = new Map<string, Intl.NumberFormat>();

/** From here on a list shows no cents: there is no room for them, and an amount that is cut off would be another. */
const ROUND_FROM = 100_000;

/** An amount as the wire carries it; what is none stays as it is. `rounded` for lists. */
export function formatAmount(text: string, rounded = false): string {
  const money = parseMoney(text);
  if (!money) return text;
  const { currency, amount } = money;
  const digits = Number.isInteger(amount) || (rounded && amount >= ROUND_FROM) ? 0 : 2;
  const key = currency + digits;
  let format = moneys.get(key);
  if (!format) {
    format = new Intl.NumberFormat(undefined, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    moneys.set(key, format);
  }
  return format.format(amount);
}

/** A day as `YYYY-MM-DD`. It is the same day everywhere. */
export function formatDay(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : day().format(at);
}

export const formatMoment = (iso: string): string => moment().format(Date.parse(iso));
export const formatFully = (iso: string): string => full().format(Date.parse(iso));
export const formatTime = (at: number): string => time().format(at);

const sizes = once(() =>
  (['byte', 'kilobyte', 'megabyte'] as const).map(
    (unit) =>
      new Intl.NumberFormat(undefined, {
        style: 'unit',
        unit,
        unitDisplay: unit === 'byte' ? 'long' : 'short',
        maximumFractionDigits: unit === 'megabyte' ? 1 : 0,
      }),
  ),
);

/** `850 bytes`, `48 kB`, `2.4 MB`. */
export function formatSize(bytes: number): string {
  const step = bytes < 1_000 ? 0 : bytes < 999_500 ? 1 : 2;
  return (sizes()[step] as Intl.NumberFormat).format(bytes / 1_000 ** step);
}

export const formatCount = (number: number): string => count().format(number);

/** `1.5M` where that is all of it, else `1,234,567`. */
export function formatCompact(number: number): string {
  const short = compact().format(number);
  return short === compactInFull().format(number) ? short : inFull().format(number);
}

const letters = once(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));

/** As many letters as fit; what looks like one letter is not cut. */
export const formatShort = (text: string, most: number): string =>
  text.length > most
    ? `${text
        .slice(
          0,
          letters()
            .segment(text)
            .containing(most - 1)?.index,
        )
        .trimEnd()}…`
    : text;

const TURNS = /[\p{Bidi_Control}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Somebody else's words within a sentence of ours: they do not turn the rest of it round. */
export const isolated = (text: string): string => (TURNS.test(text) ? `\u2068${text}\u2069` : text);

const UNITS = [
  ['s', 1_000, 60],
  ['m', 60_000, 60],
  ['h', 3_600_000, 24],
  ['d', 86_400_000, Number.POSITIVE_INFINITY],
] as const;

/** `now`, `42s`, `7m`, `3h`, `12d`; a clock that is ahead of this one makes nothing younger than `now`. */
export function formatAge(iso: string, now: number): string {
  const ms = Math.max(0, now - Date.parse(iso));
  if (ms < 5_000) return 'now';
  for (const [unit, size, limit] of UNITS) if (ms / size < limit) return `${Math.floor(ms / size)}${unit}`;
  return '';
}
