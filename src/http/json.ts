// Text of a body to a value, with the few refusals that JSON.parse does not make.
import { HubError } from '../errors.js';

const MAX_DEPTH = 64;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON value of UTF-8 bytes; a byte order mark is skipped.
 * @throws HubError `invalid` for other encodings, broken JSON, and more than 64 levels.
 */
export function parseJson(bytes: Uint8Array): unknown {
  assertShallow(bytes);
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (error) {
    // The parser's own message quotes the body.
    const message = error instanceof SyntaxError ? 'The body is not JSON.' : 'The body is not UTF-8.';
    throw new HubError('invalid', message);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Before parsing, since millions of levels cost the parser gigabytes. */
function assertShallow(bytes: Uint8Array): void {
  let depth = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === QUOTE) i = endOfString(bytes, i);
    else if (OPENING.has(byte) && ++depth > MAX_DEPTH) {
      throw new HubError('invalid', `The body is nested deeper than ${MAX_DEPTH} levels.`);
    } else if (CLOSING.has(byte)) depth--;
  }
}

/** Index of the quote that ends the string begun at `start`; the end of the bytes when none does. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let end = bytes.indexOf(QUOTE, start + 1); end >= 0; end = bytes.indexOf(QUOTE, end + 1)) {
    let backslashes = 0;
    while (bytes[end - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return bytes.length;
}
