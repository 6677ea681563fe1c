// The log's only writer in a process. Group commit: whatever arrived during one round is the next round; no timer.
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { HubError } from '../errors.js';
import type { Logger } from '../ops/logger.js';
import type { ControlType, LogEvent, LoggedItem, LoggedSubmission } from './event.js';
import { createLazyClear } from './lazy-clear.js';
import type { Numbers } from './numbers.js';
import { unconfirmed } from './settle.js';
import { type Change, type Creation, type StateWriter, type Stored, createStateWriter } from './state.js';
import { type Entry, type Place, type WriteOnce, versionKey } from './write-once.js';

export type { Change, Stored } from './state.js';

/** Jobs that one round takes at most. */
const ROUND_MAX = 500;
/** Outboxes are cleared so many at once, or so long after a commit, milliseconds. */
const CLEAR_MAX = 1_000;
const CLEAR_MS = 250;
/** A job that is not answered after this long is answered `unavailable`, milliseconds. */
const ANSWER_MS = 10_000;

export interface Appender<S extends LoggedSubmission, I extends LoggedItem> {
  /**
   * Stores a mail once. Resolves when its event is in the log, also for a duplicate, whose first attempt is finished
   * when it died half-way.
   * @param key identity of the mail.
   * @param draft makes the submission for the number it is given; may be called more than once.
   * @throws HubError `unavailable`: not confirmed; the write may still happen, a repeat is safe.
   */
  create(key: string, draft: (id: number) => S): Promise<Stored<S>>;
  /**
   * Commits one version of an item, only onto the version it replaces and only when that one's event is in the log.
   * Resolves with the new document when its own event is in the log; with `null` when the version moved or an outbox
   * stands.
   * @throws HubError `unavailable` as `create`.
   */
  change(change: Change): Promise<I | null>;
  /** Puts an event without an item into the log; resolves with its seq. */
  control(type: ControlType, data: object): Promise<number>;
  /** Finishes the outbox that stands in an item, if one does. */
  help(id: number): Promise<void>;
  /** Makes the work item of a submission whose first attempt died before it did, and finishes it. */
  finish(submission: S): Promise<void>;
  /** Jobs that wait or are under way. */
  pending(): number;
  /** Refuses new jobs, ends the waiting ones, notes what the log holds. */
  close(): Promise<void>;
}

type Work<S, I> =
  | { kind: 'create'; creation: { key: string; draft: (id: number) => S }; done: (stored: Stored<S>) => void }
  | { kind: 'change'; change: Change; done: (item: I | null) => void }
  | { kind: 'control'; entry: Extract<Entry, { item: null }>; done: (seq: number) => void }
  | { kind: 'help'; id: number; done: () => void }
  | { kind: 'finish'; submission: S; done: () => void };
type Job<S, I> = Work<S, I> & { fail: (error: unknown) => void; expires: number };

export interface AppenderOptions<S extends LoggedSubmission, I extends LoggedItem> {
  submissions: mongo.Collection<S>;
  items: mongo.Collection<I>;
  numbers: Numbers;
  writeOnce: WriteOnce;
  /** The first version of a submission's work item, outbox included; the same for whoever makes it. */
  firstVersion: (submission: S) => I;
  /** Told of every event once it is in the log. */
  onAppended: (events: readonly LogEvent[]) => void;
  /** A reason not to take anything: database away, log replaced. */
  refusal: () => string | null;
  /** Jobs that may wait. */
  queueMax: number;
  logger: Logger;
  /** Told the size and the seconds of each round. */
  onRound?: (jobs: number, seconds: number) => void;
}

