// Where a stored mail says what was read out of it, so that a reader can see it at a glance and judge it. Found anew at each
// reading: mails stored at any time have it, and intake has no work with it.
import type { ExtractedFields } from '@workitem-hub/client/contract';
import { parseMoney } from '@workitem-hub/client/money';
import type { EmailMessage } from './email-message.js';
import { chooseFields, type ChosenFields } from './fields.js';
import type { Candidate } from './fields/candidate.js';
import { withSharedScale } from './fields/coverage-amount.js';
import { findDates } from './fields/dates.js';
import { findMoney } from './fields/money.js';
import { findPolicyTypes } from './fields/policy-types.js';
import { MAX_LINES, MAX_TEXT, plainLine, type Reading, readMail } from './fields/reading.js';

/** One place: `quote` is what stands there, from `start` to before `end`, in UTF-16 code units. */
export interface Place {
  in: 'body_text' | 'subject';
  start: number;
  end: number;
  quote: string;
}

/** For each field the place that it was taken from; absent where the mail does not show the value as such. */
export type Evidence = { [F in keyof ExtractedFields]?: Place };

/** What of a stored mail is looked at. */
export interface StoredMail {
  subject: string;
  body_text: string;
  from_email: string | null;
  /** ISO 8601. */
  received_at: string | null;
  extracted_fields: ExtractedFields;
}

/** Where in a line a value stands; each finds the value itself, in any of the ways to write it. */
type Finder = (line: string) => { at: number; end: number } | null;

/** Lines that may be searched for a day: the parser of days takes long. */
const DAY_LINES = 20;

/** Mails whose places are remembered; a mail never changes once it is stored. */
const REMEMBERED = 500;

/** {@link evidenceOf}, which for a hostile mail takes as long as the extraction: so it is done once for those read of late. */
export function createEvidence(): (mail: StoredMail & { submission_ref: string }) => Evidence {
  const known = new Map<string, Evidence>();
  return (mail) => {
    const ref = mail.submission_ref;
    const evidence = known.get(ref) ?? evidenceOf(mail);
    known.delete(ref);
    known.set(ref, evidence);
    const [oldest] = known.keys();
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
    return evidence;
  };
}

/** Bounded as the extraction is: only the first 64,000 characters are looked at. */
export function evidenceOf(mail: StoredMail): Evidence {
  const reading = readMail(messageOf(mail));
  const chosen = chooseFields(reading);
  const lines = mail.body_text.slice(0, MAX_TEXT).split('\n', MAX_LINES);
  const evidence: Evidence = {};
  for (const [field, value] of Object.entries(mail.extracted_fields) as [keyof ExtractedFields, string | null][]) {
    const find = value === null ? null : finderOf(field, value, mail);
    const place = find && placeOf(mail, lines, find, reading, chosen[field]);
    if (place) evidence[field] = place;
  }
  return evidence;
}

/** Who the mail was to is not stored, so another part of a chain may be read: then the value is searched from the top. */
function messageOf({ subject, body_text, from_email, received_at }: StoredMail): EmailMessage {
  return {
    subject,
    from: { address: from_email, name: null },
    to: [],
    receivedAt: received_at === null ? null : new Date(received_at),
    internetMessageId: null,
    messageId: null,
    bodyText: body_text,
    bodyHtml: null,
    attachments: [],
  };
}

function placeOf(
  mail: StoredMail,
  lines: readonly string[],
  find: Finder,
  reading: Reading,
  chosen: ChosenFields[keyof ChosenFields],
): Place | null {
  const inSubject = (): Place | null => {
    const found = find(mail.subject);
    return found && place('subject', mail.subject, found.at, found.end);
  };
  const inBody = (): Place | null => {
    const from = chosen ? lineOf(lines, reading, chosen) : 0;
    // A value may stand in the row below its label.
    const order = [...lines.keys()];
    for (const index of [...order.slice(from), ...order.slice(0, from)]) {
      const found = find(lines[index] as string);
      if (!found) continue;
      const start = lines.slice(0, index).reduce((at, line) => at + line.length + 1, 0);
      return place('body_text', mail.body_text, start + found.at, start + found.end);
    }
    return null;
  };
  return chosen?.source === 'subject' ? (inSubject() ?? inBody()) : (inBody() ?? inSubject());
}

function place(where: Place['in'], text: string, from: number, to: number): Place {
  const quote = text.slice(from, to).trim();
  // The parser of days takes a blank along.
  const start = text.indexOf(quote, from);
  return { in: where, start, end: start + quote.length, quote };
}

/** Index of the line that a candidate was found in; the first when it cannot be told. */
function lineOf(lines: readonly string[], { text }: Reading, { at, source }: Candidate<unknown>): number {
  if (source === 'subject') return 0;
  const end = text.indexOf('\n', at);
  const line = plainLine(text.slice(text.lastIndexOf('\n', at - 1) + 1, end < 0 ? undefined : end));
  return Math.max(
    0,
    lines.findIndex((one) => plainLine(one) === line),
  );
}

function finderOf(field: keyof ExtractedFields, value: string, mail: StoredMail): Finder | null {
  if (field === 'coverage_amount') return moneyFinder(value);
  if (field === 'effective_date') return dayFinder(value, mail.received_at);
  const words = wordsFinder(value);
  if (field !== 'policy_type') return words;
  return (line) => findPolicyTypes(line, true).find(({ name }) => name === value) ?? words?.(line) ?? null;
}

/** The words of a value, with any blanks or marks of bold text between them. */
function wordsFinder(value: string): Finder | null {
  const words = value.split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${escaped.join('[ \\t*_]{1,8}')}(?![\\p{L}\\p{N}])`, 'u');
  return (line) => {
    const found = pattern.exec(line);
    return found && { at: found.index, end: found.index + found[0].length };
  };
}

function moneyFinder(value: string): Finder | null {
  const money = parseMoney(value);
  if (money === null) return null;
  return (line) => {
    const amounts = /\d|illion|thousand/i.test(line) ? withSharedScale(findMoney(line, money.currency)) : [];
    const said = amounts.find(
      ({ currency, amount }) => amount === money.amount && (currency ?? money.currency) === money.currency,
    );
    return said ?? null;
  };
}

function dayFinder(value: string, receivedAt: string | null): Finder {
  const received = receivedAt === null ? null : new Date(receivedAt);
  const dayOfMonth = new RegExp(`(?<!\\d)0?${Number(value.slice(8))}(?!\\d)`);
  let budget = DAY_LINES;
  return (line) => {
    if (!dayOfMonth.test(line) || budget-- <= 0) return null;
    for (const order of ['dmy', 'mdy'] as const) {
      const says = (text: string) => findDates(text, order, received).find(({ day }) => day === value);
      const found = says(line);
      // What is a day only by the words around it shows nothing.
      if (found && says(line.slice(found.at, found.end))) return found;
    }
    return null;
  };
}
