// One client's stream, as those see it who open it, ask it and end it.
import type { ControlEventData, ControlEventName, Filter, Position, ResyncReason } from '@workitem-hub/client/contract';
import type { Session } from '../auth/principal.js';
import type { Logger } from '../ops/logger.js';
import type { BreakReason, Relay } from '../relay/relay.js';
import type { BackPressureLimits } from './back-pressure.js';
import type { Cursors } from './cursors.js';
import type { FanOut } from './fan-out.js';
import type { Verdict } from './resume.js';
import type { CutReason } from './transport.js';

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
