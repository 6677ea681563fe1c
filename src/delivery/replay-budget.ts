// Bounds how much one user may have replayed per minute. A replay over the limit is refused whole, never cut in half.
import type { Position } from '@workitem-hub/client/contract';
import { HubError } from '../errors.js';
import { dataJson } from '../eventlog/event.js';
import type { Limits } from '../ops/limits.js';
import type { Logger } from '../ops/logger.js';
import type { Relay } from '../relay/relay.js';
import { scopeChange } from './scope.js';
import { type Audience, shows } from './view.js';

/** What this needs of the limits: bytes per minute and user. */
export interface ReplayLimit {
  /** @throws HubError `rate_limited` when so many more bytes would exceed the limit. */
  check(sub: string, bytes: number): Promise<void>;
  charge(sub: string, bytes: number): void;
}

/** The limit `replay` of a process. */
export function createReplayLimit(limits: Limits, logger: Logger): ReplayLimit {
  return {
    check: (sub, bytes) => limits.would('replay', sub, bytes),
    charge: (sub, bytes) => {
      limits.consume('replay', sub, bytes).catch((error: unknown) => {
        // It fitted when it was admitted; what came since is not held against it.
        if (!(error instanceof HubError)) logger.error({ err: error }, 'a replay was not counted');
      });
    },
  };
}

/**
 * Bytes that a resume from this position will send; 0 when it will not be resumed. An upper bound first, since that is
 * free: only one that does not fit is counted exactly.
 * @throws HubError `rate_limited`.
 */
export async function assertReplayFits(
  relay: Relay,
  limit: ReplayLimit,
  sub: string,
  position: Position,
  audience: Audience,
): Promise<void> {
  const { seq } = position;
  const resumable =
    position.epoch === relay.epoch &&
    scopeChange(position.scope, audience.scope) === null &&
    seq >= relay.floor &&
    seq < relay.position;
  if (!resumable) return;
  const bound = relay.ring.bytesAfter(seq);
  try {
    if (bound !== null) return await limit.check(sub, bound);
  } catch {
    // Others' events count in the bound: look closer.
  }
  const exact =
    bound === null
      ? await relay.reader.bytesIn({ after: seq, upTo: relay.position, rooms: audience.rooms })
      : bytesInRing(relay, seq, audience);
  await limit.check(sub, exact);
}

function bytesInRing(relay: Relay, after: number, audience: Audience): number {
  const events = relay.ring.after(after, Number.MAX_SAFE_INTEGER) ?? [];
  return events.reduce((bytes, event) => (shows(audience, event) ? bytes + dataJson(event).length : bytes), 0);
}
