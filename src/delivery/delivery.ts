// Everything between the relay and the sockets: who is connected, what each is owed, and when a stream must end.
import type { ItemEventName, Position } from '@workitem-hub/client/contract';
import { type Principal, type Session, assertViewer } from '../auth/principal.js';
import { HubError } from '../errors.js';
import type { LogEvent } from '../eventlog/event.js';
import { whenAvailable } from '../mongo/unavailable.js';
import type { Logger } from '../ops/logger.js';
import type { Relay } from '../relay/relay.js';
import type { BackPressureLimits } from './back-pressure.js';
import type { Cursors } from './cursors.js';
import { createFanOut } from './fan-out.js';
import { type ReplayLimit, assertReplayFits } from './replay-budget.js';
import { judgePosition, pageFromLog, pageFromRing } from './resume.js';
import { LOOK_MS } from './session-clock.js';
import { Stream } from './stream.js';
import type { OpenOptions, Subscription, SubscriptionDeps, Viewer } from './subscription.js';
import type { Transport } from './transport.js';
import { createAudience, shows } from './view.js';

export type { OpenOptions, Subscription, Viewer } from './subscription.js';

/** An event as `GET /api/events` shows it. */
export interface PolledEvent {
  seq: number;
  event: ItemEventName;
  data: object;
  at: string;
}

export interface Delivery {
  /**
   * Whether a stream may be opened: cheap, and before the connection is accepted.
   * @throws HubError `forbidden` for one who may see nothing, `rate_limited` for a replay over the user's limit.
   */
  admit(viewer: Viewer, options: OpenOptions): Promise<void>;
  /** Opens a stream: `ready` is sent in this tick, unless the position has to wait. */
  open(transport: Transport, viewer: Viewer, options: OpenOptions): Subscription;
  /**
   * The same stream for those who ask again and again: events after a position, with the rights of the socket.
   * @param after `null` starts at the present.
   * @throws HubError `resync` with `details.reason`, where a socket would get that verdict.
   */
  poll(
    caller: Principal,
    after: Position | null,
    limit: number,
  ): Promise<{ events: PolledEvent[]; position: Required<Position>; more: boolean }>;
  /** Open streams of this process, of both kinds. */
  connections(): number;
  /** Bytes that wait for all of them together. */
  queuedBytes(): number;
  subscriptions(): Iterable<Subscription>;
  /** Tells the streams of one person, or all, to come back after a random delay within the window, then cuts each at its time. */
  drain(windowMs: number, sub?: string): Promise<void>;
  start(): void;
  stop(): void;
}

export interface DeliveryDeps {
  relay: Relay;
  cursors: Cursors;
  isRevoked: (session: Session) => boolean;
  replayLimit: ReplayLimit;
  limits: BackPressureLimits;
  logger: Logger;
  /** Gets the log's control events, in their place among the others. */
  onControl?: (event: LogEvent) => void;
  onVerdict?: SubscriptionDeps['onVerdict'];
  onReplay?: SubscriptionDeps['onReplay'];
  onCut?: SubscriptionDeps['onCut'];
  /** Told how many connections an event went to. */
  onBroadcast?: (event: LogEvent, recipients: number) => void;
}

