// Counts the WebSocket frames that arrive on a connection, without decoding them: a load client must cost next to nothing.

/** What is told of a frame. Text is looked at only as far as its first {@link LOOK} bytes. */
export type OnFrame = (opcode: number, length: number, beginning: Buffer) => void;

/** Bytes of a payload that a listener may look at. */
export const LOOK = 64;

/** @returns a function that takes the bytes of a server's frames as they come. */
export function createFrameReader(onFrame: OnFrame): (chunk: Buffer) => void {
  /** Bytes of the present payload that are still to come. */
  let skip = 0;
  /** The beginning of a frame that was cut off. */
  let rest: Buffer | null = null;

  return (chunk) => {
    let bytes = chunk;
    if (rest) {
      bytes = Buffer.concat([rest, chunk]);
      rest = null;
    }
    let at = 0;
    for (;;) {
      if (skip > 0) {
        const step = Math.min(skip, bytes.length - at);
        at += step;
        skip -= step;
        if (skip > 0) return;
      }
      if (at === bytes.length) return;
      const frame = beginningOf(bytes, at);
      if (!frame) {
        rest = Buffer.from(bytes.subarray(at));
        return;
      }
      onFrame(
        (bytes[at] as number) & 0x0f,
        frame.length,
        bytes.subarray(frame.payload, frame.payload + Math.min(frame.length, LOOK)),
      );
      skip = frame.payload - at + frame.length;
    }
  };
}

/** Where the payload of the frame at `at` begins and how long it is; `null` until enough of it is there to look at. */
function beginningOf(bytes: Buffer, at: number): { payload: number; length: number } | null {
  const there = bytes.length - at;
  if (there < 2) return null;
  const code = (bytes[at + 1] as number) & 0x7f;
  const header = code < 126 ? 2 : code === 126 ? 4 : 10;
  if (there < header) return null;
  const length = code < 126 ? code : code === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return there < header + Math.min(length, LOOK) ? null : { payload: at + header, length };
}

/** A frame as clients must send it. A mask of zeros is a mask, and leaves the payload as it is. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const long = payload.length > 125;
  const header = Buffer.alloc(long ? 8 : 6);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | (long ? 126 : payload.length);
  if (long) header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}
