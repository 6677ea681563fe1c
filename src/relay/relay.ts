// One per process: turns the log into one in-order stream. Its own commits come at once, the rest by reading the log.
import type { ResyncReason } from '@workitem-hub/client/contract';
import type { mongo } from 'mongoose';
import { HubError } from '../errors.js';
import type { LogDocument, LogEvent } from '../eventlog/event.js';
import type { Filler } from '../eventlog/filler.js';
import type { LogReader } from '../eventlog/reader.js';
import type { Logger } from '../ops/logger.js';
import { createGathering } from './gathering.js';
import { createOrdering } from './ordering.js';
import { type Ring, createRing } from './ring.js';

/** How often the log is read for what others wrote, milliseconds. */
const POLL_MS = 200;
/** How often while the others tell what they write: were all of that lost unnoticed, nobody would wait for half a second. */
const POLL_LINKED_MS = 400;
/** How often while this process is the only one, and nobody else can have written anything. */
const POLL_ALONE_MS = 1_000;
/** How often the log's document is read: its epoch, its floor, seqs that were reserved and not written. */
const CHECK_MS = 1_000;
/** What others wrote may arrive in another order: how long a gap may stand before the log is read for it. */
const GAP_MS = 25;
/** A process that has not read the log for so long looks at the log's document first. */
const STOOD_STILL_MS = 2_000;
/** How often the position is persisted for relays to start from. */
const PERSIST_MS = 5_000;
/** Until a process that started must be known from its heartbeat, milliseconds. */
const JOINING_MS = 15_000;
/** Timers may fire a little early: a check that is due by then is done. */
const TIMER_MS = 5;
const READ_MAX = 1_000;
/** Events that a new relay reads back, so that the first resumes after a restart find a ring. */
const WARM_MAX = 5_000;

export type BreakReason = Extract<ResyncReason, 'epoch_changed' | 'below_floor'>;

