// The Socket.IO server: which connections it takes, what bounds them, and which namespaces exist.
import { type Server as HttpServer, type IncomingMessage, ServerResponse } from 'node:http';
import type { ClientEvents, ServerEvents } from '@workitem-hub/client/contract';
import { type DefaultEventsMap, type Namespace, Server, type Socket } from 'socket.io';
import { type ServerOptions as WebSocketOptions, WebSocketServer } from 'ws';
import type { Authenticator } from '../auth/authenticate.js';
import type { Origins } from '../auth/origins.js';
import type { Session } from '../auth/principal.js';
import type { Config } from '../config.js';
import type { Delivery } from '../delivery/delivery.js';
import type { CutReason } from '../delivery/transport.js';
import { HubError } from '../errors.js';
import type { Addresses } from '../ops/address.js';
import type { Limits } from '../ops/limits.js';
import type { Logger } from '../ops/logger.js';
import type { Metrics } from '../ops/metrics.js';
import type { Commands } from '../workitems/commands.js';
import type { People } from '../workitems/people.js';
import { CLOSE_TIMEOUT_MS } from './close-reason.js';
import { answerBrokenHandshakes, type ConnectGuard, refuse } from './connect-guard.js';
import { type EngineConnection, gatherWritesRaw } from './encoded-write.js';
import { FLOOD, FloodGuard } from './flood-guard.js';
import { trimRequest, trimResponse } from './kept-request.js';
import { type MonitorDeps, serveMonitor } from './monitor-namespace.js';
import { ConnectRefusal, toRefusal } from './refusal.js';
import { cutConnection, WORKITEMS } from './socketio-transport.js';
import { serveWorkitems } from './workitems-namespace.js';

/** Bytes of one packet or one polling request; the largest legal one is a `set_filter` or a token. */
const MAX_PACKET_BYTES = 100_000;
const RESTART: CutReason = { code: 'restart', message: 'The hub is shutting down.' };
/** Time to join a namespace, in ms; a connection without one is of no use. */
const JOIN_TIMEOUT_MS = 10_000;

export interface SocketServerDeps extends Pick<MonitorDeps, 'monitor' | 'drainUser' | 'isRevoked'> {
  httpServer: HttpServer;
  config: Config;
  authenticator: Authenticator;
  delivery: Delivery;
  commands: Commands;
  people: Pick<People, 'seen'>;
  limits: Limits;
  addresses: Addresses;
  origins: Pick<Origins, 'isAllowedOrigin'>;
  connectGuard: ConnectGuard;
  metrics: Pick<Metrics, 'connections' | 'eventsSent' | 'cuts'>;
  logger: Logger;
  /** Links the processes through the root namespace, which serves no clients; absent when there is no Redis. */
  link?: (root: Namespace) => void;
}

export interface SocketServer {
  readonly io: Server;
  /** For what the processes tell each other. */
  readonly root: Namespace;
  /** Closes every connection, without touching the HTTP server. */
  close(): Promise<void>;
}

/** Puts Socket.IO on `/socket.io/` of an HTTP server; listens on nothing itself. */
export function createSocketServer(deps: SocketServerDeps): SocketServer {
  const { httpServer, config, logger } = deps;
  const heartbeatMs = config.HEARTBEAT_SECONDS * 1000;
  const io = new Server({
    path: '/socket.io/',
    serveClient: false,
    // Other upgrades are the upgrade router's.
    destroyUpgrade: false,
    transports: ['polling', 'websocket'],
    wsEngine: TimelyWebSocketServer,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_PACKET_BYTES,
    connectTimeout: JOIN_TIMEOUT_MS,
    pingInterval: heartbeatMs,
    pingTimeout: Math.ceil(heartbeatMs * 0.8),
    cors: {
      // The hub's own pages need no CORS, so the host does not matter.
      origin: (origin, answer) => answer(null, deps.origins.isAllowedOrigin(origin, undefined)),
      allowedHeaders: ['Authorization', 'Content-Type'],
    },
  });
  io.attach(httpServer);
  const floodGuards = guardConnects(io, deps);

  const authenticate = async (token: string | undefined, socket: Socket): Promise<Session> => {
    const session = await deps.authenticator.authenticate(token, deps.addresses.clientAddress(socket.request));
    deps.people.seen(session.principal);
    return session;
  };
  io.use((_socket, next) => {
    next(new ConnectRefusal(new HubError('not_found', `Connect to the namespace ${WORKITEMS}.`)));
  });
  deps.link?.(io.sockets);
  const workitems: Namespace<ClientEvents, ServerEvents, DefaultEventsMap> = io.of(WORKITEMS);
  serveWorkitems(workitems, {
    delivery: deps.delivery,
    commands: deps.commands,
    assertHolds: (session) => deps.authenticator.assertHolds(session),
    limitCommands: (sub) => deps.limits.consume('commands', sub),
    authenticate,
    onSent: (conn, events) => floodGuards.get(conn)?.sent(events),
    metrics: deps.metrics,
    logger,
  });
  const stopMonitor = serveMonitor(io.of('/monitor'), {
    authenticate,
    monitor: deps.monitor,
    drainUser: deps.drainUser,
    isRevoked: deps.isRevoked,
    logger,
  });

  return {
    io,
    root: io.sockets,
    async close() {
      stopMonitor();
      // Not `io.close()`: that closes the HTTP server too, and waits for connections that are not its own.
      for (const conn of Object.values(connectionsOf(io))) cutConnection(conn, RESTART);
      io.engine.close();
      for (const namespace of io._nsps.values()) await namespace.adapter.close();
    },
  };
}

