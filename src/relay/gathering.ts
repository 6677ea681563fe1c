// Puts together what comes in quick succession: in a steady stream each event on its own would be a write to every socket.
import type { LogEvent } from '../eventlog/event.js';

export interface Gathering {
  /** Hands events on at once when the last were handed on long enough ago; else with all that come until then. */
  add(events: readonly LogEvent[]): void;
  /** Hands on what waits. */
  flush(): void;
  /** Forgets what waits. */
  clear(): void;
}

/** Of the window: in so short a time hardly anything joins what waits, and whoever sends at about this pace would often wait. */
const NOT_WORTH_WAITING = 0.1;

/**
 * @param windowMs milliseconds between two hand-overs; 0 for none. It is the longest that an event waits. Control events do not
 *   wait: a revocation is one.
 */
export function createGathering(
  windowMs: number,
  handOn: (events: readonly LogEvent[]) => void,
  now: () => number = () => performance.now(),
): Gathering {
  let waiting: LogEvent[] = [];
  /** How often something was added to what waits, and when the first of it came. */
  let added = 0;
  let since = 0;
  let last = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function clear(): void {
    clearTimeout(timer);
    timer = undefined;
    waiting = [];
    added = 0;
  }

  function flush(): void {
    const events = waiting;
    if (events.length === 0) return clear();
    // What waited for nothing counts from when it came: else each of a stream as slow as the window would wait as long as the one
    // before it that came late.
    last = added > 1 ? now() : since;
    clear();
    handOn(events);
  }

  return {
    add(events) {
      const at = now();
      waiting.push(...events);
      if (++added === 1) since = at;
      const left = last + windowMs - at;
      if (left <= windowMs * NOT_WORTH_WAITING || events.some(({ item }) => item === null)) flush();
      else timer ??= setTimeout(flush, left);
    },
    flush,
    clear,
  };
}
