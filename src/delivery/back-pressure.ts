// Bounds what may wait for one slow connection, in bytes and in time; past it the connection is cut and resumes from the log.
import type { Transport } from './transport.js';

export interface BackPressureLimits {
  /** Bytes that may wait for one connection. */
  maxBytes: number;
  /** Milliseconds for which more than {@link LOW_WATER} bytes may wait without a break. */
  maxAgeMs: number;
}

/** Below this many bytes a connection counts as keeping up; a replay sends its next page. */
export const LOW_WATER = 128 << 10;

export interface BackPressure {
  /** Whether the connection has fallen too far behind. Called after writes, and every second. */
  exceeded(now: number): boolean;
  /** Whether a replay may send more. */
  mayContinue(): boolean;
}

export function createBackPressure(transport: Transport, limits: BackPressureLimits): BackPressure {
  let behindSince: number | null = null;
  return {
    exceeded(now) {
      const waiting = transport.queuedBytes();
      if (waiting <= LOW_WATER) behindSince = null;
      else behindSince ??= now;
      return waiting > limits.maxBytes || (behindSince !== null && now - behindSince > limits.maxAgeMs);
    },
    mayContinue: () => transport.queuedBytes() <= LOW_WATER,
  };
}
