// Guesses the country of a mail from what it is full of (currencies, company forms, spelling, domain), so that 03/04/2026 and `$`
// can be read as their writer meant them.

export interface Locale {
  /** Order of numeric dates; `null` when nothing tells. */
  order: 'mdy' | 'dmy' | null;
  /** ISO 4217 code that a bare `$` stands for. */
  dollar: string;
  /** Currency of amounts that have none; `null` when nothing tells. */
  currency: string | null;
}

interface Sign {
  pattern: RegExp;
  /** Positive for day before month, negative for month before day. */
  weight: number;
}

const SIGNS: Sign[] = [
  { pattern: /[£€]|\b(?:GBP|EUR|AUD|NZD|CHF|SEK|DKK|NOK|PLN|ZAR|INR|SGD)\b/, weight: 3 },
  { pattern: /\b(?:Pty|GmbH|AG|B\.?V\.|N\.V\.|S\.?A\.?R\.?L|S\.p\.A\.|S\.r\.l\.|ApS|Oy)(?!\w)/, weight: 3 },
  { pattern: /\b(?:Ltd|Limited|LLP|PLC|plc)\b/, weight: 1 },
  {
    pattern:
      /\b(?:enquir|authoris|organis|colour|favour|programme|whilst|turnover|sum insured|any one claim|inception|proposer)/i,
    weight: 1,
  },
  { pattern: /\+(?:44|61|64|353|49|33|31|34|39|32)\b|\b0\d{3} \d{3} \d{3,4}\b|\b0\d{2,4} \d{6,7}\b/, weight: 2 },
  // A number above 12 leaves no doubt, and a dot between the numbers hardly any.
  { pattern: /\b(?:1[3-9]|2\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:20)?\d{2}\b/, weight: 5 },
  { pattern: /\b\d{1,2}\.\d{1,2}\.20\d{2}\b/, weight: 2 },
  { pattern: /\b(?:0?[1-9]|1[0-2])[/-](?:1[3-9]|2\d|3[01])[/-](?:20)?\d{2}\b/, weight: -5 },
  { pattern: /\$/, weight: -1 },
  { pattern: /\bUSD\b/, weight: -1 },
  { pattern: /\b(?:LLC|L\.L\.C\.|Inc\.?|Corp\.?|Corporation)(?!\w)/, weight: -2 },
  {
    pattern:
      /\b(?:effective date|per occurrence|deductible|payroll|loss runs|workers.? comp|named insured|gross receipts|ACORD|DBA)\b/i,
    weight: -1,
  },
  { pattern: /\(\d{3}\) ?\d{3}-\d{4}|\b\d{3}[-.]\d{3}[-.]\d{4}\b/, weight: -2 },
  { pattern: /\b[A-Z]{2} \d{5}(?:-\d{4})?\b/, weight: -2 },
  { pattern: /\b(?:organiz|authoriz|color|favor|center)/i, weight: -1 },
];

const COUNTRY_OF: Record<string, { weight: number; dollar?: string; currency?: string }> = {
  uk: { weight: 4, currency: 'GBP' },
  au: { weight: 4, dollar: 'AUD', currency: 'AUD' },
  nz: { weight: 4, dollar: 'NZD', currency: 'NZD' },
  sg: { weight: 4, dollar: 'SGD', currency: 'SGD' },
  hk: { weight: 4, dollar: 'HKD', currency: 'HKD' },
  ca: { weight: 0, dollar: 'CAD', currency: 'CAD' },
  us: { weight: -4, currency: 'USD' },
  ...Object.fromEntries(
    'de fr nl be at it es pt ie fi eu gr lu'.split(' ').map((tld) => [tld, { weight: 4, currency: 'EUR' }]),
  ),
  ...Object.fromEntries('ch se dk no pl in za'.split(' ').map((tld) => [tld, { weight: 4 }])),
};

/** Linear in the text. `domain` is that of the sender's address. */
export function localeOf(text: string, domain: string | null): Locale {
  const country = COUNTRY_OF[domain?.split('.').at(-1) ?? ''];
  const weight = SIGNS.reduce(
    (sum, { pattern, weight: w }) => sum + (pattern.test(text) ? w : 0),
    country?.weight ?? 0,
  );
  const dollar = country?.dollar ?? dollarOf(text);
  return {
    order: weight > 0 ? 'dmy' : weight < 0 ? 'mdy' : null,
    dollar,
    currency: currencyOf(text, dollar) ?? country?.currency ?? null,
  };
}

/** Part of every sign that a dollar is not that of the USA; few mails have one. */
const OTHER_DOLLAR = /\b(?:AUD|NZD|CAD|SGD|Pty)\b|\b(?:A|NZ|CA?|S)\$|\+6[14]\b/;

function dollarOf(text: string): string {
  if (!OTHER_DOLLAR.test(text)) return 'USD';
  if (/\bAUD\b|\bA\$|\bPty\b|\+61\b/.test(text)) return 'AUD';
  if (/\bNZD\b|\bNZ\$|\+64\b/.test(text)) return 'NZD';
  if (/\bCAD\b|\bC\$|\bCA\$/.test(text)) return 'CAD';
  if (/\bSGD\b|\bS\$/.test(text)) return 'SGD';
  return 'USD';
}

/** The one currency that a mail speaks of. */
function currencyOf(text: string, dollar: string): string | null {
  const found = new Set<string>();
  if (text.includes('£')) found.add('GBP');
  if (text.includes('€')) found.add('EUR');
  if (text.includes('$')) found.add(dollar);
  for (const [code] of text.matchAll(/\b(?:USD|GBP|EUR|AUD|NZD|CAD|CHF|SEK|DKK|NOK|SGD|HKD|ZAR)\b/g)) found.add(code);
  return found.size === 1 ? ([...found][0] as string) : null;
}