export function createDelivery(deps: DeliveryDeps): Delivery {
  const { relay, logger } = deps;
  const fanOut = createFanOut();
  const open = new Set<Subscription>();
  let timer: NodeJS.Timeout | undefined;
  /** How far a batch that holds control events has been published; otherwise that is where the relay stands. */
  let withinBatch: number | null = null;

  const shared: SubscriptionDeps = {
    relay,
    publishedTo: () => withinBatch ?? relay.position,
    fanOut,
    cursors: deps.cursors,
    isRevoked: deps.isRevoked,
    chargeReplay: (sub, bytes) => deps.replayLimit.charge(sub, bytes),
    limits: deps.limits,
    logger,
    onVerdict: (verdict, reason) => deps.onVerdict?.(verdict, reason),
    onReplay: (source) => deps.onReplay?.(source),
    onCut: (code) => deps.onCut?.(code),
    onClosed: (subscription) => void open.delete(subscription),
  };

  function broadcast(event: LogEvent, recipients: number): void {
    logger.info({ seq: event.seq, event: event.type }, `Broadcasting work item to ${recipients} connections`);
    deps.onBroadcast?.(event, recipients);
  }

  relay.onEvents((events) => {
    // What comes after a revocation must find it in force: deliver up to a control event, act on it, go on.
    let from = 0;
    events.forEach((event, index) => {
      if (event.item !== null || event.type === 'void') return;
      // Whatever is told to clients meanwhile must not claim what is yet to come.
      withinBatch = event.seq;
      fanOut.publish(events.slice(from, index), broadcast);
      from = index + 1;
      try {
        deps.onControl?.(event);
      } catch (error) {
        logger.error({ err: error, seq: event.seq }, 'a control event met a defect');
      }
    });
    withinBatch = null;
    fanOut.publish(from === 0 ? events : events.slice(from), broadcast);
  });
  relay.onBreak((reason) => {
    for (const subscription of open) subscription.logBroke(reason);
  });

  function inspect(): void {
    const now = Date.now();
    for (const subscription of open) subscription.inspect(now);
  }

  async function admit(viewer: Viewer, options: OpenOptions): Promise<void> {
    relay.flush();
    const { sub } = viewer.session.principal;
    const rooms = viewer.rooms ?? assertViewer(viewer.session.principal);
    const position = options.position ?? (options.clientId ? await deps.cursors.read(sub, options.clientId) : null);
    if (!position) return;
    await assertReplayFits(relay, deps.replayLimit, sub, position, createAudience(rooms, options.filter ?? null, sub));
  }

  async function poll(caller: Principal, after: Position | null, limit: number) {
    const audience = createAudience(assertViewer(caller), null, caller.sub);
    relay.flush();
    const at = (seq: number): Required<Position> => ({ epoch: relay.epoch, seq, scope: audience.scope });
    if (!after) return { events: [], position: at(relay.position), more: false };
    const deadline = Date.now() + 5_000;
    const judged = await judgePosition(relay, after, audience, () => Date.now() > deadline);
    if (judged.verdict === 'resync') {
      throw new HubError('resync', 'The position cannot be resumed; take a snapshot.', {
        details: { reason: judged.reason, lowest_seq: relay.floor, scope: audience.scope },
      });
    }
    if (judged.verdict === 'fresh') {
      throw new HubError('unavailable', 'The log cannot be read at the moment.', { retryAfterMs: 2_000 });
    }
    const events: LogEvent[] = [];
    let cursor = judged.seq;
    while (cursor < relay.position && events.length < limit) {
      const page =
        pageFromRing(relay, cursor) ?? (await whenAvailable(() => pageFromLog(relay, cursor, audience.rooms)));
      if (cursor < relay.floor) throw new HubError('resync', 'The position fell below the floor of the log.');
      const mine = page.events.filter((event) => shows(audience, event)).slice(0, limit - events.length);
      events.push(...mine);
      cursor = events.length === limit ? (events.at(-1)?.seq ?? page.upTo) : page.upTo;
    }
    return {
      events: events.map(({ seq, type, data, at: time }) => ({ seq, event: type as ItemEventName, data, at: time })),
      position: at(cursor),
      more: cursor < relay.position,
    };
  }

  return {
    admit,
    open(transport, viewer, options) {
      relay.flush();
      const stream = new Stream(shared, transport, viewer, options);
      stream.open(options.position ?? null);
      // It may have ended in the same tick: revoked, expired.
      if (!stream.closed) open.add(stream);
      return stream;
    },
    poll,
    connections: () => open.size,
    queuedBytes: () => [...open].reduce((bytes, subscription) => bytes + subscription.queuedBytes, 0),
    subscriptions: () => open,
    async drain(windowMs, sub) {
      const message =
        sub === undefined
          ? 'This process is going away; connect again.'
          : 'An admin has sent this user away; connect again.';
      const leaving = [...open].filter(({ session }) => sub === undefined || session.principal.sub === sub);
      await Promise.all(
        leaving.map(async (subscription) => {
          const after = Math.floor(Math.random() * windowMs);
          subscription.sendControl('draining', { reconnect_after_ms: after });
          await new Promise((resolve) => setTimeout(resolve, after));
          subscription.cut({ code: 'restart', message });
        }),
      );
    },
    start() {
      timer = setInterval(inspect, LOOK_MS);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
    },
  };
}
