// Reads the mails out of a body. A large one is read in a thread of its own: some mails take seconds, by accident or by
// design of whoever wrote them, and nobody else may wait for that.
import { Worker } from 'node:worker_threads';
import type { WireError } from '@workitem-hub/client/contract';
import { HubError } from '../errors.js';
import { type EmailMessage, type Envelope, type IntakeLimits, parseEnvelope } from '../intake/envelope.js';
import { parseJson } from './json.js';

/** One body to read. */
export interface EnvelopeJob {
  bytes: Uint8Array;
  limits: IntakeLimits;
}

/** What the thread makes of it, in a form that passes between threads: errors as the wire has them. */
export type EnvelopeAnswer =
  | { single: boolean; messages: ({ message: EmailMessage } | { error: WireError })[] }
  | { error: WireError };

export interface EnvelopeReader {
  /** @throws HubError as `parseJson` and `parseEnvelope`; `unavailable` for a body that takes too long, or on close. */
  read(job: EnvelopeJob): Promise<Envelope>;
  /** Ends the threads, and what they are doing. */
  close(): Promise<void>;
}

export interface EnvelopeReaderOptions {
  /** Bytes up to which a body is read at once, default 64 kB: the worst of that size takes some tens of milliseconds. */
  smallMax?: number;
  /** Large bodies that are read side by side; further ones wait. Default 2. */
  threads?: number;
  /** Milliseconds for one body, default 60,000. */
  timeoutMs?: number;
}

/** The envelope in a body, in this thread. @throws HubError as `parseJson` and `parseEnvelope` */
export function readEnvelope({ bytes, limits }: EnvelopeJob): Envelope {
  return parseEnvelope(bytes.length === 0 ? undefined : parseJson(bytes), limits);
}

/** Always the built file, whether this runs from `src` or from `dist`: a thread has no loader for TypeScript. */
const WORKER = new URL('../../dist/http/envelope-worker.js', import.meta.url);

interface Waiting {
  job: EnvelopeJob;
  resolve: (envelope: Envelope) => void;
  reject: (error: unknown) => void;
}

/** Threads are started when they are needed, and kept. */
export function createEnvelopeReader(options: EnvelopeReaderOptions = {}): EnvelopeReader {
  const { smallMax = 64 * 1024, threads = 2, timeoutMs = 60_000 } = options;
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const queue: Waiting[] = [];
  let closed = false;

  function start(): Worker {
    const worker = new Worker(WORKER);
    // Whoever waits for a thread keeps the process alive, not the thread.
    worker.unref();
    all.add(worker);
    return worker;
  }

  function next(): void {
    while (queue.length > 0 && !closed && (idle.length > 0 || all.size < threads)) {
      const { job, resolve, reject } = queue.shift() as Waiting;
      void run(idle.pop() ?? start(), job)
        .then(resolve, reject)
        .finally(next);
    }
  }

  async function run(worker: Worker, job: EnvelopeJob): Promise<Envelope> {
    try {
      const answer = await ask(worker, job, timeoutMs);
      idle.push(worker);
      return envelopeOf(answer);
    } catch (error) {
      if (idle.includes(worker)) throw error;
      // It did not answer, so it is of no more use.
      all.delete(worker);
      await worker.terminate();
      throw isOutOfMemory(error) ? new HubError('too_large', 'The body is too much to read.') : error;
    }
  }

  return {
    async read(job) {
      if (job.bytes.length <= smallMax) return readEnvelope(job);
      if (closed) throw goingAway();
      return new Promise((resolve, reject) => {
        queue.push({ job, resolve, reject });
        next();
      });
    },
    async close() {
      closed = true;
      for (const { reject } of queue.splice(0)) reject(goingAway());
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

/** Rejects when the thread dies of it, or does not answer in time. */
function ask(worker: Worker, { bytes, limits }: EnvelopeJob, timeoutMs: number): Promise<EnvelopeAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (work: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      work();
    };
    const onMessage = (answer: EnvelopeAnswer): void => settle(() => resolve(answer));
    const onError = (error: unknown): void => settle(() => reject(error));
    const onExit = (): void => settle(() => reject(goingAway()));
    const timer = setTimeout(() => settle(() => reject(tooSlow())), timeoutMs);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    // Copied once, then moved: what a request sent may lie in a buffer that others share.
    const own = new Uint8Array(bytes);
    worker.postMessage({ bytes: own, limits } satisfies EnvelopeJob, [own.buffer]);
  });
}

function envelopeOf(answer: EnvelopeAnswer): Envelope {
  if ('error' in answer) throw errorOf(answer.error);
  const messages = answer.messages.map((one) => ('error' in one ? errorOf(one.error) : withBuffers(one.message)));
  return { single: answer.single, messages };
}

const errorOf = ({ code, message, details }: WireError): HubError => new HubError(code, message, { details });

/** Between threads a Buffer becomes a plain array of bytes. */
function withBuffers(message: EmailMessage): EmailMessage {
  const attachments = message.attachments.map(({ content, ...rest }) => ({
    ...rest,
    content: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
  }));
  return { ...message, attachments };
}

const isOutOfMemory = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
const tooSlow = (): HubError =>
  new HubError('unavailable', 'Reading the body took too long.', { retryAfterMs: 10_000 });
const goingAway = (): HubError =>
  new HubError('unavailable', 'This process is going away; repeat the request.', { retryAfterMs: 1_000 });
