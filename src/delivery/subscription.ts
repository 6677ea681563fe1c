// One client's stream: where it starts, what is replayed, the tick in which it joins the live events, and every way it ends.
import { setImmediate as nextTick, setTimeout as delay } from 'node:timers/promises';
import {
  CONTRACT,
  type ControlEventData,
  type ControlEventName,
  type Filter,
  type Position,
  type ResyncReason,
} from '@workitem-hub/client/contract';
import { type Session, assertViewer } from '../auth/principal.js';
import { HubError } from '../errors.js';
import type { Logger } from '../ops/logger.js';
import type { BreakReason, Relay } from '../relay/relay.js';
import { type BackPressureLimits, createBackPressure } from './back-pressure.js';
import { type Cursors, readPatiently } from './cursors.js';
import type { FanOut, Member } from './fan-out.js';
import { type Page, type Verdict, judgePosition, pageFromLog, pageFromRing, takePiece } from './resume.js';
import { scopeChange } from './scope.js';
import { createSessionClock } from './session-clock.js';
import type { CutReason, Transport } from './transport.js';
import { type Audience, createAudience } from './view.js';

const HEAD_MS = 15_000;
const DRAIN_POLL_MS = 10;
const RETRY_MS = 250;

export interface OpenOptions {
  filter?: Filter | null;
  position?: Position | null;
  clientId?: string | null;
}

/** Who watches, and with which rooms when not those of the principal. */
export interface Viewer {
  session: Session;
  rooms?: readonly string[];
}

export interface Subscription {
  readonly session: Session;
  readonly rooms: readonly string[];
  readonly scope: string;
  /** Everything of this scope up to here has been handed to the transport. */
  readonly sentTo: number;
  readonly closed: boolean;
  /** Bytes that wait for its connection. */
  readonly queuedBytes: number;
  /** Resolves when the stream is live or has ended before. */
  readonly opened: Promise<void>;
  /** Shows something else from here on; the stream goes on without a break. */
  setFilter(filter: Filter | null): { scope: string; position: Required<Position> };
  /**
   * Goes on with another token of the same person; its rooms count at once.
   * @throws HubError `forbidden` for another `sub`, or for a token that may see nothing; `token_expired` when the
   *   stream has ended meanwhile.
   */
  refresh(session: Session): { scope: string };
  /**
   * Moves the durable cursor of this client.
   * @throws HubError `invalid` without a `client_id`, before `ready`, for another epoch, or past what was sent.
   */
  ack(position: Position): Promise<{ epoch: string; seq: number }>;
  /** Cuts the stream when it may not go on: expired, revoked, too slow. Called every second, and on a revocation. */
  inspect(now: number): void;
  sendControl<N extends ControlEventName>(name: N, data: ControlEventData[N]): void;
  cut(reason: CutReason): void;
  /** The log goes on somewhere else than where the stream stands. */
  logBroke(reason: BreakReason): void;
  /** The transport went away. */
  close(): void;
}

export interface SubscriptionDeps {
  relay: Relay;
  /** Everything up to here has been given to the live streams. */
  publishedTo: () => number;
  fanOut: FanOut;
  cursors: Cursors;
  isRevoked: (session: Session) => boolean;
  /** Counts what a replay sent against the user's budget. */
  chargeReplay: (sub: string, bytes: number) => void;
  limits: BackPressureLimits;
  logger: Logger;
  onVerdict: (verdict: Verdict['verdict'], reason?: ResyncReason) => void;
  /** Told where a page of events that were missed was read. */
  onReplay: (source: 'ring' | 'log') => void;
  onCut: (code: CutReason['code']) => void;
  onClosed: (subscription: Subscription) => void;
}

