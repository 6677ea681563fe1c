// Takes a forwarded or replied mail apart into the mails it is made of, by the header blocks that mail programs write.
// (email-forward-parser does it for more programs, but needs minutes for 64 kB of blank lines; this is linear.)
import type { Mailbox } from '../email-message.js';
import { NOBODY, parseMailbox } from '../mailbox.js';

/** One of the mails, the outermost first. */
export interface Part {
  /** Of the outermost the mail's own sender, else what the header block says. */
  from: Mailbox;
  to: Mailbox;
  subject: string | null;
  /** At least one. */
  lines: string[];
}

type Header = 'from' | 'date' | 'to' | 'cc' | 'subject';

// English, German, French, Dutch, Spanish, Italian, Portuguese, Swedish, Danish and Norwegian, Polish.
const HEADERS: Record<Header, string> = {
  from: 'from von de van da från fra od',
  date: 'sent date gesendet datum envoyé verzonden enviado fecha inviato data skickat sendt dato wysłano',
  to: 'to an à aan para a till til do',
  cc: 'cc kopie kopia bcc',
  subject: 'subject betreff objet onderwerp asunto oggetto assunto ämne emne temat',
};
const HEADER_OF = new Map(
  Object.entries(HEADERS).flatMap(([header, words]) => words.split(' ').map((word) => [word, header as Header])),
);

const HEADER_LINE = /^[>\s*_]{0,8}(\p{L}{1,10})\s{0,2}:[*_]{0,2}\s{0,4}(.{0,400})/u;
const SEPARATOR = /^[>\s]{0,4}(?:[-_*]{5,}|-{2,}.{3,60}-{2,}|begin forwarded message:|.{0,30}wrote:)$/i;
const REPLY =
  /^[>\s]{0,4}(?:on|am|le|op|el|il|em|den)\s.{5,250}(?:wrote|schrieb|écrit|schreef|escribió|ha scritto|escreveu|skrev)\s?:$/i;
/** Mails within mails that are looked at. */
const MAX_PARTS = 10;
/** Lines that a header block may take. */
const MAX_BLOCK = 12;

/** The parts of a text, given as its lines; one when nothing was forwarded or quoted. */
export function splitForwards(lines: readonly string[], sender: Mailbox): Part[] {
  const parts: Part[] = [{ from: sender, to: NOBODY, subject: null, lines: [] }];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const block = parts.length < MAX_PARTS ? headerBlock(lines, i) : null;
    if (block) {
      const mailbox = (header: Header) => parseMailbox(block.values.get(header) ?? '');
      parts.push({ from: mailbox('from'), to: mailbox('to'), subject: block.values.get('subject') ?? null, lines: [] });
      i = block.end;
    } else if (parts.length < MAX_PARTS && line.endsWith(':') && REPLY.test(line)) {
      parts.push({ from: parseMailbox(authorOf(line)), to: NOBODY, subject: null, lines: [] });
    } else parts.at(-1)?.lines.push(parts.length > 1 ? withoutQuoteMarks(line) : line);
  }
  for (const part of parts) part.lines = withoutSeparators(part.lines);
  return parts;
}

export function withoutQuoteMarks(line: string): string {
  return line.replace(/^(?:>\s?){1,10}/, '');
}

/** The block that starts at a line with the sender; at least two other headers make it one, one of them date or subject. */
function headerBlock(lines: readonly string[], start: number): { values: Map<Header, string>; end: number } | null {
  const first = headerOf(lines[start] as string);
  if (first?.header !== 'from' || first.value === '') return null;
  const values = new Map<Header, string>([['from', first.value]]);
  let end = start;
  for (let i = start + 1; i < Math.min(lines.length, start + MAX_BLOCK); i++) {
    const line = lines[i] as string;
    const next = headerOf(line);
    if (next && !values.has(next.header)) {
      values.set(next.header, next.value);
      end = i;
    } else if (next?.header === 'from' || (line.trim() === '' && values.size > 2)) break;
  }
  return values.size >= 3 && (values.has('date') || values.has('subject')) ? { values, end } : null;
}

function headerOf(line: string): { header: Header; value: string } | null {
  if (!line.includes(':')) return null;
  const match = HEADER_LINE.exec(line.slice(0, 500));
  const header = match && HEADER_OF.get((match[1] as string).toLowerCase());
  return header ? { header, value: (match[2] as string).trim() } : null;
}

/** `On Mon, 3 Nov 2025 at 10:12, Jane Roe <jane@x.example> wrote:` is by Jane Roe. */
function authorOf(line: string): string {
  const address = /[^\s<>]{1,64}@[^\s<>:]{1,255}/.exec(line.slice(0, 300));
  return address?.[0] ?? '';
}

function withoutSeparators(lines: string[]): string[] {
  let end = lines.length;
  while (end > 0 && (lines[end - 1]?.trim() === '' || SEPARATOR.test(lines[end - 1] as string))) end--;
  return end === 0 ? [''] : lines.slice(0, end);
}
