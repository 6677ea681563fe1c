// Undoes what connectors, templates and mail headers do to text and bytes on their way to the hub.

const CONTROL = /[^\P{Control}\t\n\r]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Text that MongoDB and JSON can hold: lone surrogates become U+FFFD, control characters other than tab and line ends go. */
export function cleanText(text: string): string {
  return text.replace(CONTROL, '').replace(LONE_SURROGATE, '\uFFFD');
}

/** One clean line of at most `max` characters. */
export function cleanLine(text: string, max: number): string {
  // Cut twice: first so that hostile lengths cost nothing, then to the bound.
  const line = cleanText(text.slice(0, 4 * max))
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= max ? line : cleanText(line.slice(0, max)).trim();
}

/** Turn the direction of what follows: with them `…fdp.exe` shows as `…exe.pdf`. */
const TURNING = /\p{Bidi_Control}/gu;
/** Show nothing and mean nothing. A joiner does, in emoji and in words that are not Latin. */
const UNSEEN =
  /[\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff]|(?<![\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}]|(?!\p{Script=Latin})\p{L})[\u200c\u200d]/gu;
const NOTHING_SEEN = /^[\p{Default_Ignorable_Code_Point}\u2800\s]*$/u;

/** One clean line that shows what it says, in its own order; empty when there is nothing to see. */
export function cleanName(text: string, max: number): string {
  const name = cleanLine(
    text
      .slice(0, 8 * max)
      .replace(TURNING, '')
      .replace(UNSEEN, ''),
    max,
  );
  return NOTHING_SEEN.test(name) ? '' : name;
}

/** Undoes URL encoding when the whole text is in it: no white space, and each `%` starts an escape. Else returns the text as it is. */
export function decodePercent(text: string): string {
  if (!/%[0-9a-f]{2}/i.test(text) || /\s/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'));
  } catch {
    return text;
  }
}

/** Bytes of a base64 text, standard or URL-safe, in lines or as a `data:` URL; `null` for anything else. */
export function decodeBase64(text: string): Buffer | null {
  let encoded = text.trim();
  if (/^data:/i.test(encoded)) encoded = encoded.slice(encoded.indexOf(',') + 1);
  if (encoded.includes('%')) encoded = decodePercent(encoded.replaceAll('+', '%2B'));
  encoded = encoded.replace(/\s/g, '').replace(/={1,2}$/, '');
  if (/[^A-Za-z0-9+/_-]/.test(encoded) || encoded.length % 4 === 1) return null;
  return Buffer.from(encoded, 'base64');
}

/** Shorter texts are words more often than they are encoded. */
const MIN_ENCODED_TEXT = 16;

/** The text inside a base64 text; `null` when there is none, so that a body which merely looks encoded stays what it is. */
export function decodeBase64Text(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.length < MIN_ENCODED_TEXT || /[^A-Za-z0-9+/=\r\n_-]/.test(trimmed)) return null;
  const bytes = decodeBase64(trimmed);
  if (bytes === null) return null;
  const decoded = decodeBytes(bytes);
  // Prose has spaces and no control characters; a long word that happens to be valid base64 decodes to neither.
  return decoded !== null && /[\s<]/.test(decoded) && decoded.search(CONTROL) < 0 ? decoded : null;
}

function decodeBytes(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const text = new TextDecoder('windows-1252').decode(bytes);
    const plain = text.replace(/[^\x20-\x7e\s]/g, '');
    return plain.length >= text.length * 0.9 ? text : null;
  }
}

/** Undoes the encoded words of RFC 2047 (`=?utf-8?Q?Caf=C3=A9?=`); leaves alone what is not valid. */
export function decodeEncodedWords(text: string): string {
  if (!text.includes('=?')) return text;
  const joined = text.replace(/\?=\s{1,10}=\?/g, '?==?');
  return joined.replace(/=\?([\w-]{1,40})\?([bq])\?([^?\s]{0,1000})\?=/gi, (whole, charset, kind, data) => {
    try {
      return new TextDecoder(charset).decode(kind.toLowerCase() === 'b' ? Buffer.from(data, 'base64') : quoted(data));
    } catch {
      return whole;
    }
  });
}

function quoted(data: string): Buffer {
  const bytes = data
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}
