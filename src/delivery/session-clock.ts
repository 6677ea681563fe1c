// Ends a stream with its token: a warning a minute ahead, a cut on time, however far away that is.
import type { Session } from '../auth/principal.js';

const WARN_MS = 60_000;
/** How often a clock must be looked at, in ms. */
export const LOOK_MS = 1_000;
/** Looks may be late. */
const AHEAD_MS = 3 * LOOK_MS;

/** Whose time it is. */
export interface Expiring {
  readonly closed: boolean;
  readonly session: Session;
  onExpiring(): void;
  onExpired(): void;
}

/** Holds a timer only for what comes due before it is looked at again: most tokens of thousands of streams have long to go. */
export class SessionClock {
  private warned = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly stream: Expiring) {}

  /** Follows another token from now on. */
  reset(): void {
    this.warned = false;
    this.look(Date.now());
  }

  /** Says what is due, and sees to it that what comes next is said in time. To be called every {@link LOOK_MS}. */
  look(now: number): void {
    this.stop();
    const { cutAt } = this.stream.session;
    if (now >= cutAt) {
      this.stream.onExpired();
      return;
    }
    if (!this.warned && now >= cutAt - WARN_MS) {
      this.warned = true;
      this.stream.onExpiring();
      // Telling it may have ended the stream.
      if (this.stream.closed) return;
    }
    const next = this.warned ? cutAt : cutAt - WARN_MS;
    if (next - now > AHEAD_MS) return;
    this.timer = setTimeout(() => this.look(Date.now()), Math.max(next - now, 1));
    this.timer.unref();
  }

  stop(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
  }
}
