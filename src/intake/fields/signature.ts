// Tells where the signature of a mail begins: behind its closing words, else at its writer's name.
import type { Mailbox } from '../email-message.js';

const CLOSING =
  /^(?:(?:with|many|kind|kindest|best|warm|warmest|very|yours|most|my|and|thank you|thanks)[ ,]{1,2}){0,3}(?:kind |best |warm )?(?:regards|thanks|thank you|thx|cheers|sincerely|faithfully|truly|wishes|respectfully|cordially|rgds|br)(?: (?:and|&) (?:kind |best )?(?:regards|thanks))?(?: (?:in advance|again|so much|very much|for your (?:help|time|assistance)))?[\s,.!–-]{0,3}$/i;
const FOREIGN_CLOSING =
  /^(?:mit (?:freundlichen|besten|herzlichen) grüßen|freundliche grüße|beste grüße|viele grüße|cordialement|bien cordialement|bien à vous|sincères salutations|met vriendelijke groet(?:en)?|vriendelijke groet(?:en)?|hoogachtend|saludos(?: cordiales)?|un saludo|atentamente|cordiali saluti|distinti saluti|atenciosamente|cumprimentos|med vänlig hälsning|med vänliga hälsningar|med venlig hilsen|vennlig hilsen|z poważaniem)[\s,.!]{0,3}$/i;
const DELIMITER = /^(?:--|—|__+)\s?$/;
const MAX_CLOSING = 60;
/** Lines from the end in which a mail without closing words is searched for its writer's name. */
const MAX_SIGNATURE = 15;

/** Index of the signature's first line; the number of lines when there is none. */
export function signatureStart(lines: readonly string[], writer: Mailbox): number {
  const closing = lines.findLastIndex(isClosing);
  if (closing >= 0) return closing;
  const name = lines.findLastIndex((line, i) => i >= lines.length - MAX_SIGNATURE && isNameOf(line, writer));
  if (name >= 0) return name;
  return lastBlock(lines);
}

function isClosing(line: string): boolean {
  const text = line.trim();
  if (text.length > MAX_CLOSING) return false;
  return CLOSING.test(text) || FOREIGN_CLOSING.test(text) || DELIMITER.test(text);
}

/** Two or three words that are the writer's display name, or of which the address is made: `ptrujillo@` and Pilar Trujillo. */
export function isNameOf(line: string, { address, name }: Mailbox): boolean {
  const text = line.trim();
  if (text.length < 3 || text.length > 60) return false;
  if (name !== null && text.toLowerCase() === name.toLowerCase()) return true;
  const words = text.replace(/,.*$/, '').split(/\s+/);
  if (words.length < 2 || words.length > 4 || words.some((word) => !/^\p{Lu}[\p{L}'’.-]*$/u.test(word))) return false;
  const local = plain(address?.split('@')[0] ?? '');
  return words.some((word) => plain(word).length > 2 && local.includes(plain(word)));
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}

/** The last lines, when they are as short as those of a signature and follow a blank one. */
function lastBlock(lines: readonly string[]): number {
  let start = lines.length;
  while (start > 0 && lines[start - 1]?.trim() === '') start--;
  const end = start;
  while (start > 0 && lines[start - 1]?.trim() !== '') start--;
  const block = lines.slice(start, end);
  const alone = block.length === 1 && /^\p{Lu}[^\d]*$/u.test(block[0] as string);
  const signed = start > 0 && (alone || (block.length >= 2 && block.length <= 8));
  return signed &&
    block.every(
      (line) => line.length <= 70 && !/:\s|\t|[.!?]$/.test(line.replace(/\b(?:Inc|Ltd|Co|Corp|B\.V|N\.V|S\.A)\.$/, '')),
    )
    ? start
    : lines.length;
}