/** engine.io offers no way to say how long a closing connection may take; 30 s is long with megabytes queued. */
class TimelyWebSocketServer extends WebSocketServer {
  constructor(options: WebSocketOptions) {
    super({ ...options, closeTimeout: CLOSE_TIMEOUT_MS } as WebSocketOptions);
    answerBrokenHandshakes(this);
  }
}

type EngineRequest = IncomingMessage & { _query: Record<string, string | undefined> };

/** Turns requests away before engine.io sees them, and connections that say too much; returns the guard of each open one. */
function guardConnects(
  io: Server,
  { connectGuard, metrics, logger }: SocketServerDeps,
): WeakMap<EngineConnection, FloodGuard> {
  const floodGuards = new WeakMap<EngineConnection, FloodGuard>();
  io.engine.use(async (req: EngineRequest, res: unknown, next: () => void) => {
    const isUpgrade = !(res instanceof ServerResponse);
    // engine.io's response object for an upgrade answers nothing, so the refusal goes to the connection itself.
    const target = isUpgrade ? req.socket : res;
    try {
      assertKnownRequest(req, isUpgrade);
      const { sid } = req._query;
      if (sid === undefined) await connectGuard.admit(req);
      else connectGuard.checkOrigin(req);
      // Another process may have it: by this status a balancer knows that it should ask there. engine.io would say 400.
      if (sid !== undefined && !Object.hasOwn(connectionsOf(io), sid)) {
        throw new HubError('not_found', 'This session is not of this process.');
      }
    } catch (error) {
      refuse(
        target,
        toRefusal(error, (err) => logger.error({ err }, 'A connect met a defect')),
      );
      return;
    }
    if (isUpgrade) {
      trimResponse(res as object);
      // The answer to the upgrade, and engine.io's first packet.
      gatherWritesRaw(req.socket);
    }
    next();
  });
  io.engine.on('connection', (conn: EngineConnection) => {
    trimRequest(conn);
    const guard = new FloodGuard();
    floodGuards.set(conn, guard);
    conn.on('packet', () => {
      if (guard.heard() !== 'flood') return;
      metrics.cuts.inc({ reason: FLOOD.code });
      cutConnection(conn, FLOOD);
    });
  });
  return floodGuards;
}

/** The open connections by their session's id, as engine.io documents its `clients`; its types keep them to themselves. */
function connectionsOf({ engine }: Server): Readonly<Record<string, EngineConnection>> {
  return (engine as unknown as { clients: Record<string, EngineConnection> }).clients;
}

/** @throws HubError for requests that engine.io would answer with a 5xx, after the upgrade, or never. */
function assertKnownRequest(req: EngineRequest, isUpgrade: boolean): void {
  if (req.method !== 'GET' && req.method !== 'POST') throw new HubError('invalid', 'Use GET or POST here.');
  if (!isUpgrade && req._query.transport === 'websocket') {
    throw new HubError('invalid', 'This is no WebSocket upgrade.');
  }
  if (isUpgrade && (req._query.transport !== 'websocket' || req._query.EIO !== '4')) {
    throw new HubError('invalid', 'This speaks Engine.IO 4 over WebSocket: EIO=4&transport=websocket.');
  }
}
