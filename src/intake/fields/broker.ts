// Finds the brokerage that sends the mail: the company in the sender's signature, else what the mail says of itself. A domain is no name,
// so a mail that does not say has none.
import { domainOf } from '@workitem-hub/client/filter';
import type { Candidate, Search } from './candidate.js';
import { allMatches } from './clause.js';
import { findLegalNames, readName, trimName } from './company-name.js';
import { NOTHING } from './policy-type.js';
import type { Reading } from './reading.js';
import { isNameOf } from './signature.js';

const TRADE =
  /\b(?:insurance|insurances|assurances?|brokers?|broking|brokerage|agency|agencies|underwriting|risk|risks|reinsurance|wholesale|surety|versicherungs?\p{L}{0,20}|makler|assekuranz|courtage|courtiers?|assurantiën|verzekeringen|makelaars?|seguros|corredur[íi]a|assicurazioni|försäkring\p{L}{0,12}|forsikring\p{L}{0,12})(?!\p{L})/iu;
/** What people are, not what companies are called. */
const TITLE =
  /\b(?:executive|director|manager|producer|handler|consultant|adviser|advisor|specialist|associate|assistant|president|officer|head of|broker$|underwriter|account|senior|junior|vice|vp|csr|partner$|cic|cpcu|acii|dip|team)\b/i;
const NOT_A_NAME =
  /@|https?:|www\.|\b(?:tel|phone|mobile|fax|email|e-mail|office|direct|address|confidential|disclaimer|unsubscribe|sent from|iphone|android)\b|^\W*[tmdfe]\s?[:.]|\d{4,}/i;
const ADDRESS =
  /\b(?:street|road|avenue|lane|floor|level|suite|square|house|po box|strasse|straße|laan|straat|rue)\b|\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b|\b[A-Z]{2} \d{5}\b/i;
const MAX_NAME = 120;
const MAX_SIGNATURE_LINES = 15;

/** The highest score that the sender's name and the prose give. */
const UNSIGNED_MAX = 60;

export function* findBrokers(reading: Reading): Search {
  yield { found: [...fromSignature(reading), ...fromLabels(reading)], ceiling: UNSIGNED_MAX };
  yield { found: [...fromSender(reading), ...fromSignedLine(reading), ...fromProse(reading)], ceiling: 0 };
}

function fromSignature({ signature, sender }: Reading): Candidate[] {
  const host = hostOf(sender.address);
  return signature.slice(0, MAX_SIGNATURE_LINES).flatMap(({ text, at }) =>
    (text === '' ? [] : segments(text)).flatMap((segment, place) => {
      const name = companyIn(segment);
      if (name === null) return [];
      const own = matchesHost(name.name, host);
      const trade = TRADE.test(name.name);
      if (!name.legal && !(own || trade)) return [];
      const person = (TITLE.test(name.name) && !own) || (isNameOf(name.name, sender) && !trade);
      if (!name.legal && person) return [];
      const score = 40 + (name.legal ? 20 : 0) + (own ? 20 : 0) + (trade ? 15 : 0) - Math.min(place, 3);
      return [{ value: name.name, score, source: 'signature' as const, at }];
    }),
  );
}

/** The parts of a line of a signature: `Jane Roe, Account Executive | Acme Broking`. */
function segments(line: string): string[] {
  const text = line.replace(/^[\s*_>-]+|[*_]/g, '').slice(0, 300);
  const parts = text.split(/[|•·\t]| [-–—] /).map((part) => part.trim());
  return parts.flatMap((part) => {
    const at = /(?:, | at | of )(?=\p{Lu})/u.exec(part);
    const rest = at ? part.slice(at.index + at[0].length) : '';
    // What follows a name or a title; a company's own comma (`Agency, Inc.`) is part of it.
    return at && TITLE.test(part.slice(0, at.index)) && !readName(part, 0)?.legal ? [part, rest] : [part];
  });
}

function companyIn(segment: string): { name: string; legal: boolean } | null {
  if (segment.length < 3 || segment.length > 250 || NOT_A_NAME.test(segment.slice(0, MAX_NAME))) return null;
  const read = readName(segment, 0);
  // `X Ltd is authorised and regulated by …`, `X Ltd, Registered in England`
  if (read?.legal) return { name: read.name, legal: true };
  const inner = /\b(?:of|at|trading name of) /.test(segment) ? findLegalNames(segment)[0] : undefined;
  if (inner) return { name: inner.name, legal: true };
  if (segment.length > MAX_NAME || ADDRESS.test(segment) || /[.!?:]$/.test(segment) || !/^\p{Lu}/u.test(segment))
    return null;
  return { name: trimName(segment), legal: false };
}

