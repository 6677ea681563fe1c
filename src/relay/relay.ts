// One per process: turns the log into one in-order stream. Its own commits come at once, the rest by reading the log.
import type { mongo } from 'mongoose';
import type { LogDocument, LogEvent } from '../eventlog/event.js';
import type { Filler } from '../eventlog/filler.js';
import type { LogReader } from '../eventlog/reader.js';
import type { Logger } from '../ops/logger.js';
import { createOrdering } from './ordering.js';
import { type Ring, createRing } from './ring.js';

/** How often the log is read for what others wrote, milliseconds. */
const POLL_MS = 200;
/** How often the log's document is read: its epoch, its floor, seqs that were reserved and not written. */
const CHECK_MS = 1_000;
/** How often the position is persisted for relays to start from. */
const PERSIST_MS = 5_000;
const READ_MAX = 1_000;
/** Events that a new relay reads back, so that the first resumes after a restart find a ring. */
const WARM_MAX = 5_000;

export interface Relay {
  readonly epoch: string;
  /** Everything up to here was handed on. */
  readonly position: number;
  /** Nothing at or below it can be replayed. */
  readonly floor: number;
  readonly ring: Ring;
  readonly reader: LogReader;
  /** Reads where to start and the newest events; then follows the log. */
  start(): Promise<void>;
  /** Events from somewhere else than the log's reader, in any order, perhaps twice. */
  offer(events: readonly LogEvent[]): void;
  /** Reads the log now. */
  wake(): void;
  /** Listeners get events in order, contiguous, once, in the tick in which `position` moves. */
  onEvents(listener: (events: readonly LogEvent[]) => void): void;
  /** Listeners are told when the log was replaced: another epoch, another position. */
  onEpoch(listener: () => void): void;
  /** `null`, or why nothing is being delivered. */
  trouble(): string | null;
  /** Milliseconds since the log was last read to its end. */
  staleFor(): number;
  stop(): Promise<void>;
}

export function createRelay(deps: {
  logs: mongo.Collection<LogDocument>;
  reader: LogReader;
  filler: Filler;
  logger: Logger;
  ring?: Ring;
}): Relay {
  const { logs, reader, filler, logger } = deps;
  const ring = deps.ring ?? createRing();
  const ordering = createOrdering(0);
  const eventListeners: ((events: readonly LogEvent[]) => void)[] = [];
  const epochListeners: (() => void)[] = [];
  let epoch = '';
  let floor = 0;
  /** Highest seq known to be reserved; a hole may reach up to it. */
  let reserved = 0;
  let trouble: string | null = null;
  let readAt = performance.now();
  let checkedAt = 0;
  let persistedAt = 0;
  let persisted = 0;
  let stopped = false;
  let sleeping: { wake: () => void } | null = null;
  let woken = false;
  let loop: Promise<void> = Promise.resolve();

  function offer(events: readonly LogEvent[]): void {
    if (trouble !== null) return;
    const ready = ordering.take(events);
    if (ready.length === 0) return;
    filler.closed();
    ring.push(ready);
    for (const listener of eventListeners) {
      try {
        listener(ready);
      } catch (error) {
        logger.error({ err: error }, 'a listener of the relay failed');
      }
    }
  }

  async function readOn(): Promise<void> {
    for (;;) {
      const events = await reader.read({ after: ordering.position, limit: READ_MAX });
      offer(events);
      // A full page behind a hole would be read again and again; the hole is filled first.
      if (events.length < READ_MAX || ordering.beyond() !== null) break;
    }
    readAt = performance.now();
  }

  async function mendHole(): Promise<void> {
    const beyond = ordering.beyond();
    const last = beyond !== null ? beyond - 1 : reserved;
    if (last <= ordering.position) return;
    const filled = await filler.hole(ordering.position + 1, last);
    if (filled === 0) return;
    logger.info({ from: ordering.position + 1, filled }, 'filled a hole in the log');
    await readOn();
  }

  async function check(): Promise<void> {
    const log = await logs.findOne({ _id: 'log' });
    checkedAt = performance.now();
    if (log && log.epoch !== epoch) {
      logger.warn({ epoch: log.epoch }, 'the log has another epoch: following it from there');
      follow(log);
      for (const listener of epochListeners) listener();
      return;
    }
    const gone = !log || (log.counter < ordering.position && !(await stillThere()));
    if (gone && trouble === null) {
      trouble = 'the log ends before what was delivered: it was restored or replaced; give it a new epoch';
      logger.error({ position: ordering.position, counter: log?.counter }, trouble);
    } else if (!gone && trouble !== null) {
      trouble = null;
      logger.info('the log is back');
    }
    if (!log) return;
    floor = Math.max(floor, log.floor);
    reserved = log.counter;
  }

  async function stillThere(): Promise<boolean> {
    return ordering.position <= floor || (await reader.has(ordering.position));
  }

  async function persist(): Promise<void> {
    if (ordering.position === persisted || trouble !== null) return;
    const position = ordering.position;
    // Of this epoch, and of a log that reaches so far: a restored one must not inherit a position of the one it replaced.
    await logs.updateOne({ _id: 'log', epoch, counter: { $gte: position } }, { $max: { contiguous_to: position } });
    persisted = position;
    persistedAt = performance.now();
  }

  function follow(log: LogDocument): void {
    epoch = log.epoch;
    floor = log.floor;
    reserved = log.counter;
    trouble = null;
    // Retention is bounded by `contiguous_to`, which a fail-over may have rolled back: what it deleted is no hole.
    ordering.reset(Math.max(log.contiguous_to, log.floor));
    persisted = ordering.position;
    ring.clear();
  }

  async function run(): Promise<void> {
    let failed = false;
    while (!stopped) {
      try {
        if (performance.now() - checkedAt >= CHECK_MS) await check();
        if (trouble === null) {
          await readOn();
          await mendHole();
          if (performance.now() - persistedAt >= PERSIST_MS) await persist();
        }
        if (failed) logger.info('the log can be read again');
        failed = false;
      } catch (error) {
        if (!failed) logger.warn({ err: error }, 'the log cannot be read; trying on');
        failed = true;
      }
      await sleep(failed ? POLL_MS * 2 : POLL_MS);
    }
  }

  async function sleep(ms: number): Promise<void> {
    if (stopped || woken) {
      woken = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      sleeping = {
        wake: () => {
          clearTimeout(timer);
          resolve();
        },
      };
    });
    sleeping = null;
    woken = false;
  }

  function wake(): void {
    woken = true;
    sleeping?.wake();
  }

  return {
    get epoch() {
      return epoch;
    },
    get position() {
      return ordering.position;
    },
    get floor() {
      return floor;
    },
    ring,
    reader,
    async start() {
      const log = await logs.findOne({ _id: 'log' });
      if (!log) throw new Error('the log document is missing');
      follow(log);
      const warm = await reader.read({
        after: Math.max(floor, ordering.position - WARM_MAX),
        upTo: ordering.position,
        limit: WARM_MAX,
      });
      ring.push(warm);
      await readOn();
      checkedAt = performance.now();
      loop = run();
    },
    offer,
    wake,
    onEvents: (listener) => void eventListeners.push(listener),
    onEpoch: (listener) => void epochListeners.push(listener),
    trouble: () => trouble,
    staleFor: () => performance.now() - readAt,
    async stop() {
      stopped = true;
      wake();
      await loop;
      try {
        await persist();
      } catch (error) {
        logger.debug({ err: error }, 'the position was not persisted');
      }
    },
  };
}
