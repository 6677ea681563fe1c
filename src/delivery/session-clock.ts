// Ends a stream with its token: a warning a minute ahead, a cut on time, however far away that is.
import type { Session } from '../auth/principal.js';

const WARN_MS = 60_000;
/** `setTimeout` fires at once beyond 2^31 − 1 ms. */
const TIMEOUT_MAX_MS = 2_000_000_000;

export interface SessionClock {
  /** Follows another token from now on. */
  set(session: Session): void;
  /** Whether nothing may be written any more, even if the timer is late. */
  expired(now?: number): boolean;
  stop(): void;
}

export function createSessionClock(
  first: Session,
  handlers: { onExpiring: (session: Session) => void; onExpired: () => void },
): SessionClock {
  let session = first;
  let warned = false;
  let timer: NodeJS.Timeout | undefined;

  function arm(): void {
    clearTimeout(timer);
    if (!Number.isFinite(session.cutAt)) return;
    const now = Date.now();
    if (now >= session.cutAt) {
      handlers.onExpired();
      return;
    }
    if (!warned && now >= session.cutAt - WARN_MS) {
      warned = true;
      handlers.onExpiring(session);
    }
    const next = warned ? session.cutAt : session.cutAt - WARN_MS;
    timer = setTimeout(arm, Math.min(Math.max(next - now, 1), TIMEOUT_MAX_MS));
    timer.unref();
  }

  return {
    set(next) {
      session = next;
      warned = false;
      arm();
    },
    expired: (now = Date.now()) => now >= session.cutAt,
    stop: () => clearTimeout(timer),
  };
}
