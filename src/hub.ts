// The only wiring: builds every part of the hub, in the order in which an event meets them, and takes it apart again.
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { createAuthenticator } from './auth/authenticate.js';
import { createKeys } from './auth/keys.js';
import { createOrigins } from './auth/origins.js';
import { createRevocations, revocations as revocationCollection } from './auth/revocation.js';
import { type Secrets, secretsOf } from './auth/secrets.js';
import { createTokens } from './auth/tokens.js';
import { createBridge } from './bridge/bridge.js';
import { routeUpgrades } from './bridge/upgrade-router.js';
import type { Config } from './config.js';
import { createCursors, cursors as cursorCollection } from './delivery/cursors.js';
import { createDelivery, type Delivery } from './delivery/delivery.js';
import { createReplayLimit } from './delivery/replay-budget.js';
import { HubError } from './errors.js';
import { events, logs } from './eventlog/collections.js';
import { createApp } from './http/app.js';
import { createEnvelopeReader } from './http/envelope-reader.js';
import { assertHost, createHttpServer, openPort, prepareClosing } from './http/server.js';
import { attachmentCollections, createAttachmentStore } from './intake/attachment-store.js';
import { startOrphanSweep } from './intake/orphan-sweep.js';
import { createReceiveEmail } from './intake/receive-email.js';
import { loadRoutingRules } from './intake/routing.js';
import { ensureCollections } from './mongo/collections.js';
import { openMongo } from './mongo/connection.js';
import { startEmbeddedMongo } from './mongo/embedded.js';
import { createAddresses } from './ops/address.js';
import { createLimits } from './ops/limits.js';
import { createLogger, type Logger } from './ops/logger.js';
import { createMetrics, lookUp } from './ops/metrics.js';
import { createNodes, type NodeReport, nodes as nodeCollection } from './ops/nodes.js';
import { createRates } from './ops/rates.js';
import { readinessOf } from './ops/readiness.js';
import { createReleasers } from './ops/releasers.js';
import { traceDelivery } from './ops/tracing.js';
import { createSharedCounters } from './redis/shared-counters.js';
import { type Bus, createBus } from './relay/bus.js';
import { createEventLog } from './relay/event-log.js';
import { createSeal } from './relay/seal.js';
import { createConnectGuard } from './sockets/connect-guard.js';
import { linkRoot, peersOf } from './sockets/root-adapter.js';
import { createSocketServer } from './sockets/socket-server.js';
import { createCommands } from './workitems/commands.js';
import { createPeople, persons } from './workitems/people.js';
import { commandAnswers } from './workitems/repeats.js';
import { createSimilar } from './workitems/similar.js';
import { createSnapshot } from './workitems/snapshot.js';
import { createStatistics } from './workitems/statistics.js';
import { submissions } from './workitems/submission.js';
import { firstVersion, workItems } from './workitems/work-item.js';

const COLLECTIONS = [
  submissions,
  workItems,
  events,
  logs,
  cursorCollection,
  revocationCollection,
  persons,
  commandAnswers,
  nodeCollection,
  ...attachmentCollections,
];

/** Characters of an intake key that nobody guesses, when they are random. */
const MIN_KEY_LENGTH = 20;

export interface Hub {
  readonly config: Config;
  /** Secret and keys in force; in development they were made and kept with the data. */
  readonly secrets: Secrets;
  /** Opens the port. Resolves with the address that it listens on. */
  listen(): Promise<{ host: string; port: number; url: string }>;
  /** Turns unready and sends the sockets away, each at its own moment of `DRAIN_SECONDS`. Resolves when all are gone. */
  drain(): Promise<void>;
  /** Ends everything that the hub started, in order; answers what is under way first. Repeating it is harmless. */
  close(): Promise<void>;
}

export interface HubOptions {
  logger?: Logger;
  /** Gets lines for a person to read while MongoDB is downloaded. */
  progress?: (line: string) => void;
}

/**
 * Starts everything but the port.
 * @throws ConfigError for what an operator has to mend; whatever was started by then has been ended.
 */
export async function createHub(config: Config, options: HubOptions = {}): Promise<Hub> {
  const logger = options.logger ?? createLogger(config);
  const releasers = createReleasers(logger);
  try {
    return await build(config, logger, releasers, options);
  } catch (error) {
    await releasers.release();
    throw error;
  }
}

