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

export class BackPressure {
  private behindSince: number | null = null;

  constructor(
    private readonly transport: Transport,
    private readonly limits: BackPressureLimits,
  ) {}

  /** Whether the connection has fallen too far behind. Called after writes, and every second. */
  exceeded(now: number): boolean {
    const waiting = this.transport.queuedBytes();
    if (waiting <= LOW_WATER) this.behindSince = null;
    else this.behindSince ??= now;
    const { maxBytes, maxAgeMs } = this.limits;
    return waiting > maxBytes || (this.behindSince !== null && now - this.behindSince > maxAgeMs);
  }

  /** Whether a replay may send more. */
  mayContinue(): boolean {
    return this.transport.queuedBytes() <= LOW_WATER;
  }
}