export function createSubscription(
  deps: SubscriptionDeps,
  transport: Transport,
  viewer: Viewer,
  options: OpenOptions,
): Subscription {
  const { relay, fanOut } = deps;
  const clientId = options.clientId ?? null;
  const sub = viewer.session.principal.sub;
  let { session } = viewer;
  let audience: Audience = createAudience(viewer.rooms ?? assertViewer(session.principal), options.filter ?? null, sub);
  let phase: 'opening' | 'replaying' | 'live' | 'closed' = 'opening';
  let cursor = relay.position;
  let count = 0;
  let headAt = 0;
  let opened: Promise<void>;
  const pressure = createBackPressure(transport, deps.limits);
  const clock = createSessionClock(session, {
    onExpiring: ({ expiresAt }) => {
      if (phase === 'replaying' || phase === 'live') {
        sendControl('token_expiring', { expires_at: new Date(expiresAt).toISOString() });
      }
    },
    onExpired: () => cut({ code: 'token_expired', message: 'The token has expired.' }),
  });

  const sentTo = (): number => (phase === 'live' ? deps.publishedTo() : cursor);
  const isClosed = (): boolean => phase === 'closed';

  const member: Member = {
    deliver(events) {
      if (!mayWrite()) return;
      transport.sendEvents(events, relay.epoch);
      if (pressure.exceeded(Date.now())) cutSlow();
    },
  };

  /** Rights are checked wherever something is written, not only when a timer says so. */
  function mayWrite(): boolean {
    if (phase === 'closed') return false;
    if (clock.expired()) {
      cut({ code: 'token_expired', message: 'The token has expired.' });
      return false;
    }
    if (deps.isRevoked(session)) {
      cut({ code: 'unauthenticated', message: 'The token was revoked.' });
      return false;
    }
    return true;
  }

  function sendControl<N extends ControlEventName>(name: N, data: ControlEventData[N]): void {
    if (!mayWrite()) return;
    transport.sendControl(name, data, { epoch: relay.epoch, seq: sentTo(), at: new Date().toISOString() });
  }

  async function open(): Promise<void> {
    const position =
      options.position ?? (clientId === null ? null : await readPatiently(deps.cursors, sub, clientId, isClosed));
    const { scope } = audience;
    let verdict: Verdict = position ? await judgePosition(relay, position, audience, isClosed) : { verdict: 'fresh' };
    if (isClosed()) return;
    // Another token or filter came while it waited: the position was judged for what is no longer shown.
    const changed = position && scopeChange(scope, audience.scope);
    if (changed) verdict = { verdict: 'resync', reason: changed };
    deps.onVerdict(verdict.verdict, verdict.verdict === 'resync' ? verdict.reason : undefined);
    cursor = verdict.verdict === 'resumed' ? verdict.seq : relay.position;
    transport.gather();
    sendReady(verdict);
    // Sending checks the rights, and may have ended it.
    if (isClosed()) return;
    phase = 'replaying';
    const replayed = replay();
    // Arms the timers only now: `token_expiring` comes after `ready`, and after a replay that is done in this tick.
    if (!isClosed()) clock.set(session);
    await replayed;
  }

  function sendReady(verdict: Verdict): void {
    sendControl('ready', {
      epoch: relay.epoch,
      seq: cursor,
      scope: audience.scope,
      verdict: verdict.verdict,
      ...(verdict.verdict === 'resync' ? { reason: verdict.reason } : {}),
      principal: session.principal,
      expires_at: new Date(Number.isFinite(session.expiresAt) ? session.expiresAt : 8.64e15).toISOString(),
      contract: CONTRACT,
    });
  }

  /** Pages through (cursor, relay's position]; joins the live stream in the tick in which nothing is left. */
  async function replay(): Promise<void> {
    let page: Page | null = null;
    while (phase === 'replaying') {
      if (relay.trouble() !== null) {
        await delay(RETRY_MS);
        continue;
      }
      if (cursor < relay.floor) {
        resync('below_floor');
        return;
      }
      page ??= readRing() ?? (await readLog());
      if (phase !== 'replaying' || !mayWrite()) return;
      if (!page) continue;
      transport.gather();
      page = sendPiece(page);
      if (phase !== 'replaying') return;
      if (cursor === relay.position) {
        goLive();
        return;
      }
      await nextTick();
      await untilDrained();
    }
  }

  function readRing(): Page | null {
    const page = pageFromRing(relay, cursor);
    if (page && cursor < relay.position) deps.onReplay('ring');
    return page;
  }

  /** `null` when it has to be read again: MongoDB is away, or the rights changed under it. */
  async function readLog(): Promise<Page | null> {
    const { rooms } = audience;
    const { epoch } = relay;
    try {
      deps.onReplay('log');
      const page = await pageFromLog(relay, cursor, rooms);
      // Retention may have deleted under the read, a refresh changed the rooms: what was read is then not whole.
      return cursor < relay.floor || audience.rooms !== rooms || relay.epoch !== epoch ? null : page;
    } catch (error) {
      deps.logger.debug({ err: error }, 'a replay cannot read the log; trying on');
      await delay(RETRY_MS);
      return null;
    }
  }

  /** Sends the beginning of a page, moves the cursor over it and returns the rest, if any. */
  function sendPiece(page: Page): Page | null {
    const { shown, bytes, upTo, rest } = takePiece(page, audience);
    if (shown.length > 0) {
      count += shown.length;
      deps.chargeReplay(sub, bytes);
      transport.sendEvents(shown, relay.epoch);
    }
    cursor = upTo;
    return rest;
  }

  async function untilDrained(): Promise<void> {
    while (phase === 'replaying' && !pressure.mayContinue()) {
      if (pressure.exceeded(Date.now())) return cutSlow();
      await delay(DRAIN_POLL_MS);
    }
  }

  function goLive(): void {
    phase = 'live';
    headAt = Date.now() + HEAD_MS * (0.5 + Math.random() / 2);
    fanOut.join(member, audience);
    sendControl('caught_up', { epoch: relay.epoch, seq: relay.position, count });
  }

  /** What is shown can no longer be told as a sequence of events: the client takes a snapshot and goes on from here. */
  function resync(reason: ResyncReason): void {
    const wasReplaying = phase === 'replaying';
    if (wasReplaying) cursor = relay.position;
    sendControl('resync_required', { reason, lowest_seq: relay.floor, scope: audience.scope });
    if (wasReplaying && phase === 'replaying') goLive();
  }

  function show(next: Audience): void {
    if (phase === 'live') fanOut.leave(member, audience);
    audience = next;
    if (phase === 'live') fanOut.join(member, audience);
  }

  function cutSlow(): void {
    cut({ code: 'too_slow', message: 'The connection is too slow for its stream; resume from your position.' });
  }

  function cut(reason: CutReason): void {
    if (phase === 'closed') return;
    deps.onCut(reason.code);
    close();
    transport.cut(reason);
  }

  function close(): void {
    if (phase === 'closed') return;
    if (phase === 'live') fanOut.leave(member, audience);
    cursor = sentTo();
    phase = 'closed';
    clock.stop();
    deps.onClosed(subscription);
  }

  const subscription: Subscription = {
    get session() {
      return session;
    },
    get rooms() {
      return audience.rooms;
    },
    get scope() {
      return audience.scope;
    },
    get sentTo() {
      return sentTo();
    },
    get closed() {
      return isClosed();
    },
    get queuedBytes() {
      return transport.queuedBytes();
    },
    get opened() {
      return opened;
    },
    setFilter(filter) {
      show(createAudience(audience.rooms, filter, sub));
      return { scope: audience.scope, position: { epoch: relay.epoch, seq: sentTo(), scope: audience.scope } };
    },
    refresh(next) {
      if (next.principal.sub !== sub) throw new HubError('forbidden', 'The token is of another person.');
      const rooms = assertViewer(next.principal);
      // It may have been cut while the token was verified; its timers must not start again.
      if (isClosed()) throw new HubError('token_expired', 'This stream has ended; connect again.');
      session = next;
      const changed = JSON.stringify(rooms) !== JSON.stringify(audience.rooms);
      if (changed) show(createAudience(rooms, audience.filter, sub));
      clock.set(session);
      if (changed && (phase === 'live' || phase === 'replaying')) resync('rights_changed');
      return { scope: audience.scope };
    },
    async ack(position) {
      if (clientId === null) throw new HubError('invalid', 'ack needs a client_id in the handshake.');
      if (phase === 'opening') throw new HubError('invalid', 'Nothing has been sent yet.');
      if (position.epoch !== relay.epoch) throw new HubError('invalid', 'The epoch is not the present one.');
      if (position.seq > sentTo()) throw new HubError('invalid', 'The position is past what was sent.');
      await deps.cursors.advance(sub, clientId, {
        epoch: position.epoch,
        seq: position.seq,
        scope: position.scope ?? audience.scope,
      });
      return { epoch: position.epoch, seq: position.seq };
    },
    inspect(now) {
      if (!mayWrite()) return;
      if (phase === 'live' && pressure.exceeded(now)) return cutSlow();
      if (phase === 'live' && now >= headAt) {
        headAt = now + HEAD_MS;
        sendControl('head', { epoch: relay.epoch, seq: sentTo() });
      }
    },
    sendControl,
    cut,
    logBroke(reason) {
      if (phase === 'live' || phase === 'replaying') resync(reason);
    },
    close,
  };
  // In this very tick: a stream without a position is live when this returns.
  opened = open().catch((error: unknown) => {
    deps.logger.error({ err: error }, 'a stream failed');
    cut({ code: 'unavailable', message: 'The stream failed; connect again.' });
  });
  return subscription;
}
