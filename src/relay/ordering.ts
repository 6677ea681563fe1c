// Turns events that come early, late or twice into the log's own order: it hands on nothing but the next seq.
import type { LogEvent } from '../eventlog/event.js';

/** Events kept ahead of a hole; more are dropped, since the log has them. */
const AHEAD_MAX = 20_000;

export interface Ordering {
  /** Highest seq that was handed on. */
  readonly position: number;
  /** Takes events in any order; returns those that are next, in order. */
  take(events: readonly LogEvent[]): LogEvent[];
  /** Whether there are events that wait behind a hole. */
  readonly waits: boolean;
  /** The lowest seq that is known beyond the hole at `position + 1`, or `null` when there is no hole. */
  beyond(): number | null;
  reset(position: number): void;
}

export function createOrdering(start: number): Ordering {
  let position = start;
  const ahead = new Map<number, LogEvent>();
  return {
    get position() {
      return position;
    },
    get waits() {
      return ahead.size > 0;
    },
    take(events) {
      for (const event of events) {
        if (event.seq > position && ahead.size < AHEAD_MAX) ahead.set(event.seq, event);
        else if (event.seq === position + 1) ahead.set(event.seq, event);
      }
      const ready: LogEvent[] = [];
      for (let next = ahead.get(position + 1); next; next = ahead.get(position + 1)) {
        ahead.delete(next.seq);
        position = next.seq;
        ready.push(next);
      }
      return ready;
    },
    beyond() {
      if (ahead.size === 0) return null;
      let lowest = Number.POSITIVE_INFINITY;
      for (const seq of ahead.keys()) if (seq < lowest) lowest = seq;
      return lowest;
    },
    reset(to) {
      position = to;
      ahead.clear();
    },
  };
}
