// Reads the mails out of bodies, in threads beside the one that serves sockets: some mails take seconds, by accident or by
// design of whoever wrote them, and a flood of small ones takes as long together. Nobody else waits for either.
import type { WireError } from '@workitem-hub/client/contract';
import { HubError } from '../errors.js';
import type { Envelope, IntakeLimits } from '../intake/envelope.js';
import type { Mail } from '../intake/mail.js';
import { createLane } from './reading-lane.js';

/** One body to read. */
export interface EnvelopeJob {
  bytes: Uint8Array;
  limits: IntakeLimits;
}

/** What a thread makes of it, in a form that passes between threads: errors as the wire has them. */
export type EnvelopeAnswer =
  | { single: boolean; messages: ({ mail: Mail } | { error: WireError })[] }
  | { error: WireError };

export interface EnvelopeReader {
  /** @throws HubError as `readEnvelope`; `unavailable` for a body that takes too long, or on close. */
  read(job: EnvelopeJob): Promise<Envelope<Mail>>;
  /** Ends the threads, and what they are doing. */
  close(): Promise<void>;
}

export interface EnvelopeReaderOptions {
  /** Bytes up to which a body counts as small, default 64 kB: the worst of that size takes some tens of milliseconds. */
  smallMax?: number;
  /** Large bodies that are read side by side; further ones wait. Default 2. */
  threads?: number;
  /** Milliseconds for one body, default 60,000. */
  timeoutMs?: number;
}

/** Small bodies that one message to a thread carries: passing them one by one costs as much as reading them. */
const TOGETHER = 8;

/**
 * Small bodies have a thread of their own, so that they never wait behind a large one. Threads are started when they are
 * needed, and kept.
 */
export function createEnvelopeReader(options: EnvelopeReaderOptions = {}): EnvelopeReader {
  const { smallMax = 64 * 1024, threads = 2, timeoutMs = 60_000 } = options;
  const small = createLane({ threads: 1, together: TOGETHER, timeoutMs });
  const large = createLane({ threads, together: 1, timeoutMs });
  return {
    async read(job) {
      return envelopeOf(await (job.bytes.length <= smallMax ? small : large).read(job));
    },
    async close() {
      await Promise.all([small.close(), large.close()]);
    },
  };
}

function envelopeOf(answer: EnvelopeAnswer): Envelope<Mail> {
  if ('error' in answer) throw errorOf(answer.error);
  const messages = answer.messages.map((one) => ('error' in one ? errorOf(one.error) : withBuffers(one.mail)));
  return { single: answer.single, messages };
}

const errorOf = ({ code, message, details }: WireError): HubError => new HubError(code, message, { details });

/** Between threads a Buffer becomes a plain array of bytes. */
function withBuffers(mail: Mail): Mail {
  for (const one of mail.attachments) {
    one.content = Buffer.from(one.content.buffer, one.content.byteOffset, one.content.byteLength);
  }
  return mail;
}
