// The raw WebSocket of the old service, `/ws/workitems`: upgrades, finds out who is there, gives each connection its stream.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { POOL } from '@workitem-hub/client/audience';
import { type WebSocket, WebSocketServer, type ServerOptions } from 'ws';
import { type Authenticator, bearerOf } from '../auth/authenticate.js';
import { assertViewer, type Session } from '../auth/principal.js';
import type { Config } from '../config.js';
import type { Delivery } from '../delivery/delivery.js';
import type { Subscription, Viewer } from '../delivery/subscription.js';
import type { CutReason } from '../delivery/transport.js';
import { HubError } from '../errors.js';
import type { Addresses } from '../ops/address.js';
import type { Logger } from '../ops/logger.js';
import type { Metrics } from '../ops/metrics.js';
import { CLOSE_TIMEOUT_MS, closeCodeOf, closeTextOf } from '../sockets/close-reason.js';
import { answerBrokenHandshakes } from '../sockets/connect-guard.js';
import { FLOOD, FLOOD_LIMIT, FloodGuard } from '../sockets/flood-guard.js';
import { toRefusal } from '../sockets/refusal.js';
import type { People } from '../workitems/people.js';
import { BridgeTransport, LegacyTransport } from './bridge-transport.js';
import { createHeartbeat } from './heartbeat.js';
import { type BridgeQuery, parseBridgeQuery } from './query.js';

/** Clients have nothing to say here; this is room for the curious. */
const MAX_PAYLOAD_BYTES = 64 * 1024;
const SUBPROTOCOL = 'workitems';
const TOKEN_SUBPROTOCOL = 'bearer.';

export interface BridgeDeps {
  config: Pick<Config, 'LEGACY_WS_ANONYMOUS' | 'HEARTBEAT_SECONDS'>;
  authenticator: Authenticator;
  delivery: Delivery;
  people: Pick<People, 'seen'>;
  addresses: Addresses;
  metrics: Pick<Metrics, 'connections' | 'eventsSent' | 'cuts'>;
  logger: Logger;
}

export interface Bridge {
  /** Takes an upgrade over. Whoever is refused after this sees a close code. */
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every connection, and those that still come; resolves when the last is gone, at most {@link CLOSE_TIMEOUT_MS} later. */
  closeAll(reason: CutReason): Promise<void>;
}

/** What the bridge and its conformance test run on. */
export function createWebSocketServer(options: ServerOptions = {}): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_BYTES,
    closeTimeout: CLOSE_TIMEOUT_MS,
    // ws would end a flood of pings without a word before the guard can say why.
    maxPendingAutoPongs: FLOOD_LIMIT + 1,
    // The token's subprotocol must not come back in the answer.
    handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    ...options,
  } as ServerOptions);
}

/** What is kept of a connection. */
interface Visit {
  readonly guard: FloodGuard;
  /** Absent until it is let in. */
  subscription?: Subscription;
}

