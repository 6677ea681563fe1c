// A bound on how much one connection may say, whatever it says.
import type { CutReason } from '../delivery/transport.js';

export const FLOOD: CutReason = { code: 'rate_limited', message: 'Too many messages.' };

/** Packets, frames or pings of one connection within the window. */
export const FLOOD_LIMIT = 200;
export const FLOOD_WINDOW_MS = 10_000;

/**
 * Counts what one connection sends.
 * @param onFlood called once, when it was too much.
 * @returns the counter, to be called for everything that arrives; `false` from the flood on.
 */
export function createFloodGuard(
  onFlood: () => void,
  now: () => number = performance.now.bind(performance),
): () => boolean {
  let windowEnds = 0;
  let count = 0;
  let flooded = false;
  return () => {
    if (flooded) return false;
    const time = now();
    if (time >= windowEnds) {
      windowEnds = time + FLOOD_WINDOW_MS;
      count = 0;
    }
    if (++count <= FLOOD_LIMIT) return true;
    flooded = true;
    onFlood();
    return false;
  };
}
