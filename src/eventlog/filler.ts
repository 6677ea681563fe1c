// Fills the holes that a dead or slow writer left, so that a reader's contiguous prefix can go on (CORFU's idea).
import type { WriteOnce } from './write-once.js';

/** How long a hole may stand before it is filled, milliseconds. */
const PATIENCE_MS = 1_000;
/** The same after a collision with a late writer. No longer: whoever waits for the events behind the hole waits as long. */
const LONG_PATIENCE_MS = 2_000;
/** After this long without a collision patience is back to normal, milliseconds. */
const CALM_MS = 10_000;
/** Seqs that one call fills at most. */
const FILL_MAX = 1_000;

export interface Filler {
  /**
   * Tells the filler that nothing is known at `first` … `last`. It fills them when it has heard so, about the same
   * first seq, for as long as its patience lasts. Resolves with the number it filled.
   */
  hole(first: number, last: number): Promise<number>;
  /** Forgets the hole: it has closed. */
  closed(): void;
  /** A writer came late, here or elsewhere: wait longer from now on. */
  collided(): void;
}

/** @param now the process's own monotonic clock, milliseconds. */
export function createFiller(deps: { fill: WriteOnce['fill']; now?: () => number }): Filler {
  const now = deps.now ?? (() => performance.now());
  let collidedAt = Number.NEGATIVE_INFINITY;
  let seen: { first: number; at: number } | null = null;
  return {
    async hole(first, last) {
      const patience = now() - collidedAt > CALM_MS ? PATIENCE_MS : LONG_PATIENCE_MS;
      if (seen?.first !== first) seen = { first, at: now() };
      if (now() - seen.at < patience) return 0;
      const count = Math.min(last - first + 1, FILL_MAX);
      await deps.fill(Array.from({ length: count }, (_, index) => first + index));
      seen = null;
      return count;
    },
    closed() {
      seen = null;
    },
    collided() {
      collidedAt = now();
    },
  };
}
