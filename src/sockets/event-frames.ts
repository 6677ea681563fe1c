// The encoded forms of events, made once however many sockets get them: texts, and WebSocket frames ready to be written.
import type { LogEvent } from '../eventlog/event.js';

/** One wire format of events, with what was already encoded in it. Of old ones it forgets the forms again. */
export interface EventFrames {
  /** The message that carries an event. */
  text(event: LogEvent, epoch: string): string;
  /** The same as an unmasked WebSocket text frame. */
  frame(event: LogEvent, epoch: string): Buffer;
  /** The frames of several events, in their order, as one buffer; kept for the array object that was handed in. */
  burst(events: readonly LogEvent[], epoch: string): Buffer;
}

/**
 * Bytes of one form after which a new generation begins. Two are kept: far more than what is being delivered or replayed to many
 * at once, and far less than the events that the relay's ring keeps in memory.
 */
const GENERATION_BYTES = 4 << 20;

/** Remembers one value per object, for the epoch it was made in (a log has one epoch at a time), until newer ones were made. */
function rememberPerEpoch<K extends object, V extends { readonly length: number }>(
  make: (key: K, epoch: string) => V,
): (key: K, epoch: string) => V {
  let young = new WeakMap<K, { epoch: string; value: V }>();
  let old = young;
  let bytes = 0;
  return (key, epoch) => {
    const known = young.get(key) ?? old.get(key);
    if (known?.epoch === epoch) return known.value;
    const value = make(key, epoch);
    bytes += value.length;
    if (bytes > GENERATION_BYTES) {
      old = young;
      young = new WeakMap();
      bytes = value.length;
    }
    young.set(key, { epoch, value });
    return value;
  };
}

/** @param encode makes the message of an event. */
export function createEventFrames(encode: (event: LogEvent, epoch: string) => string): EventFrames {
  const text = rememberPerEpoch(encode);
  // Not made from the remembered text: most events are only ever wanted as frames.
  const frame = rememberPerEpoch((event: LogEvent, epoch) => textFrame(encode(event, epoch)));
  const concatenated = rememberPerEpoch((events: readonly LogEvent[], epoch) =>
    Buffer.concat(events.map((event) => frame(event, epoch))),
  );
  return {
    text,
    frame,
    burst: (events, epoch) => {
      const [first] = events;
      return first && events.length === 1 ? frame(first, epoch) : concatenated(events, epoch);
    },
  };
}

const FIN_TEXT = 0x81;

/** A whole text message as a server sends it: one frame, not masked, not compressed (RFC 6455, 5.2). */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = FIN_TEXT;
  if (header === 2) {
    frame[1] = length;
  } else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, header);
  return frame;
}
