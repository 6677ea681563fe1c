// Prepares a mail for the extraction: whose words count, which lines are the signature, and in what country it was written.
import { domainOf } from '@workitem-hub/client/filter';
import type { EmailMessage, Mailbox } from '../email-message.js';
import { cleanText } from '../encoding.js';
import { type Part, splitForwards, withoutQuoteMarks } from './forwards.js';
import { findPairs, type LabelledValue, type Line } from './labels.js';
import { type Locale, localeOf } from './locale.js';
import { signatureStart } from './signature.js';

/** A mail as the finders see it. */
export interface Reading {
  /** Without `Re:` and `FW:`. */
  subject: string;
  /** Who first sent it to the hub's people: the broker. */
  sender: Mailbox;
  /** The words of the sender, and of what they forward; at most 1,000 lines of at most 1,000 characters, 64,000 in all. */
  text: string;
  /** The lines of `text` without the sender's signature. */
  body: Line[];
  /** The sender's signature, if it can be told. */
  signature: Line[];
  /** Labelled values in the body. */
  pairs: LabelledValue[];
  locale: Locale;
  /** When it was received: a day without a year is the next one after. */
  receivedAt: Date | null;
}

/** Characters and lines of a text that are read. */
export const MAX_TEXT = 64_000;
const MAX_LINE = 1000;
export const MAX_LINES = 1000;

/** Pure and bounded: a mail of any size is read in some milliseconds. */
export function readMail(message: EmailMessage): Reading {
  const parts = splitForwards(boundedLines(message.bodyText), message.from);
  const origin = originOf(parts, message);
  const own = parts[origin] as Part;
  const signedAt = signatureStart(own.lines, own.from);
  const texts = parts.slice(origin).flatMap((part) => part.lines);
  const text = texts.join('\n');
  const lines = linesOf(texts);
  const body = [...lines.slice(0, signedAt), ...lines.slice(own.lines.length)];
  const subject = (own.subject ?? message.subject).slice(0, 998);
  return {
    subject: withoutPrefixes(subject),
    sender: own.from,
    text,
    body,
    signature: lines.slice(signedAt, own.lines.length),
    pairs: findPairs(body),
    locale: localeOf(`${subject}\n${text}`, domainOf(own.from.address)),
    receivedAt: message.receivedAt,
  };
}

function boundedLines(text: string): string[] {
  const lines = text.slice(0, MAX_TEXT).split('\n', MAX_LINES);
  const bounded = lines.map((line) => line.slice(0, MAX_LINE).trimEnd()).join('\n');
  // Gaps of three blanks may separate columns; longer ones say no more.
  return cleanText(bounded.replace(/ {4,}/g, '   ')).split('\n');
}

/** A line of a mail as it stands in a reading, without the marks of quoted text before it. */
export function plainLine(line: string): string {
  return withoutQuoteMarks(boundedLines(line)[0] as string);
}

/** With the offset that each has when they are joined. */
function linesOf(texts: readonly string[]): Line[] {
  let at = 0;
  return texts.map((text) => {
    const start = at;
    at += text.length + 1;
    return { text, at: start };
  });
}

/**
 * Which part the broker wrote. Colleagues of those addressed only pass mails on, so the first part from outside counts. Without
 * recipients, a subject that says "forwarded" tells the same of a sender from another domain than the next part's.
 */
function originOf(parts: readonly Part[], message: EmailMessage): number {
  const inside = new Set(
    (message.to ?? []).map(({ address }) => domainOf(address)).filter((domain) => domain !== null),
  );
  const forwarded = /^\s{0,4}(?:fwd?|wg|tr|rv|i|enc|vs|doorst)\s?:/i.test(message.subject);
  let origin = 0;
  while (origin + 1 < parts.length) {
    const domain = domainOf((parts[origin] as Part).from.address);
    const next = domainOf((parts[origin + 1] as Part).from.address);
    const passedOn =
      domain !== null && (inside.size > 0 ? inside.has(domain) : forwarded && origin === 0 && next !== domain);
    // A reply to one's own colleagues quotes them: the newest words are still the ones that count.
    if (!passedOn || next === null || (inside.size === 0 && next === domain)) break;
    origin++;
  }
  const found = parts[origin] as Part;
  return origin > 0 && inside.has(domainOf(found.from.address) ?? '') ? 0 : origin;
}

const PREFIX =
  /^\s{0,4}(?:re|fwd?|aw|wg|tr|rv|sv|vs|antw|external|ext)\s?(?:\[\d{1,3}\])?\s?:|^\s{0,4}\[[^\]]{1,30}\]/i;

function withoutPrefixes(subject: string): string {
  let rest = subject;
  for (let round = 0; round < 10 && PREFIX.test(rest); round++) rest = rest.replace(PREFIX, '');
  return rest.trim();
}
