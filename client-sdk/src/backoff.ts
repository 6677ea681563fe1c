// How long to wait before the next try.

export interface BackoffOptions {
  /** Bound of the first wait, milliseconds; default 500. */
  minMs?: number;
  /** Bound of every wait, milliseconds; default 30,000. */
  maxMs?: number;
}

export interface Backoff {
  /** Milliseconds until the next try. */
  next(): number;
  /** Something worked: begin anew. */
  reset(): void;
}

/**
 * Exponential, with full jitter: anything from 0 to the bound, so that those who lost their connection in the same moment
 * do not come back in the same moment.
 */
export function createBackoff({ minMs = 500, maxMs = 30_000 }: BackoffOptions = {}): Backoff {
  let bound = minMs;
  return {
    next() {
      const wait = Math.random() * bound;
      bound = Math.min(bound * 2, maxMs);
      return wait;
    },
    reset() {
      bound = minMs;
    },
  };
}
