// The hub's edge for tests of sockets: the real HTTP, Socket.IO and WebSocket servers, real tokens, limits and delivery,
// over a log that lives in memory and takes whatever events a test publishes.
import { EventEmitter, on, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Position, Role } from '@workitem-hub/client/contract';
import { io as connect, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { type ClientOptions, WebSocket } from 'ws';
import { createAuthenticator } from '../../src/auth/authenticate.js';
import { createOrigins } from '../../src/auth/origins.js';
import type { Session } from '../../src/auth/principal.js';
import { signToken } from '../../src/auth/sign.js';
import { createTokens } from '../../src/auth/tokens.js';
import { createBridge } from '../../src/bridge/bridge.js';
import { routeUpgrades } from '../../src/bridge/upgrade-router.js';
import { readConfig } from '../../src/config.js';
import { createDelivery } from '../../src/delivery/delivery.js';
import { dataJson, type LogEvent } from '../../src/eventlog/event.js';
import type { ReadRange } from '../../src/eventlog/reader.js';
import { createAddresses } from '../../src/ops/address.js';
import { createLimits } from '../../src/ops/limits.js';
import { createLogger } from '../../src/ops/logger.js';
import { createMetrics } from '../../src/ops/metrics.js';
import type { Relay } from '../../src/relay/relay.js';
import { createRing } from '../../src/relay/ring.js';
import { createConnectGuard } from '../../src/sockets/connect-guard.js';
import { createSocketServer } from '../../src/sockets/socket-server.js';
import type { Commands } from '../../src/workitems/commands.js';
import { DEADLINE_MS } from './wait.js';

export const EPOCH = 'e1';
const SECRET = 'a-secret-of-more-than-32-bytes-for-tests-only';

export interface EdgeOptions {
  env?: Record<string, string>;
  commands?: Partial<Commands>;
  drainUser?: (sub: string, by: string) => Promise<void>;
}

export interface Claims {
  sub?: string;
  roles?: Role[];
  teams?: string[];
  ttl?: number;
  jti?: string;
}

export type Edge = Awaited<ReturnType<typeof startEdge>>;

export async function startEdge(options: EdgeOptions = {}) {
  const config = readConfig({ JWT_SECRET: SECRET, ...options.env });
  const lines: string[] = [];
  const written = new EventEmitter();
  const write = (line: string): void => {
    lines.push(line);
    written.emit('line', line);
  };
  const logger = createLogger({ ...config, LOG_LEVEL: 'trace' }, { write });
  const metrics = createMetrics();
  const limits = createLimits(config);
  const addresses = createAddresses(config);
  const origins = createOrigins(config, addresses);
  const revoked = new Set<string>();
  const isRevoked = ({ principal, jti }: Session): boolean => revoked.has(principal.sub) || revoked.has(jti ?? '');
  const authenticator = createAuthenticator({
    tokens: createTokens({ config, secret: SECRET }),
    revocations: { isRevoked, current: async () => {} },
    limits,
    intakeKeys: [],
  });

  const log = memoryLog();
  const cursors = new Map<string, Position>();
  const delivery = createDelivery({
    relay: log.relay,
    cursors: {
      read: async (sub, client) => cursors.get(`${sub}:${client}`) ?? null,
      advance: async (sub, client, position) => void cursors.set(`${sub}:${client}`, position),
    },
    isRevoked,
    replayLimit: {
      check: (sub, bytes) => limits.would('replay', sub, bytes),
      charge: (sub, bytes) => void limits.consume('replay', sub, bytes).catch(() => {}),
    },
    limits: { maxBytes: config.SOCKET_QUEUE_MAX_MB * 2 ** 20, maxAgeMs: config.SOCKET_QUEUE_MAX_SECONDS * 1000 },
    logger,
  });
  delivery.start();

  const httpServer = createServer((_req, res) => res.writeHead(404).end());
  const connectGuard = createConnectGuard({ origins, limits, addresses });
  const unexpected = async (): Promise<never> => {
    throw new Error('this command was not expected');
  };
  const people = { seen: () => {} };
  const sockets = createSocketServer({
    httpServer,
    config,
    authenticator,
    delivery,
    commands: {
      claim: unexpected,
      assign: unexpected,
      setStatus: unexpected,
      confirm: unexpected,
      ...options.commands,
    },
    people,
    limits,
    addresses,
    origins,
    connectGuard,
    metrics,
    logger,
    monitor: async () => ({
      connections: { process: delivery.connections(), total: delivery.connections() },
      relay: { epoch: EPOCH, position: log.relay.position, lag: 0 },
      rates: {},
      processes: [],
    }),
    drainUser: options.drainUser ?? (async () => {}),
    isRevoked,
  });
  const bridge = createBridge({ config, authenticator, delivery, people, addresses, metrics, logger });
  routeUpgrades({ httpServer, bridge, connectGuard, logger });
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
  const { port } = httpServer.address() as AddressInfo;
  const clients: { close(): void }[] = [];

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    delivery,
    bridge,
    httpServer,
    io: sockets.io,
    /** Lines of the log, as JSON texts. */
    lines,
    /** Resolves with the next line of the log that holds a text. */
    async logged(text: string): Promise<string> {
      for await (const [line] of on(written, 'line', { signal: AbortSignal.timeout(DEADLINE_MS) })) {
        if ((line as string).includes(text)) return line as string;
      }
      throw new Error('unreachable');
    },
    /** Subs and jtis that count as revoked. */
    revoked,
    publish: log.publish,
    /** The seq of the newest event. */
    position: (): number => log.relay.position,

    token: ({ sub = 'alice', roles = ['underwriter'], teams = [], ttl = 3600, jti }: Claims = {}): Promise<string> =>
      signToken(SECRET, { sub, roles, teams, jti }, ttl, config),

    /** A Socket.IO client; connects at once, does not come back by itself. */
    socketio(
      auth: object | null,
      more: Partial<ManagerOptions & SocketOptions> = {},
      namespace = '/workitems',
    ): Socket {
      const client = connect(`http://127.0.0.1:${port}${namespace}`, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        ...(auth ? { auth: auth as Record<string, unknown> } : {}),
        ...more,
      });
      clients.push(client);
      return client;
    },

    /** A raw WebSocket. */
    raw(query = '', protocols: string[] = [], more: ClientOptions = {}): WebSocket {
      const client = new WebSocket(`ws://127.0.0.1:${port}/ws/workitems${query}`, protocols, more);
      // What a test expects of a failed connect, it listens for itself.
      client.on('error', () => {});
      clients.push({ close: () => client.terminate() });
      return client;
    },

    /** As at the end of the process. */
    closeSockets: (): Promise<void> => sockets.close(),

    async close(): Promise<void> {
      for (const client of clients) client.close();
      await Promise.all([sockets.close(), bridge.closeAll({ code: 'restart', message: 'The test is over.' })]);
      delivery.stop();
      httpServer.closeAllConnections();
      httpServer.close();
      await once(httpServer, 'close');
    },
  };
}

