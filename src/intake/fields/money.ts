// Finds amounts of money in a text, in the ways that people write them: `$1M`, `2MM`, `GBP 185,000`, `EUR 7.500.000`, `two million pounds`.
import type { Money } from '@workitem-hub/client/money';
import { allMatches } from './clause.js';

export interface FoundMoney {
  /** `null` for a bare number. */
  currency: string | null;
  amount: number;
  at: number;
  end: number;
}

const CODES = 'USD GBP EUR AUD NZD CAD CHF SEK DKK NOK PLN CZK HUF SGD HKD JPY CNY INR ZAR AED SAR ILS BRL MXN'.split(
  ' ',
);
const SIGNS: Record<string, string> = {
  US$: 'USD',
  U$S: 'USD',
  A$: 'AUD',
  AU$: 'AUD',
  C$: 'CAD',
  CA$: 'CAD',
  NZ$: 'NZD',
  S$: 'SGD',
  HK$: 'HKD',
  R$: 'BRL',
  '£': 'GBP',
  '€': 'EUR',
  '¥': 'JPY',
  '₹': 'INR',
};
const WORDS: [RegExp, string][] = [
  [/^(?:us|u\.s\.) dollars?$/, 'USD'],
  [/^australian dollars?$/, 'AUD'],
  [/^canadian dollars?$/, 'CAD'],
  [/^dollars?$/, '$'],
  [/^(?:pounds?(?: sterling)?|sterling)$/, 'GBP'],
  [/^euros?$/, 'EUR'],
];
const SCALES: [RegExp, number][] = [
  [/^(?:k|thousand|thsd|tsd|mille|mila|duizend)$/, 1e3],
  [/^lakhs?$/, 1e5],
  [
    /^(?:m|mm|mn|mio|mil|mill|mln|million|millions|millionen|millones|millón|millió|milioni|milione|milhões|milhão|miljoen|miljoner)$/,
    1e6,
  ],
  [/^crores?$/, 1e7],
  [/^(?:b|bn|billion|milliarden|mrd)$/, 1e9],
];
const SCALE_WORDS =
  'thousand|thsd|tsd|mille|mila|duizend|lakhs?|millionen|millones|millón|millions?|milioni|milione|milhões|milhão|miljoen|miljoner|million|mill|mio|mln|mil|mm|mn|crores?|billion|milliarden|mrd|bn|[kmb]';
const CURRENCY_WORDS = `us dollars?|u\\.s\\. dollars?|australian dollars?|canadian dollars?|dollars?|pounds?(?: sterling)?|sterling|euros?`;
const SIGN = 'US\\$|U\\$S|AU\\$|NZ\\$|HK\\$|CA\\$|A\\$|C\\$|S\\$|R\\$|[$£€¥₹]';
const CODE = CODES.join('|');
const NUMBER = `\\d{1,3}(?:[.,'’ ]\\d{3}){1,5}(?!\\d)(?:[.,]\\d{1,2}(?!\\d))?|\\d{1,15}(?:[.,]\\d{1,3}(?!\\d))?`;

// Each part is bounded or starts with another character than the one before it, so a search is linear.
// Its groups: the sign or code before the number, the number, its scale, the currency behind it.
const AMOUNT = new RegExp(
  `(?<![\\p{L}\\d.,])(?:(${SIGN}|(?:${CODE})(?!\\p{L})) ?[$£€]? ?)?(?<![\\d])(${NUMBER})(?:[ -]?(${SCALE_WORDS})(?![\\p{L}\\d])\\.?)?(?: ?(${CODE}|${CURRENCY_WORDS}|[£€$](?! ?\\d))(?!\\p{L}))?`,
  'giu',
);
const SMALL: Record<string, number> = Object.fromEntries(
  'a one two three four five six seven eight nine ten eleven twelve fifteen twenty twenty-five thirty forty fifty seventy-five hundred'
    .split(' ')
    .map((word, i) => [word, [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 25, 30, 40, 50, 75, 100][i] as number]),
);
/** Its groups: the small number, `hundred`, the scale, the currency. */
const SPELLED = new RegExp(
  `(?<!\\p{L})(half a|${Object.keys(SMALL).join('|')})(?: (hundred))? (thousand|million|billion)(?: (${CURRENCY_WORDS}))(?!\\p{L})`,
  'giu',
);
/** Without one of these there is no amount in words, and telling that is quick. */
const SPELLED_SCALE = /thousand|million|billion/iu;

/**
 * All amounts of a text in their order. Bare numbers count only when they look like an amount: with a scale, or of four digits or more.
 * @param dollar ISO 4217 code that `$` stands for
 */
export function findMoney(text: string, dollar: string): FoundMoney[] {
  const found: FoundMoney[] = [];
  for (const match of /\d/.test(text) ? allMatches(text, AMOUNT) : []) {
    const [, pre, number = '', scale, post] = match;
    const digits = parseNumber(number, scale !== undefined);
    const bare = pre === undefined && post === undefined;
    if (bare && scale === undefined && !/^\d{1,3}(?:[.,'’ ]\d{3})+$|^\d{5,}$/.test(number)) continue;
    push(currencyOf(pre ?? post, dollar), digits * scaleOf(scale), match);
  }
  for (const match of SPELLED_SCALE.test(text) ? allMatches(text, SPELLED) : []) {
    const [, small = '', hundred, scale, post] = match;
    const count = small.toLowerCase() === 'half a' ? 0.5 : (SMALL[small.toLowerCase()] ?? 0);
    push(currencyOf(post, dollar), count * (hundred ? 100 : 1) * scaleOf(scale), match);
  }
  return found.sort((a, b) => a.at - b.at);

  function push(currency: string | null, amount: number, match: RegExpExecArray): void {
    if (amount > 0 && amount < 1e14)
      found.push({
        currency,
        amount: Math.round(amount * 100) / 100,
        at: match.index,
        end: match.index + match[0].length,
      });
  }
}

/** `null` when the currency is not known: an amount without one is not money. */
export function toMoney({ currency, amount }: FoundMoney, fallback: string | null): Money | null {
  const code = currency ?? fallback;
  return code === null ? null : { currency: code, amount };
}

function currencyOf(sign: string | undefined, dollar: string): string | null {
  if (sign === undefined) return null;
  const upper = sign.toUpperCase();
  if (CODES.includes(upper)) return upper;
  const word = WORDS.find(([pattern]) => pattern.test(sign.toLowerCase()))?.[1] ?? SIGNS[upper] ?? sign;
  return word === '$' ? dollar : word;
}

function scaleOf(scale: string | undefined): number {
  return SCALES.find(([pattern]) => pattern.test(scale?.toLowerCase() ?? ''))?.[1] ?? 1;
}

/** Reads digits whose `.` and `,` may separate thousands or decimals, by where they stand. */
function parseNumber(text: string, scaled: boolean): number {
  const plain = text.replace(/[ '’]/g, '');
  const last = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','));
  if (last < 0) return Number(plain);
  const separators = plain.replace(/\d/g, '');
  const behind = plain.length - last - 1;
  const mixed = separators.includes('.') && separators.includes(',');
  // `7.500.000` and `7,500` group; `1.234 million` and `7,5` do not.
  const decimal = mixed || (separators.length === 1 && (behind !== 3 || scaled));
  const whole = plain.slice(0, last).replace(/[.,]/g, '');
  return decimal ? Number(`${whole}.${plain.slice(last + 1)}`) : Number(plain.replace(/[.,]/g, ''));
}