function fromLabels({ pairs, sender }: Reading): Candidate[] {
  return pairs.flatMap(({ label, kinds, value, at }) => {
    if (!kinds.includes('broker') || value === '' || NOTHING.test(value) || isNameOf(value, sender)) return [];
    const read = readName(value, 0);
    const name = read?.legal
      ? read.name
      : trimName((value.split(/ \(|; | [-–—|] |\t/)[0] as string).slice(0, MAX_NAME));
    const firm = read?.legal || TRADE.test(name) || matchesHost(name, hostOf(sender.address));
    if (name.length < 2 || name.includes('@') || !/\p{L}/u.test(name)) return [];
    // A producer or an agent is a person as often as a firm.
    if (!firm && /producer|agent|submitted/i.test(label)) return [];
    return [{ value: name, score: firm ? 98 : 60, source: 'label' as const, at }];
  });
}

/** `Jane Roe (Acme Brokers)`, `Acme Insurance Services`, `Roe, Jane - Acme Ltd` as the name beside the address. */
function fromSender({ sender }: Reading): Candidate[] {
  if (sender.name === null) return [];
  return sender.name.split(/[()|]| [-–—] | at |, /).flatMap((part) => {
    const name = trimName(part.trim());
    const legal = readName(name, 0)?.legal ?? false;
    const firm = (legal || TRADE.test(name)) && /\s/.test(name) && !TITLE.test(name);
    return firm ? [{ value: name, score: 55, source: 'signature' as const, at: 0 }] : [];
  });
}

const INTRODUCTION =
  /\b(?:i am|i'm|i’m|this is|my name is|we are|we're|we’re|writing from|here at|us at|all at|team at)\b/gi;

/** `This is Jane from Acme Insurance Brokers.` */
function fromProse({ body, sender }: Reading): Candidate[] {
  return body.slice(0, 40).flatMap(({ text, at }) =>
    allMatches(text, INTRODUCTION).flatMap(({ index, 0: words }) => {
      const from = index + words.length;
      const link =
        /^.{0,60}?\b(?:from|at|with|of|are|am) (?=\p{Lu})/u.exec(text.slice(from, from + 90)) ??
        /^ (?=\p{Lu})/u.exec(text.slice(from, from + 2));
      const name = link ? readName(text, from + link[0].length) : null;
      if (!name || !(TRADE.test(name.name) || matchesHost(name.name, hostOf(sender.address)))) return [];
      return [{ value: name.name, score: 50, source: 'prose' as const, at: at + index }];
    }),
  );
}

/** `Please log this, thanks. Jane Roe, Acme Brokers` in a note of one line. */
function fromSignedLine({ body, sender }: Reading): Candidate[] {
  if (!sender.name) return [];
  const opening = `${sender.name}, `;
  return body.flatMap(({ text, at }) => {
    const start = text.indexOf(opening);
    const name = start < 0 ? null : readName(text, start + opening.length);
    return name && (name.legal || TRADE.test(name.name))
      ? [{ value: name.name, score: 60, source: 'prose' as const, at }]
      : [];
  });
}

/** The part of a domain that its owner chose: `pellowstrand` of `mail.pellowstrand.co.uk`. */
function hostOf(address: string | null): string {
  const labels = (domainOf(address) ?? '')
    .split('.')
    .filter((label) => !/^(?:com|co|org|net|example|mail|uk|au|nz|gov|ac|test|[a-z]{2})$/.test(label));
  return plain(labels.at(-1) ?? '');
}

/** Whether a name and a domain are about the same firm: one holds the other's letters, or the initials of its words. */
function matchesHost(name: string, host: string): boolean {
  if (host.length < 3 || FREE_MAIL.has(host)) return false;
  if (plain(name).includes(host)) return true;
  if (name.includes('&') && plain(name.replaceAll('&', 'and')).includes(host)) return true;
  const first = plain(/^\S*/.exec(name)?.[0] ?? '');
  return first.length > 3 && host.startsWith(first);
}

const FREE_MAIL = new Set([
  'gmail',
  'googlemail',
  'outlook',
  'hotmail',
  'yahoo',
  'icloud',
  'aol',
  'gmx',
  'web',
  'live',
  'proton',
  'protonmail',
]);

function plain(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '');
}