/** A relay whose log is an array. */
function memoryLog() {
  const ring = createRing();
  const events: LogEvent[] = [];
  const listeners: ((events: readonly LogEvent[]) => void)[] = [];
  const inRange = ({ after, upTo = events.length, rooms }: Omit<ReadRange, 'limit'>): LogEvent[] =>
    events
      .slice(after, upTo)
      .filter((event) => rooms === undefined || event.rooms.some((room) => rooms.includes(room)));
  const relay: Relay = {
    epoch: EPOCH,
    floor: 0,
    ring,
    reader: {
      read: async (range) => inRange(range).slice(0, range.limit),
      bytesIn: async (range) => inRange(range).reduce((bytes, event) => bytes + dataJson(event).length, 0),
      lastSeq: async () => events.length,
    },
    get position() {
      return events.length;
    },
    start: async () => {},
    offer: () => {},
    flush: () => {},
    wake: () => {},
    onEvents: (listener) => void listeners.push(listener),
    onBreak: () => {},
    trouble: () => null,
    isLogIntact: async () => true,
    staleFor: () => 0,
    stop: async () => {},
  };
  return {
    relay,
    /** Puts events at the next seqs of the log, and hands them on in one batch. */
    publish(...added: readonly LogEvent[]): void {
      const placed = added.map((event, index) => ({ ...event, seq: events.length + 1 + index }));
      ring.push(placed);
      events.push(...placed);
      for (const listener of listeners) listener(placed);
    },
  };
}
