// The newest events in memory, bounded in count and bytes: most resumes are served from here, without MongoDB.
import { type LogEvent, dataJson } from '../eventlog/event.js';

/** Bytes that an event costs beside its data: rooms, numbers, the object itself. */
const OVERHEAD = 300;

export interface Ring {
  push(events: readonly LogEvent[]): void;
  /** Up to `limit` events after `seq`, in order; `null` when the ring does not reach back that far. */
  after(seq: number, limit: number): readonly LogEvent[] | null;
  /** Bytes of all events after `seq`; `null` as for `after`. */
  bytesAfter(seq: number): number | null;
  clear(): void;
  readonly size: number;
  readonly bytes: number;
}

/** Bounds of a ring: events, and their bytes. */
export const RING_LIMITS = { count: 50_000, bytes: 64 << 20 };

/** Bytes that an event counts for in a ring. */
export const bytesOf = (event: LogEvent): number => dataJson(event).length + OVERHEAD;

/** Holds a contiguous run of seqs. */
export function createRing(limits: { count: number; bytes: number } = RING_LIMITS): Ring {
  /** Before `start` there is nothing. */
  let events: (LogEvent | null)[] = [];
  /** `total[i]`: bytes of every event ever pushed before `events[i]`, so that a difference is a sum. */
  let before: number[] = [];
  let start = 0;
  let total = 0;

  const bytes = (): number => total - (before[start] ?? total);
  const indexAfter = (seq: number): number | null => {
    const first = events[start];
    if (!first) return null;
    const index = start + seq + 1 - first.seq;
    return index < start ? null : Math.min(index, events.length);
  };

  return {
    push(added) {
      for (const event of added) {
        events.push(event);
        before.push(total);
        total += bytesOf(event);
      }
      while (events.length - start > limits.count || (bytes() > limits.bytes && events.length - start > 1)) {
        // Let go of at once: the places are taken away later, and until then they would hold as much again.
        events[start++] = null;
      }
      // Dropping from the front of an array is linear: do it rarely.
      if (start > 1_000 && start > events.length / 2) {
        events = events.slice(start);
        before = before.slice(start);
        start = 0;
      }
    },
    after(seq, limit) {
      const index = indexAfter(seq);
      return index === null ? null : (events.slice(index, index + limit) as LogEvent[]);
    },
    bytesAfter(seq) {
      const index = indexAfter(seq);
      return index === null ? null : total - (before[index] ?? total);
    },
    clear() {
      events = [];
      before = [];
      start = 0;
    },
    get size() {
      return events.length - start;
    },
    get bytes() {
      return bytes();
    },
  };
}
