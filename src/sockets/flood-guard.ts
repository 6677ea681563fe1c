// A bound on how much one connection may say, whatever it says.
import type { CutReason } from '../delivery/transport.js';

export const FLOOD: CutReason = { code: 'rate_limited', message: 'Too many messages.' };

/** Packets, frames or pings of one connection within the window. */
export const FLOOD_LIMIT = 1_000;
export const FLOOD_WINDOW_MS = 10_000;
/** Events whose acknowledgements may be outstanding. */
const OWED_MAX = 10_000;

/** Counts what one connection sends. */
export class FloodGuard {
  private windowEnds = 0;
  private count = 0;
  private owed = 0;

  /** To be called for everything that arrives; tells `flood` once, when it was too much, and `flooded` from then on. */
  heard(now = performance.now()): 'fine' | 'flood' | 'flooded' {
    if (this.count > FLOOD_LIMIT) return 'flooded';
    if (this.owed > 0) {
      this.owed--;
      return 'fine';
    }
    if (now >= this.windowEnds) {
      // Whole: a fraction would take memory of its own beside the object.
      this.windowEnds = Math.ceil(now + FLOOD_WINDOW_MS);
      this.count = 0;
    }
    return ++this.count <= FLOOD_LIMIT ? 'fine' : 'flood';
  }

  /** The connection was sent so many events: it may say one thing about each, beyond the limit. */
  sent(events: number): void {
    this.owed = Math.min(this.owed + events, OWED_MAX);
  }
}
