// Why a connection ends, as WebSocket close frames say it.
import { CLOSE } from '@workitem-hub/client/contract';
import type { CutReason } from '../delivery/transport.js';
import { CLOSE_CODE } from '../errors.js';

/** Time for the other side to answer a close frame before its connection is destroyed, in ms. */
export const CLOSE_TIMEOUT_MS = 5_000;

/** Close code of a reason. */
export function closeCodeOf({ code }: CutReason): number {
  if (code === 'too_slow') return CLOSE.tooSlow;
  if (code === 'restart') return CLOSE.restart;
  return CLOSE_CODE[code];
}

/** A close frame has room for so many bytes of text (RFC 6455, 5.5). */
const MAX_TEXT_BYTES = 123;

/** Text of a close frame: `<code>: <message>`, cut to what a close frame holds. */
export function closeTextOf({ code, message }: CutReason): string {
  const bytes = Buffer.from(`${code}: ${message}`);
  if (bytes.length <= MAX_TEXT_BYTES) return bytes.toString();
  // A character that the cut has split must not be sent: the text has to be valid UTF-8.
  return bytes
    .subarray(0, MAX_TEXT_BYTES)
    .toString()
    .replace(/\uFFFD+$/u, '');
}
