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
  let last = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function clear(): void {
    clearTimeout(timer);
    timer = undefined;
    waiting = [];
  }

  function flush(): void {
    const events = waiting;
    clear();
    if (events.length === 0) return;
    last = now();
    handOn(events);
  }

  return {
    add(events) {
      waiting.push(...events);
      const left = last + windowMs - now();
      if (left <= 0 || events.some(({ item }) => item === null)) flush();
      else timer ??= setTimeout(flush, left);
    },
    flush,
    clear,
  };
}
