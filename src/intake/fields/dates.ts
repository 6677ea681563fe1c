// Finds days in a text, numeric ones by the order that the mail's country uses, those with a month's name in several languages.
// Its main entry loads every language there is, which would be a tenth of a hub's start.
import { Chrono, configuration } from 'chrono-node/en';
import { allMatches } from './clause.js';
import type { Locale } from './locale.js';

export interface FoundDate {
  /** `YYYY-MM-DD`. */
  day: string;
  at: number;
  end: number;
}

const STRICT = {
  mdy: new Chrono(configuration.createConfiguration(true, false)),
  dmy: new Chrono(configuration.createConfiguration(true, true)),
};

// January to December in German, French, Dutch, Spanish, Italian, Portuguese, Swedish, Danish.
const MONTHS = [
  'januar janvier januari enero gennaio janeiro jänner',
  'februar février februari febrero febbraio fevereiro',
  'märz mars maart marzo março marts',
  'avril abril aprile',
  'mai mei mayo maggio maio maj',
  'juni juin junio giugno junho',
  'juli juillet julio luglio julho',
  'août augustus agosto augusti',
  'septembre septiembre settembre setembro',
  'oktober octobre octubre ottobre outubro',
  'novembre noviembre novembro',
  'dezember décembre diciembre dicembre dezembro december',
];
const MONTH_OF = new Map(MONTHS.flatMap((names, i) => names.split(' ').map((name) => [name, i + 1] as const)));
const FOREIGN = new RegExp(
  `(?<!\\d)(\\d{1,2})(?:\\.|er|º|°)? (?:de |d['’])?(${[...MONTH_OF.keys()].join('|')}) (?:de |del )?(20\\d{2})(?!\\d)`,
  'giu',
);
/** What the strict parser takes for a day although it names none: spans of time, fractions, `24/7`. */
const NO_DAY = /\b(?:ago|within|later|hence|next|last|days?|weeks?|months?|years?|from now)\b|^\d{1,2}[/.-]\d{1,2}$/i;

/** Every day that the parser knows has a month's name or numbers with a mark between them; without, it need not be asked. */
const MAYBE_DAY = /\d[/.-]\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;

/** Characters of a text that are searched. */
const MAX_TEXT = 1000;

/**
 * All days in a short text, in their order; of a span (`1 July 2026 to 1 July 2027`) its first. A day whose order of numbers is not known
 * is left out, as is one without a year unless `receivedAt` tells which is the next such day.
 */
export function findDates(text: string, order: Locale['order'], receivedAt: Date | null): FoundDate[] {
  if (!/\d/.test(text)) return [];
  const { searched, offsetOf } = searchable(text.slice(0, MAX_TEXT));
  return daysIn(searched, order, receivedAt).map(({ day, at, end }) => ({
    day,
    at: offsetOf(at),
    end: offsetOf(end - 1) + 1,
  }));
}

function daysIn(searched: string, order: Locale['order'], receivedAt: Date | null): FoundDate[] {
  const plain = plainDate(searched, order);
  if (plain) return [plain];
  const found = foreignDates(searched);
  if (!MAYBE_DAY.test(searched)) return found;
  const reference = { instant: receivedAt ?? new Date(0), timezone: 0 };
  for (const result of STRICT[order ?? 'dmy'].parse(searched, reference, { forwardDate: true })) {
    const { start, text: matched, index } = result;
    if (!start.isCertain('day') || !start.isCertain('month') || NO_DAY.test(matched)) continue;
    if (!start.isCertain('year') && receivedAt === null) continue;
    if (order === null && isAmbiguous(matched)) continue;
    const day = toDay(start.get('year') ?? 0, start.get('month') ?? 0, start.get('day') ?? 0);
    if (day !== null) found.push({ day, at: index, end: index + matched.length });
  }
  return found.sort((a, b) => a.at - b.at);
}

/** What the parser does not know: blanks around the slashes, as forms have them, and `the 1st day of`. */
const CUT = / (?:(?<=\d )(?=[/.] \d)|(?<=\d [/.] )(?=\d)|(?<=\b\d{1,2}(?:st|nd|rd|th) )day(?= of\b))/gi;

/** The text as the parser is to see it, with the way back from its characters to those of the text. */
function searchable(text: string): { searched: string; offsetOf: (at: number) => number } {
  const cuts: { at: number; length: number }[] = [];
  const searched = text.replace(CUT, (cut: string, at: number) => {
    cuts.push({ at, length: cut.length });
    return '';
  });
  return {
    // `from 1` would be taken for an hour.
    searched: searched.replace(/\bfrom (?=\d)/gi, 'date '),
    offsetOf: (at) => cuts.reduce((place, cut) => (cut.at <= place ? place + cut.length : place), at),
  };
}

const ENGLISH =
  'january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const ENGLISH_MONTHS = ENGLISH.split('|');
const PLAIN_ISO = /^\s*(20\d{2})-(\d{2})-(\d{2})\s*$/;
const PLAIN_NUMBERS = /^\s*(\d{1,2})([/.-])(\d{1,2})\2(20\d{2})\s*$/;
const PLAIN_NAME = new RegExp(`^\\s*(\\d{1,2})(?:st|nd|rd|th)? (${ENGLISH}) (20\\d{2})\\s*$`, 'i');

/** A text that is a day and nothing else, as values of forms mostly are: the parser takes a hundred times as long to say the same. */
function plainDate(text: string, order: Locale['order']): FoundDate | null {
  const day = plainDay(text, order);
  return day === null ? null : { day, at: text.search(/\S/), end: text.trimEnd().length };
}

function plainDay(text: string, order: Locale['order']): string | null {
  const iso = PLAIN_ISO.exec(text);
  if (iso) return toDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const named = PLAIN_NAME.exec(text);
  if (named) {
    const month = (ENGLISH_MONTHS.indexOf((named[2] as string).toLowerCase()) % 12) + 1;
    return toDay(Number(named[3]), month, Number(named[1]));
  }
  const numbers = order === null ? null : PLAIN_NUMBERS.exec(text);
  if (!numbers) return null;
  const [first, second] = [Number(numbers[1]), Number(numbers[3])];
  return order === 'mdy' ? toDay(Number(numbers[4]), first, second) : toDay(Number(numbers[4]), second, first);
}

function foreignDates(text: string): FoundDate[] {
  return allMatches(text, FOREIGN).flatMap((match) => {
    const day = toDay(Number(match[3]), MONTH_OF.get((match[2] as string).toLowerCase()) ?? 0, Number(match[1]));
    return day === null ? [] : [{ day, at: match.index, end: match.index + match[0].length }];
  });
}

/** `03/04/2026`: two numbers that may each be the month. */
function isAmbiguous(matched: string): boolean {
  const numbers = /(?:^|[^\d])(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}/.exec(matched);
  return numbers !== null && Number(numbers[1]) <= 12 && Number(numbers[2]) <= 12 && numbers[1] !== numbers[2];
}

function toDay(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = year >= 1900 && year < 2200 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const twoDigits = (part: number): string => String(part).padStart(2, '0');
  return real ? `${year}-${twoDigits(month)}-${twoDigits(day)}` : null;
}
