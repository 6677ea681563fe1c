// What an attachment may be shown as. The sender wrote its name and type, so both must agree with its first bytes; whatever is
// no picture of dots, no PDF and no plain text is never shown, only saved.
import type { Attachment } from './submission';

const TYPES = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  txt: 'text/plain',
} as const;

export type ShownType = (typeof TYPES)[keyof typeof TYPES];
const SHOWN = new Set<string>(Object.values(TYPES));
/** How senders say that they do not know. */
const UNKNOWN = new Set(['', 'application/octet-stream', 'binary/octet-stream', 'application/x-download']);

const endingOf = (name: string): string => /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';

/** The type that an attachment may be shown as, going by what the sender says; `null` for none. */
export function shownType({ name, content_type }: Pick<Attachment, 'name' | 'content_type'>): ShownType | null {
  const said = content_type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const type = UNKNOWN.has(said)
    ? TYPES[endingOf(name) as keyof typeof TYPES]
    : said === 'image/jpg'
      ? TYPES.jpg
      : said;
  return type !== undefined && SHOWN.has(type) ? (type as ShownType) : null;
}

/** Whether bytes begin as those of this type do. */
export function beginsAs(type: ShownType, bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 1_024));
  switch (type) {
    case TYPES.pdf:
      // Readers take what stands before it.
      return head.includes('%PDF-');
    case TYPES.png:
      return head.startsWith('\x89PNG\r\n\x1a\n');
    case TYPES.jpg:
      return head.startsWith('\xff\xd8\xff');
    case TYPES.gif:
      return /^GIF8[79]a/.test(head);
    case TYPES.webp:
      return head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP';
    case TYPES.txt:
      return UTF_16.test(head) || !head.includes('\0');
  }
}

const UTF_16 = /^(?:\xff\xfe|\xfe\xff)/;
/** Bytes of a text that are shown: more would hold the page. */
const MOST_TEXT = 200_000;

/** Bytes as text, and how many of them are left out. Old mailers do not say how they write it: what is no UTF is Windows' own. */
export function textOf(bytes: Uint8Array): { text: string; left: number } {
  const part = bytes.subarray(0, MOST_TEXT);
  const left = bytes.length - part.length;
  // The last character may be cut through.
  const read = (encoding: string, fatal = false): string =>
    new TextDecoder(encoding, { fatal }).decode(part, { stream: left > 0 });
  if (part[0] === 0xff && part[1] === 0xfe) return { text: read('utf-16le'), left };
  if (part[0] === 0xfe && part[1] === 0xff) return { text: read('utf-16be'), left };
  try {
    return { text: read('utf-8', true), left };
  } catch {
    return { text: read('windows-1252'), left };
  }
}

/** `PDF`, `DOCX`; what has no ending is called by its type. */
export const kindWords = ({ name, content_type }: Attachment): string =>
  endingOf(name).toUpperCase() || content_type || 'File';
