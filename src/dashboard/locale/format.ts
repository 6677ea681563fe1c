// Money, dates and ages as the reader's own language writes them. Formatters are made once: making one costs a hundred times its use.
import { parseMoney } from '@workitem-hub/client/money';

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const MOMENT = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const COUNT = new Intl.NumberFormat();
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
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : DAY.format(time);
}

export const formatMoment = (iso: string): string => MOMENT.format(Date.parse(iso));
export const formatFully = (iso: string): string => FULL.format(Date.parse(iso));
export const formatTime = (time: number): string => TIME.format(time);

const SIZES = (['byte', 'kilobyte', 'megabyte'] as const).map(
  (unit) =>
    new Intl.NumberFormat(undefined, {
      style: 'unit',
      unit,
      unitDisplay: unit === 'byte' ? 'long' : 'short',
      maximumFractionDigits: unit === 'megabyte' ? 1 : 0,
    }),
);

/** `850 bytes`, `48 kB`, `2.4 MB`. */
export function formatSize(bytes: number): string {
  const step = bytes < 1_000 ? 0 : bytes < 999_500 ? 1 : 2;
  return (SIZES[step] as Intl.NumberFormat).format(bytes / 1_000 ** step);
}

export const formatCount = (count: number): string => COUNT.format(count);

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