async function build(
  config: Config,
  logger: Logger,
  releasers: ReturnType<typeof createReleasers>,
  options: HubOptions,
): Promise<Hub> {
  const id = randomUUID();
  const metrics = createMetrics();
  const addresses = createAddresses(config);
  const origins = createOrigins(config, addresses);
  const rules = loadRoutingRules(config.ROUTING_RULES);
  await assertHost(config.HOST);
  const secrets = await secretsOf(config);
  if (Math.min(...secrets.intakeKeys.map(({ length }) => length)) < MIN_KEY_LENGTH) {
    logger.warn(`an intake key is short enough to be guessed; use ${MIN_KEY_LENGTH} random characters or more`);
  }

  // Stores.
  const mongo = await connect();
  releasers.add('MongoDB', () => mongo.close());
  await ensureCollections(mongo, COLLECTIONS);

  // It connects when everything that listens to it is in place: below.
  const redis = config.REDIS_URL
    ? (await import('./redis/connection.js')).createRedis({
        url: config.REDIS_URL,
        logger,
        onLost: (direction) => metrics.busMessages.inc({ direction, outcome: 'lost' }),
      })
    : undefined;
  if (redis) releasers.add('Redis', () => redis.close());

  let draining = false;
  // Beats as soon as there is something to tell: below.
  const nodes = createNodes({
    collection: nodeCollection.of(mongo),
    id,
    local: {
      connections: () => delivery.connections(),
      online: () => whoIsOn(delivery),
      state: async () => ({
        position: log.relay.position,
        lag: Math.max(0, (await log.reader.lastSeq()) - log.relay.position),
        rates: rates.perSecond(),
        draining,
      }),
    },
    logger,
  });

  // The log and what follows it.
  let bus: Bus | undefined;
  const log = await createEventLog({
    submissions: submissions.of(mongo),
    items: workItems.of(mongo),
    events: events.of(mongo),
    logs: logs.of(mongo),
    firstVersion,
    isUp: () => mongo.isUp(),
    isAlone: () => nodes.isAlone(),
    isLinked: () => redis?.isUp() ?? false,
    publish: (some) => bus?.publish(some),
    config,
    metrics,
    logger,
  });
  mongo.onUp(() => log.relay.wake());
  // What was written while nobody was told.
  redis?.onChange(() => log.relay.wake());
  const limits = createLimits(config, {
    onLimited: (limit) => metrics.limited.inc({ limit }),
    counters:
      redis &&
      createSharedCounters({
        redis,
        key: config.REDIS_KEY,
        secret: log.secretFor('limits'),
        onMemory: () => metrics.limitsInMemory.inc(),
      }),
  });
  const revocations = createRevocations({
    mongo,
    logger,
    announce: (revocation) => log.appender.control('revocation', { ...revocation }),
  });
  await revocations.start();
  releasers.add('revocations', () => revocations.stop());
  const authenticator = createAuthenticator({
    tokens: createTokens({
      config,
      secret: secrets.jwtSecret,
      keys: config.JWKS_URL ? createKeys(config.JWKS_URL) : undefined,
    }),
    revocations,
    limits,
    intakeKeys: secrets.intakeKeys,
    metrics,
  });

  // Delivery: from the relay to whoever is connected.
  const rates = createRates();
  const delivery = createDelivery({
    relay: log.relay,
    cursors: createCursors(cursorCollection.of(mongo)),
    isRevoked: (session) => revocations.isRevoked(session),
    replayLimit: createReplayLimit(limits, logger),
    limits: { maxBytes: config.SOCKET_QUEUE_MAX_MB * 2 ** 20, maxAgeMs: config.SOCKET_QUEUE_MAX_SECONDS * 1_000 },
    logger,
    onControl: (event) => {
      if (event.type === 'revocation') revocations.apply(event.data);
      if (event.type === 'user_drain') void delivery.drain(1_000, (event.data as { sub?: string }).sub ?? '');
    },
    onVerdict: (verdict) => metrics.resumes.inc({ verdict }),
    onReplay: (source) => metrics.replays.inc({ source }),
    onCut: (reason) => metrics.cuts.inc({ reason }),
    onBroadcast: (event, recipients) => {
      rates.count('events');
      rates.count('deliveries', recipients);
      traceDelivery(event, recipients);
      metrics.relayLag.observe(Math.max(0, Date.now() - Date.parse(event.at)) / 1_000);
    },
  });
  revocations.onRevoked(() => {
    const now = Date.now();
    for (const subscription of delivery.subscriptions()) subscription.inspect(now);
  });
  // Listeners are in place: nothing that the relay reads from now on is missed by them.
  await log.start();
  releasers.add('the log', () => log.stop());
  delivery.start();
  releasers.add('delivery', () => delivery.stop());

  await nodes.start();
  releasers.add('the heartbeat', () => nodes.stop());

  // Work items: commands and lists.
  const people = createPeople({ mongo, logger, online: async () => nodes.online() });
  releasers.add('people', () => people.close());
  const attachments = createAttachmentStore(mongo);
  const orphanSweep = startOrphanSweep({ attachments, logger });
  releasers.add('the sweep of attachments', () => orphanSweep.stop());
  const commands = createCommands({ mongo, appender: log.appender, people, logger });
  const snapshot = createSnapshot({ mongo, relay: log.relay, files: attachments });
  const receiveEmail = createReceiveEmail({ mongo, appender: log.appender, attachments, rules, metrics, logger });

  // The doors: HTTP, Socket.IO, the bridge.
  const envelopes = createEnvelopeReader();
  releasers.add('the reader of large mails', () => envelopes.close());
  const app = createApp({
    config,
    logger,
    metrics,
    limits,
    addresses,
    origins,
    authenticator,
    revocations,
    people,
    commands,
    snapshot,
    similar: createSimilar({ mongo }),
    statistics: createStatistics({ mongo, people }),
    appender: log.appender,
    receiveEmail,
    envelopes,
    secrets,
    totalConnections: async () => nodes.totalConnections(),
    pollEvents: (session, after, limit) => delivery.poll(session.principal, after, limit),
    readiness: () =>
      readinessOf({
        draining,
        database: mongo.isUp(),
        trouble: log.relay.trouble(),
        staleFor: log.relay.staleFor(),
        redis: redis?.isUp(),
      }),
  });
  const httpServer = createHttpServer(app);
  const closing = prepareClosing(httpServer);
  releasers.add('the HTTP server', () => closing.finish((config.SHUTDOWN_SECONDS * 1_000) / 2));
  const guard = createConnectGuard({ origins, limits, addresses });
  const connectGuard: typeof guard = {
    checkOrigin: (req) => guard.checkOrigin(req),
    admit: async (req) => {
      if (draining) throw new HubError('unavailable', 'This process is going away.', { retryAfterMs: 1_000 });
      await guard.admit(req);
    },
  };
  const sockets = createSocketServer({
    httpServer,
    config,
    authenticator,
    delivery,
    commands,
    people,
    limits,
    addresses,
    origins,
    connectGuard,
    metrics,
    logger,
    isRevoked: (session) => revocations.isRevoked(session),
    drainUser: async (sub) => void (await log.appender.control('user_drain', { sub })),
    monitor: async () => {
      const processes = await nodes.reports();
      const { position, lag, rates: own } = processes.find(({ self }) => self) as NodeReport;
      return {
        connections: { process: delivery.connections(), total: nodes.totalConnections() },
        relay: { epoch: log.relay.epoch, position, lag },
        rates: own,
        processes,
      };
    },
    link: redis && ((root) => linkRoot(root, redis, config.REDIS_KEY)),
  });
  releasers.add('Socket.IO', () => sockets.close());
  const bridge = createBridge({ config, authenticator, delivery, people, addresses, metrics, logger });
  releasers.add('the bridge', () => bridge.closeAll({ code: 'restart', message: 'The hub is shutting down.' }));
  routeUpgrades({ httpServer, bridge, connectGuard, logger });
  lookUp(metrics.relayPosition, (gauge) => gauge.set(log.relay.position));
  lookUp(metrics.queueBytes, (gauge) => gauge.set(delivery.queuedBytes()));
  lookUp(metrics.redisUp, (gauge) => gauge.set(redis?.isUp() ? 1 : 0));

  if (redis) {
    bus = createBus({
      relay: log.relay,
      seal: await createSeal(log.secretFor('bus')),
      peers: peersOf(sockets.root, () => redis.isUp()),
      metrics,
      logger,
    });
    redis.start();
  }

  return {
    config,
    secrets,
    async listen() {
      await openPort(httpServer, config);
      // Later errors, such as too many open files, cost a connection and not the process.
      httpServer.on('error', (error) => logger.error({ err: error }, 'the HTTP server met an error'));
      const { port, address } = httpServer.address() as AddressInfo;
      const host = ['0.0.0.0', '::'].includes(address) ? 'localhost' : address.includes(':') ? `[${address}]` : address;
      return { host: address, port, url: config.PUBLIC_URL?.replace(/\/$/, '') ?? `http://${host}:${port}` };
    },
    async drain() {
      draining = true;
      closing.begin();
      await delivery.drain(config.DRAIN_SECONDS * 1_000);
    },
    async close() {
      draining = true;
      await releasers.release();
    },
  };

  async function connect() {
    if (config.MONGODB_URL) {
      return await openMongo({ url: config.MONGODB_URL, database: config.MONGODB_DATABASE, logger });
    }
    const embedded = await startEmbeddedMongo({ config, logger, progress: options.progress });
    releasers.add('the embedded MongoDB', () => embedded.stop());
    return await openMongo({ url: embedded.url, database: config.MONGODB_DATABASE, logger });
  }
}

function whoIsOn(delivery: Delivery): Set<string> {
  return new Set([...delivery.subscriptions()].map(({ session }) => session.principal.sub));
}