export function createAppender<S extends LoggedSubmission, I extends LoggedItem>(
  options: AppenderOptions<S, I>,
): Appender<S, I> {
  const { writeOnce, firstVersion, logger } = options;
  const state: StateWriter<S, I> = createStateWriter(options);
  const lazy = createLazyClear({ items: options.items, logger });
  const queue: Job<S, I>[] = [];
  let running: Promise<void> | null = null;
  let underWay = 0;
  let closed = false;
  let clearTimer: NodeJS.Timeout | undefined;
  let clearDue = false;

  function enqueue<T>(work: (done: (value: T) => void) => Work<S, I>): Promise<T> {
    if (closed)
      return Promise.reject(new HubError('unavailable', 'The hub is shutting down.', { retryAfterMs: 1_000 }));
    const refusal = options.refusal();
    if (refusal !== null) return Promise.reject(new HubError('unavailable', refusal, { retryAfterMs: 2_000 }));
    if (queue.length >= options.queueMax) {
      return Promise.reject(new HubError('unavailable', 'The hub is overloaded.', { retryAfterMs: 1_000 }));
    }
    return new Promise<T>((resolve, reject) => {
      // The answer has a deadline of its own: a hung database must not hang the caller.
      const timer = setTimeout(() => {
        reject(unconfirmed());
      }, ANSWER_MS);
      const settled =
        <A extends unknown[]>(then: (...args: A) => void) =>
        (...args: A) => {
          clearTimeout(timer);
          then(...args);
        };
      queue.push({ ...work(settled(resolve)), fail: settled(reject), expires: Date.now() + ANSWER_MS });
      // Whatever arrived in the same turn of the event loop shares the first round.
      running ??= nextTurn().then(run);
    });
  }

  async function run(): Promise<void> {
    try {
      while (queue.length > 0) {
        const now = Date.now();
        // Whoever gave up has been answered: a write they no longer wait for would only surprise them.
        const batch = queue.splice(0, ROUND_MAX).filter((job) => job.expires > now);
        underWay = batch.length;
        const started = performance.now();
        // A command may be about what the last round wrote: its outbox must not stand in the way.
        if (batch.some(({ kind }) => kind === 'change')) await lazy.flush();
        await round(batch);
        options.onRound?.(batch.length, (performance.now() - started) / 1_000);
        // Beside a majority write the clear would cost it a tick of the journal: so between rounds, and in bulk.
        if (lazy.size() >= CLEAR_MAX) await lazy.flush();
      }
      if (clearDue) {
        clearDue = false;
        await lazy.flush();
      }
    } finally {
      underWay = 0;
      running = null;
      clearLater();
      if (queue.length > 0) running = Promise.resolve().then(run);
    }
  }

  /** In a trickle of single commits the clears of a moment are one write. In the loop, so that none is beside a round. */
  function clearLater(): void {
    if (clearTimer !== undefined || lazy.size() === 0 || closed) return;
    clearTimer = setTimeout(() => {
      clearTimer = undefined;
      clearDue = true;
      running ??= run();
    }, CLEAR_MS);
    clearTimer.unref();
  }

  async function round(batch: readonly Job<S, I>[]): Promise<void> {
    const creates = batch.filter((job) => job.kind === 'create');
    const changes = batch.filter((job) => job.kind === 'change');
    const controls = batch.filter((job) => job.kind === 'control');
    const helps = batch.filter((job) => job.kind === 'help');
    const finishes = batch.filter((job) => job.kind === 'finish');

    const owed: { entry: Entry; answer: (event: LogEvent) => void; fail: (error: unknown) => void }[] = [];
    const owe = (item: LoggedItem, job: Job<S, I>, answer: () => void, place?: Place): void => {
      if (!item.outbox) return answer();
      const { version } = item.outbox;
      const entry = { item: item._id, version, lastSeq: item.seq, outbox: item.outbox, place };
      owed.push({ entry, answer, fail: job.fail });
    };

    const repeats: { job: Job<S, I>; submission: S; answer: () => void }[] = [];
    await Promise.all([
      alone(creates, async (jobs) => {
        const stored = await state.insertSubmissions(jobs.map(({ creation }) => creation as Creation<S>));
        const fresh = jobs.flatMap((job, index) => {
          const one = stored[index] as Stored<S>;
          if (one.outcome === 'created') return [{ job, one, item: firstVersion(one.submission) }];
          repeats.push({ job, submission: one.submission, answer: () => job.done(one) });
          return [];
        });
        const places = await insertNew(fresh.map(({ item }) => item));
        fresh.forEach(({ job, one, item }, index) => owe(item, job, () => job.done(one), places[index]));
      }),
      ...changes.map((job) =>
        alone([job], async () => {
          const item = await state.applyChange(job.change);
          if (item) owe(item, job, () => job.done(item));
          else job.done(null);
        }),
      ),
    ]);
    for (const job of controls) {
      owed.push({ entry: job.entry, answer: (event) => job.done(event.seq), fail: job.fail });
    }
    await appendOwed(owed);

    // What somebody else began comes after our own: its event may be among those just written.
    for (const job of finishes) repeats.push({ job, submission: job.submission, answer: job.done });
    if (repeats.length > 0 || helps.length > 0) await finishOthers(repeats, helps);
  }

  /** Inserts items; returns the places that their events may have in the log, which were reserved beside it. */
  async function insertNew(items: readonly I[]): Promise<Place[]> {
    if (items.length === 0) return [];
    const reserving = writeOnce.reserve(items.length);
    try {
      await state.insertItems(items);
    } catch (error) {
      // Nobody is going to write there, and every reader would wait for it.
      void reserving.then((places) => writeOnce.fill(places.map(({ seq }) => seq))).catch(() => undefined);
      throw error;
    }
    return reserving;
  }

  async function appendOwed(
    owed: readonly { entry: Entry; answer: (event: LogEvent) => void; fail: (error: unknown) => void }[],
  ): Promise<void> {
    await alone(owed, async (some) => {
      const events = await writeOnce.append(some.map(({ entry }) => entry));
      options.onAppended(events);
      events.forEach((event, index) => {
        const one = some[index] as (typeof some)[number];
        if (event.item !== null) lazy.add(event);
        one.answer(event);
      });
    });
  }

  /** Finishes submissions without an item and items with an outbox, looking for their events first. */
  async function finishOthers(
    repeats: readonly { job: Job<S, I>; submission: S; answer: () => void }[],
    helps: readonly Extract<Job<S, I>, { kind: 'help' }>[],
  ): Promise<void> {
    const asked = [
      ...repeats.map(({ job, submission, answer }) => ({ id: submission._id, submission, answer, fail: job.fail })),
      ...helps.map((job) => ({ id: job.id, submission: null, answer: job.done, fail: job.fail })),
    ];
    await alone(asked, async (some) => {
      const read = async (): Promise<Map<number, I>> =>
        new Map((await state.readItems(some.map(({ id }) => id))).map((item) => [item._id, item]));
      let items = await read();
      const bare = some.flatMap(({ submission }) => (submission && !items.has(submission._id) ? [submission] : []));
      if (bare.length > 0) {
        await state.insertItems([...new Map(bare.map((one) => [one._id, firstVersion(one)])).values()]);
        items = await read();
      }
      const standing = [...items.values()].filter((item) => item.outbox);
      const versions = standing.map((item) => ({ item: item._id, version: item.outbox?.version ?? 0 }));
      const found = await writeOnce.find(versions);
      const missing: Entry[] = standing.flatMap((item) =>
        item.outbox && !found.has(versionKey(item._id, item.outbox.version))
          ? [{ item: item._id, version: item.outbox.version, lastSeq: item.seq, outbox: item.outbox }]
          : [],
      );
      const written = await writeOnce.append(missing);
      options.onAppended(written);
      for (const event of [...found.values(), ...written]) lazy.add(event);
      await lazy.flush();
      for (const one of some) one.answer();
    });
  }

  /**
   * Runs a step for many. When a document's own fault stops it, each is tried alone, so that one bad command cannot
   * fail its neighbours.
   */
  async function alone<J extends { fail: (error: unknown) => void }>(
    jobs: readonly J[],
    step: (jobs: readonly J[]) => Promise<void>,
  ): Promise<void> {
    if (jobs.length === 0) return;
    try {
      await step(jobs);
    } catch (error) {
      if (error instanceof HubError || jobs.length === 1) {
        if (!(error instanceof HubError)) logger.error({ err: error }, 'a write to the log failed');
        for (const job of jobs) job.fail(error);
        return;
      }
      for (const job of jobs) await alone([job], step);
    }
  }

  return {
    create: (key, draft) => enqueue((done) => ({ kind: 'create', creation: { key, draft }, done })),
    change: (change) => enqueue((done) => ({ kind: 'change', change, done })),
    control: (type, data) =>
      enqueue((done) => {
        const control = { id: randomUUID(), type, data, at: new Date() };
        return { kind: 'control', entry: { item: null, control }, done };
      }),
    help: (id) => enqueue<void>((done) => ({ kind: 'help', id, done })),
    finish: (submission) => enqueue<void>((done) => ({ kind: 'finish', submission, done })),
    pending: () => queue.length + underWay,
    async close() {
      closed = true;
      clearTimeout(clearTimer);
      while (running) await running;
      await lazy.flush();
    },
  };
}
