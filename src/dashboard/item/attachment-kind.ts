// What an attachment may be shown as. The sender wrote its name and type, so both must agree with its first bytes; whatever is
// no picture of dots and no PDF is never shown, only saved.
import type { Attachment } from './submission';

const TYPES = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
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
  }
}

/** `PDF`, `DOCX`; what has no ending is called by its type. */
export const kindWords = ({ name, content_type }: Attachment): string =>
  endingOf(name).toUpperCase() || content_type || 'File';
