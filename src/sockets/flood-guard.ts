// A bound on how much one connection may say, whatever it says.
import type { CutReason } from '../delivery/transport.js';

export const FLOOD: CutReason = { code: 'rate_limited', message: 'Too many messages.' };

/** Packets, frames or pings of one connection within the window. */
export const FLOOD_LIMIT = 1_000;
export const FLOOD_WINDOW_MS = 10_000;
/** Events whose acknowledgements may be outstanding. */
const OWED_MAX = 10_000;

export interface FloodGuard {
  /** To be called for everything that arrives; `false` from the flood on. */
  readonly count: () => boolean;
  /** The connection was sent so many events: it may say one thing about each, beyond the limit. */
  readonly sent: (events: number) => void;
}

/**
 * Counts what one connection sends.
 * @param onFlood called once, when it was too much.
 */
export function createFloodGuard(
  onFlood: () => void,
  now: () => number = performance.now.bind(performance),
): FloodGuard {
  let windowEnds = 0;
  let count = 0;
  let owed = 0;
  let flooded = false;
  return {
    count() {
      if (flooded) return false;
      if (owed > 0) {
        owed--;
        return true;
      }
      const time = now();
      if (time >= windowEnds) {
        windowEnds = time + FLOOD_WINDOW_MS;
        count = 0;
      }
      if (++count <= FLOOD_LIMIT) return true;
      flooded = true;
      onFlood();
      return false;
    },
    sent(events) {
      owed = Math.min(owed + events, OWED_MAX);
    },
  };
}
