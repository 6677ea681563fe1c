// Whether this process should get traffic, and if not, why.

/** A relay that has not read the log for so long makes its process unready, milliseconds. */
const STALE_MS = 10_000;

export interface Readiness {
  ready: boolean;
  /** Each part of the hub: `ok`, or what is wrong with it. `redis` is there when there is one to be used; it decides nothing. */
  checks: Record<string, string>;
}

export function readinessOf(state: {
  draining: boolean;
  database: boolean;
  /** Why the relay delivers nothing. */
  trouble: string | null;
  /** Milliseconds since the log was read to its end. */
  staleFor: number;
  /** Whether Redis is there; absent when none is to be used. */
  redis?: boolean | undefined;
}): Readiness {
  const needed = {
    hub: state.draining ? 'draining' : 'ok',
    mongodb: state.database ? 'ok' : 'no primary can be reached',
    log: state.trouble ?? (state.staleFor < STALE_MS ? 'ok' : 'the log was not read lately'),
  };
  const ready = Object.values(needed).every((check) => check === 'ok');
  if (state.redis === undefined) return { ready, checks: needed };
  return { ready, checks: { ...needed, redis: state.redis ? 'ok' : 'away: polling the log' } };
}
