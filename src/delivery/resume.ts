// Decides where a stream starts: after what its client has, at the present, or at the present with the duty to take a snapshot.
import { setTimeout as delay } from 'node:timers/promises';
import type { Position, ResyncReason } from '@workitem-hub/client/contract';
import { type LogEvent, dataJson } from '../eventlog/event.js';
import type { Relay } from '../relay/relay.js';
import { scopeChange } from './scope.js';
import { createSharedRuns } from './shared-runs.js';
import { type Audience, shows } from './view.js';

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

/** Bytes of event data that a replay sends before it looks how much of it is still waiting. */
const PIECE_BYTES = 128 << 10;
/** A piece that is half full ends at a multiple of this, so that streams from different positions soon ask for the same pieces. */
const ALIGNED = 64;

export interface Piece {
  /** The same array for every stream that is shown the same, while many ask for it. */
  shown: readonly LogEvent[];
  bytes: number;
  /** Where the piece ends. */
  upTo: number;
  /** What is left of the page. */
  rest: Page | null;
}

const shared = createSharedRuns();

/**
 * What of a page is shown, up to some bytes: a whole page of large events would make a connection that takes all it can look like
 * a slow one.
 */
export function takePiece(page: Page, audience: Audience): Piece {
  const shown: LogEvent[] = [];
  let bytes = 0;
  let taken = 0;
  for (const event of page.events) {
    taken++;
    if (!shows(audience, event)) continue;
    shown.push(event);
    bytes += dataJson(event).length;
    if (bytes >= PIECE_BYTES || (bytes >= PIECE_BYTES / 2 && event.seq % ALIGNED === 0)) break;
  }
  const whole = taken === page.events.length;
  return {
    shown: shared(shown),
    bytes,
    upTo: whole ? page.upTo : (page.events[taken - 1] as LogEvent).seq,
    rest: whole ? null : { events: page.events.slice(taken), upTo: page.upTo },
  };
}