export function createBridge(deps: BridgeDeps): Bridge {
  const { config, delivery, metrics, logger } = deps;
  const server = createWebSocketServer();
  answerBrokenHandshakes(server);
  const visits = new Map<WebSocket, Visit>();
  let closing: CutReason | null = null;
  const heartbeat = createHeartbeat(
    () => visits.keys(),
    config.HEARTBEAT_SECONDS,
    () => metrics.cuts.inc({ reason: 'heartbeat' }),
  );

  async function serve(socket: WebSocket, req: IncomingMessage): Promise<void> {
    try {
      const parameters = new URL(req.url ?? '', 'ws://hub').searchParams;
      const session = await identify(req, parameters);
      const query = parseBridgeQuery(parameters);
      const viewer = { session, rooms: session === ANONYMOUS ? [POOL] : assertViewer(session.principal) };
      await delivery.admit(viewer, query);
      if (socket.readyState === socket.OPEN) stream(socket, query, viewer);
    } catch (error) {
      close(
        socket,
        toRefusal(error, (err) => logger.error({ err }, 'A raw WebSocket met a defect')),
      );
    }
  }

  async function identify(req: IncomingMessage, parameters: URLSearchParams): Promise<Session> {
    const token = bearerOf(req.headers.authorization) ?? subprotocolToken(req) ?? parameters.get('token');
    if (token === null && parameters.get('v') !== '2' && config.LEGACY_WS_ANONYMOUS) return ANONYMOUS;
    const session = await deps.authenticator.authenticate(token ?? undefined, deps.addresses.clientAddress(req));
    deps.people.seen(session.principal);
    return session;
  }

  function stream(socket: WebSocket, query: BridgeQuery, viewer: Required<Viewer>): void {
    const transport =
      query.version === 2 ? new BridgeTransport(socket, onSent) : new LegacyTransport(socket, onSent, viewer.rooms);
    const subscription = delivery.open(transport, viewer, query);
    // Expired or revoked since it was admitted: it is being closed already.
    if (subscription.closed) return;
    visitOf(socket).subscription = subscription;
    metrics.connections.inc({ kind: 'bridge' });
    logger.info(`WebSocket connected. Total connections: ${delivery.connections()}`);
  }

  function onSent(events: number): void {
    metrics.eventsSent.bridge += events;
  }

  function cut(socket: WebSocket, reason: CutReason): void {
    metrics.cuts.inc({ reason: reason.code });
    close(socket, reason);
  }

  function watch(socket: WebSocket): void {
    visits.set(socket, { guard: new FloodGuard() });
    socket.on('close', onClose).on('error', onError).on('ping', onPing).on('pong', onPong).on('message', onMessage);
  }

  const visitOf = (socket: WebSocket): Visit => visits.get(socket) as Visit;

  // The same functions for all sockets: each of its own would be much of what an idle connection costs.

  function onClose(this: WebSocket): void {
    const { subscription } = visitOf(this);
    visits.delete(this);
    if (!subscription) return;
    subscription.close();
    metrics.connections.dec({ kind: 'bridge' });
    logger.info(`WebSocket disconnected. Total connections: ${delivery.connections()}`);
  }

  function onError(err: Error): void {
    // ws has already closed the connection with the code that fits: 1002, 1007, 1009.
    logger.debug({ err }, 'A raw WebSocket broke the protocol');
  }

  function onPing(this: WebSocket): void {
    hear(this);
  }

  function onPong(this: WebSocket): void {
    heartbeat.heard(this);
    hear(this);
  }

  function onMessage(this: WebSocket, _message: unknown, isBinary: boolean): void {
    // Old pages send texts now and then, and the old service ignored them.
    if (hear(this) && isBinary) cut(this, { code: 'invalid', message: 'Nothing binary is expected here.' });
  }

  function hear(socket: WebSocket): boolean {
    const heard = visitOf(socket).guard.heard();
    if (heard === 'flood') cut(socket, FLOOD);
    return heard === 'fine';
  }

  return {
    handleUpgrade(req, socket, head) {
      server.handleUpgrade(req, socket, head, (webSocket) => {
        watch(webSocket);
        if (closing) close(webSocket, closing);
        else void serve(webSocket, req);
      });
    },
    async closeAll(reason) {
      closing = reason;
      heartbeat.stop();
      const gone = [...visits.keys()].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of visits.keys()) close(socket, reason);
      await Promise.all(gone);
    },
  };
}

function close(socket: WebSocket, reason: CutReason | HubError): void {
  socket.close(closeCodeOf(reason), closeTextOf(reason));
}

/** The token of `Sec-WebSocket-Protocol: workitems, bearer.<jwt>`, the one header that pages can set. */
function subprotocolToken({ headers }: IncomingMessage): string | undefined {
  const offered = headers['sec-websocket-protocol']?.split(',').map((protocol) => protocol.trim());
  return offered?.find((protocol) => protocol.startsWith(TOKEN_SUBPROTOCOL))?.slice(TOKEN_SUBPROTOCOL.length);
}

/** A page of the old service, from before there were tokens; it sees the pool and nothing else. */
const ANONYMOUS: Session = {
  principal: { sub: 'anonymous', name: null, email: null, roles: [], teams: [] },
  jti: null,
  issuedAt: null,
  expiresAt: Number.POSITIVE_INFINITY,
  cutAt: Number.POSITIVE_INFINITY,
};
