// Threads that take bodies from one queue, some together.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { HubError } from '../errors.js';
import type { EnvelopeAnswer, EnvelopeJob } from './envelope-reader.js';

/** What a thread is sent: the bytes of the bodies one behind the other, and where each ends. */
export interface Batch {
  bytes: Uint8Array;
  ends: number[];
  limits: EnvelopeJob['limits'][];
}

export interface Lane {
  /** @throws HubError `unavailable` for a body that takes too long, or on close; `too_large` for one that takes all memory. */
  read(job: EnvelopeJob): Promise<EnvelopeAnswer>;
  close(): Promise<void>;
}

export interface LaneOptions {
  threads: number;
  /** Bodies that a thread is sent at once, at most. */
  together: number;
  /** Milliseconds for what was sent at once. */
  timeoutMs: number;
}

/** Always the built file, whether this runs from `src` or from `dist`: a thread has no loader for TypeScript. */
const WORKER = new URL('../../dist/http/envelope-worker.js', import.meta.url);

interface Waiting extends EnvelopeJob {
  resolve: (answer: EnvelopeAnswer) => void;
  reject: (error: unknown) => void;
  /** It was among others when their thread failed. */
  alone: boolean;
}

export function createLane({ threads, together, timeoutMs }: LaneOptions): Lane {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const queue: Waiting[] = [];
  let closed = false;
  let waking = false;

  function start(): Worker {
    const worker = new Worker(WORKER);
    // Whoever waits for a thread keeps the process alive, not the thread.
    worker.unref();
    all.add(worker);
    return worker;
  }

  /** Whatever arrives in one turn of the event loop is sent together. */
  async function wake(): Promise<void> {
    if (waking) return;
    waking = true;
    await nextTurn();
    waking = false;
    next();
  }

  function next(): void {
    while (queue.length > 0 && !closed && (idle.length > 0 || all.size < threads)) {
      void run(idle.pop() ?? start(), takeSome()).finally(next);
    }
  }

  function takeSome(): Waiting[] {
    if (queue[0]?.alone) return queue.splice(0, 1);
    const firstAlone = queue.findIndex(({ alone }) => alone);
    return queue.splice(0, firstAlone < 0 ? together : Math.min(together, firstAlone));
  }

  async function run(worker: Worker, some: readonly Waiting[]): Promise<void> {
    let answers: EnvelopeAnswer[];
    try {
      answers = await ask(worker, some, timeoutMs);
    } catch (error) {
      // It did not answer, so it is of no more use.
      all.delete(worker);
      await worker.terminate();
      fail(some, error);
      return;
    }
    idle.push(worker);
    some.forEach((one, index) => one.resolve(answers[index] as EnvelopeAnswer));
  }

  /** The fault of one must not be that of those it was sent with. */
  function fail(some: readonly Waiting[], error: unknown): void {
    if (some.length > 1 && !closed) queue.unshift(...some.map((one) => ({ ...one, alone: true })));
    else for (const one of some) one.reject(error);
  }

  return {
    read(job) {
      if (closed) return Promise.reject(goingAway());
      return new Promise((resolve, reject) => {
        queue.push({ ...job, resolve, reject, alone: false });
        void wake();
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
function ask(worker: Worker, some: readonly EnvelopeJob[], timeoutMs: number): Promise<EnvelopeAnswer[]> {
  return new Promise((resolve, reject) => {
    const settle = (work: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      work();
    };
    const onMessage = (answers: EnvelopeAnswer[]): void => settle(() => resolve(answers));
    const onError = (error: unknown): void => settle(() => reject(isOutOfMemory(error) ? tooMuch() : error));
    const onExit = (): void => settle(() => reject(goingAway()));
    const timer = setTimeout(() => settle(() => reject(tooSlow())), timeoutMs);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    const batch = batchOf(some);
    worker.postMessage(batch, [batch.bytes.buffer as ArrayBuffer]);
  });
}

/** Copied once, then moved: what a request sent may lie in a buffer that others share. */
function batchOf(some: readonly EnvelopeJob[]): Batch {
  const bytes = new Uint8Array(some.reduce((sum, job) => sum + job.bytes.length, 0));
  let end = 0;
  const ends = some.map((job) => {
    bytes.set(job.bytes, end);
    end += job.bytes.length;
    return end;
  });
  return { bytes, ends, limits: some.map(({ limits }) => limits) };
}

const isOutOfMemory = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
const tooMuch = (): HubError => new HubError('too_large', 'The body is too much to read.');
const tooSlow = (): HubError =>
  new HubError('unavailable', 'Reading the body took too long.', { retryAfterMs: 10_000 });
const goingAway = (): HubError =>
  new HubError('unavailable', 'This process is going away; repeat the request.', { retryAfterMs: 1_000 });
