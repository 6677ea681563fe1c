// Decides where a stream starts: after what its client has, at the present, or at the present with the duty to take a snapshot.
import { setTimeout as delay } from 'node:timers/promises';
import type { Position, ResyncReason } from '@workitem-hub/client/contract';
import type { LogEvent } from '../eventlog/event.js';
import type { Relay } from '../relay/relay.js';
import { scopeChange } from './scope.js';
import type { Audience } from './view.js';

/** Events per page of a replay. */
export const PAGE = 500;
const WAIT_MS = 50;

export type Verdict =
  | { verdict: 'fresh' }
  | { verdict: 'resumed'; seq: number }
  | { verdict: 'resync'; reason: ResyncReason };

/**
 * What becomes of a position that a client presents. One that is ahead of this process's relay but inside the log waits
 * for the relay; while MongoDB is away that cannot be told apart, and waits too.
 * @param abandoned whether the client has gone meanwhile.
 */
export async function judgePosition(
  relay: Relay,
  position: Position,
  audience: Audience,
  abandoned: () => boolean,
): Promise<Verdict> {
  for (;;) {
    if (position.epoch !== relay.epoch) return { verdict: 'resync', reason: 'epoch_changed' };
    const changed = scopeChange(position.scope, audience.scope);
    if (changed) return { verdict: 'resync', reason: changed };
    if (position.seq < relay.floor) return { verdict: 'resync', reason: 'below_floor' };
    if (relay.trouble() === null && position.seq <= relay.position) return { verdict: 'resumed', seq: position.seq };
    if (relay.trouble() === null && (await isAheadOfLog(relay, position.seq)))
      return { verdict: 'resync', reason: 'ahead_of_log' };
    if (abandoned()) return { verdict: 'fresh' };
    await delay(WAIT_MS);
  }
}

async function isAheadOfLog(relay: Relay, seq: number): Promise<boolean> {
  try {
    return (await relay.reader.lastSeq()) < seq;
  } catch {
    return false;
  }
}

/** One page of what follows `after`: every event of the caller's rooms up to `upTo`, to be filtered yet. */
export interface Page {
  events: readonly LogEvent[];
  upTo: number;
}

/** From the ring, at once, when it reaches back that far. */
export function pageFromRing(relay: Relay, after: number): Page | null {
  if (after >= relay.position) return { events: [], upTo: relay.position };
  const events = relay.ring.after(after, PAGE);
  if (!events) return null;
  return { events, upTo: events.at(-1)?.seq ?? after };
}

/** From the log, up to the relay's position at the time of the call: beyond it there may be holes. */
export async function pageFromLog(relay: Relay, after: number, rooms: readonly string[], limit = PAGE): Promise<Page> {
  const end = relay.position;
  const events = await relay.reader.read({ after, upTo: end, rooms, limit });
  return { events, upTo: events.length < limit ? end : (events.at(-1)?.seq ?? end) };
}