export interface Relay {
  readonly epoch: string;
  /** Everything up to here was handed on. */
  readonly position: number;
  /** Nothing at or below it can be replayed. */
  readonly floor: number;
  readonly ring: Ring;
  /** For replays. When a read has resolved, `floor` covers everything that was deleted by then: what lies above it is whole. */
  readonly reader: LogReader;
  /** Reads where to start and the newest events; then follows the log. */
  start(): Promise<void>;
  /** Events from somewhere else than the log's reader, in any order, perhaps twice. They may wait for others, see `windowMs`. */
  offer(events: readonly LogEvent[]): void;
  /** Hands on what waits for others: whoever begins to look must find everything that was answered before. */
  flush(): void;
  /** Reads the log now. */
  wake(): void;
  /** Listeners get events in order, contiguous, once, in the tick in which `position` moves. */
  onEvents(listener: (events: readonly LogEvent[]) => void): void;
  /**
   * Listeners are told when the stream goes on somewhere else: the log was replaced, or what comes next was deleted
   * while this process slept.
   */
  onBreak(listener: (reason: BreakReason) => void): void;
  /** `null`, or why nothing is being delivered. */
  trouble(): string | null;
  /** Whether the newest event that was handed on is still in the log. */
  isLogIntact(): Promise<boolean>;
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
  /** Whether no other process runs on this log, as far as is known. One that starts is noticed by the log's document. */
  isAlone?: () => boolean;
  /** Whether the others tell this process what they write, as far as is known. */
  isLinked?: () => boolean;
  /** Milliseconds within which offered events are handed on together; default 0, each at once. */
  windowMs?: number;
}): Relay {
  const { logs, reader, filler, logger } = deps;
  const ring = deps.ring ?? createRing();
  const ordering = createOrdering(0);
  const eventListeners: ((events: readonly LogEvent[]) => void)[] = [];
  const breakListeners: ((reason: BreakReason) => void)[] = [];
  let epoch = '';
  let floor = 0;
  /** Highest seq known to be reserved; a hole may reach up to it. */
  let reserved = 0;
  let trouble: string | null = null;
  /** Processes that ever started on this log, and when the last of them was noticed. */
  let starts = 0;
  let joinedAt = Number.NEGATIVE_INFINITY;
  let readAt = performance.now();
  let checkedAt = 0;
  let persistedAt = 0;
  let persisted = 0;
  let stopped = false;
  let sleeping: { wake: () => void } | null = null;
  let woken = false;
  let gapTimer: NodeJS.Timeout | undefined;
  /** The position of the gap that the log was last read for. */
  let gapRead = -1;
  let loop: Promise<void> = Promise.resolve();

  const gathering = createGathering(deps.windowMs ?? 0, handOn);

  function handOn(events: readonly LogEvent[]): void {
    if (trouble !== null) return;
    const ready = ordering.take(events);
    if (ordering.waits) minTheGap();
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

  /** Once for each gap: what the log does not have by then comes with a poll, or is a hole to be filled. */
  function minTheGap(): void {
    if (gapTimer || stopped || gapRead === ordering.position) return;
    gapTimer = setTimeout(() => {
      gapTimer = undefined;
      if (!ordering.waits) return;
      gapRead = ordering.position;
      wake();
    }, GAP_MS);
  }

  /** Reads the log to its end. Resolves with whether it goes on from what was handed on last. */
  async function readOn(): Promise<boolean> {
    for (;;) {
      const last = lastHandedOn();
      const events = await reader.read({ after: last ? last.seq - 1 : ordering.position, limit: READ_MAX });
      // Read along, so that nothing is joined on to a log that somebody restored and wrote on in.
      if (last && !last.isAt(events[0])) {
        await check();
        return false;
      }
      handOn(events);
      // A full page behind a hole would be read again and again; the hole is filled first.
      if (events.length < READ_MAX || ordering.beyond() !== null) break;
    }
    readAt = performance.now();
    return true;
  }

  /** The end of the hole behind the present position, if there is one. */
  function holeEnd(): number | null {
    const beyond = ordering.beyond();
    const last = beyond !== null ? beyond - 1 : reserved;
    return last > ordering.position ? last : null;
  }

  async function mendHole(): Promise<void> {
    const last = holeEnd();
    if (last === null || trouble !== null) return;
    const filled = await filler.hole(ordering.position + 1, last);
    if (filled === 0) return;
    logger.info({ from: ordering.position + 1, filled }, 'filled a hole in the log');
    await readOn();
  }

  /** @param compared whether the event that was handed on last has just been read and is ours: before the document. */
  async function check(compared = false): Promise<void> {
    const { log, intact } = compared ? { log: await readDocument(), intact: true } : await inspectLog();
    checkedAt = performance.now();
    if (log && log.epoch !== epoch) {
      logger.warn({ epoch: log.epoch }, 'the log has another epoch: following it from there');
      breakOff(log, 'epoch_changed');
      return;
    }
    if (log && log.floor > ordering.position) {
      logger.warn({ position: ordering.position, floor: log.floor }, 'what comes next was deleted: going on behind it');
      breakOff(log, 'below_floor');
      return;
    }
    const gone = !log || !intact;
    if (gone && trouble === null) {
      trouble = 'the log does not hold what was delivered: it was restored or replaced; give it a new epoch';
      logger.error({ position: ordering.position, counter: log?.counter }, trouble);
    } else if (!gone && trouble !== null) {
      trouble = null;
      logger.info('the log is back');
    }
    if (!log) return;
    floor = Math.max(floor, log.floor);
    reserved = log.counter;
    noteStarts(log);
  }

  function noteStarts(log: LogDocument): void {
    if (log.starts === starts) return;
    starts = log.starts ?? 0;
    joinedAt = performance.now();
  }

  const readDocument = (): Promise<LogDocument | null> => logs.findOne({ _id: 'log' });

  /**
   * Whether the log still holds what was handed on last. The counter does not tell: whoever writes into a restored log
   * soon lifts it again, and puts other events at the same seqs.
   */
  async function inspectLog(): Promise<{ log: LogDocument | null; intact: boolean }> {
    const last = lastHandedOn();
    const [there] = last ? await reader.read({ after: last.seq - 1, upTo: last.seq, limit: 1 }) : [];
    // After the event: what retention deleted before it was read lies below this floor.
    const log = await readDocument();
    return { log, intact: log !== null && (!last || last.isAt(there) || last.seq <= log.floor) };
  }

  /** The event at the present position, to be compared with what the log has there; `null` when retention may have it. */
  function lastHandedOn(): { seq: number; isAt(there: LogEvent | undefined): boolean } | null {
    const seq = ordering.position;
    if (seq <= floor) return null;
    // A relay that has just started knows its place and not yet its event.
    const ours = ring.after(seq - 1, 1)?.[0];
    return { seq, isAt: (there) => there?.seq === seq && (!ours || isSame(ours, there)) };
  }

  function breakOff(log: LogDocument, reason: BreakReason): void {
    follow(log);
    for (const listener of breakListeners) listener(reason);
  }

  const wholeReader: LogReader = {
    ...reader,
    async read(range) {
      const then = epoch;
      const events = await reader.read(range);
      // Another process may have deleted under the read, and the floor of our last check would not show it.
      const log = await logs.findOne({ _id: 'log' }, { projection: { epoch: 1, floor: 1 } });
      if (log?.epoch !== then) throw new HubError('unavailable', 'The log was replaced.', { retryAfterMs: 2_000 });
      floor = Math.max(floor, log.floor);
      return events;
    },
  };

  async function persist(): Promise<void> {
    if (ordering.position === persisted || trouble !== null) return;
    const position = ordering.position;
    // Of this epoch, and of a log that reaches so far: a restored one must not inherit a position of the one it replaced.
    await logs.updateOne({ _id: 'log', epoch, counter: { $gte: position } }, { $max: { contiguous_to: position } });
    persisted = position;
    persistedAt = performance.now();
  }

  function follow(log: LogDocument): void {
    gathering.clear();
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
        const due = performance.now() - checkedAt >= CHECK_MS - TIMER_MS;
        // Whoever stood still may have been overtaken by retention: what lies where he left off is not what comes next.
        const stood = performance.now() - readAt > STOOD_STILL_MS;
        if (stood || (due && trouble !== null)) await check();
        if (trouble === null && (await readOn())) {
          if (due) await check(true);
          await mendHole();
          if (performance.now() - persistedAt >= PERSIST_MS) await persist();
        }
        if (failed) logger.info('the log can be read again');
        failed = false;
      } catch (error) {
        if (!failed) logger.warn({ err: error }, 'the log cannot be read; trying on');
        failed = true;
      }
      await sleep(failed ? POLL_MS * 2 : pace());
    }
  }

  function pace(): number {
    const joining = performance.now() - joinedAt < JOINING_MS;
    if (trouble !== null || holeEnd() !== null) return POLL_MS;
    if (deps.isAlone?.() === true && !joining) return POLL_ALONE_MS;
    return deps.isLinked?.() === true ? POLL_LINKED_MS : POLL_MS;
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
    reader: wholeReader,
    async start() {
      // Whoever runs already reads this within a second, and from then on polls for what this process writes.
      await logs.updateOne({ _id: 'log' }, { $inc: { starts: 1 } });
      const log = await readDocument();
      if (!log) throw new Error('the log document is missing');
      starts = log.starts ?? 0;
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
    offer: (events) => gathering.add(events),
    flush: () => gathering.flush(),
    wake,
    onEvents: (listener) => void eventListeners.push(listener),
    onBreak: (listener) => void breakListeners.push(listener),
    trouble: () => trouble,
    isLogIntact: async () => (await inspectLog()).intact,
    staleFor: () => performance.now() - readAt,
    async stop() {
      stopped = true;
      clearTimeout(gapTimer);
      gathering.flush();
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

function isSame(a: LogEvent, b: LogEvent): boolean {
  return a.item === b.item && a.version === b.version && a.type === b.type && a.at === b.at;
}
