// What passes between a driver and mongod, so far as a link has to know it: whole messages, their numbers, the commands in them.

const HEADER = 16;
const OP_MSG = 2013;
/** Header, flags, kind of the first section, length of its document. */
const FIRST_FIELD = HEADER + 4 + 1 + 4;
const STRING = 2;

/** Cuts a stream into messages; what is not whole yet waits for the next chunk. */
export function messagesOf(): (chunk: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const messages: Buffer[] = [];
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      messages.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    return messages;
  };
}

/** A request's own number, and in a reply that of its request. */
export const requestOf = (message: Buffer): number => message.readInt32LE(4);
export const answeredBy = (message: Buffer): number => message.readInt32LE(8);

/** The command in a request, and the collection it is about; `null` for anything else. */
export function commandOf(message: Buffer): { name: string; collection: string } | null {
  if (message.length < FIRST_FIELD + 2 || message.readInt32LE(12) !== OP_MSG) return null;
  if (message[FIRST_FIELD] !== STRING) return null;
  const end = message.indexOf(0, FIRST_FIELD + 1);
  const name = message.toString('latin1', FIRST_FIELD + 1, end);
  const length = message.readInt32LE(end + 1);
  return { name, collection: message.toString('utf8', end + 5, end + 4 + length) };
}
