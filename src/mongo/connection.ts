// The one connection of a process to MongoDB: what every store reads and writes through, and who tells them that the
// database is back.
import mongoose from 'mongoose';
import type { Logger } from 'pino';
import { ConfigError } from '../config.js';
import { endWaitsWithSockets } from './ended-sockets.js';

/** A connection whose reads are primary and majority, and whose writes are majority and journalled. */
export interface Mongo {
  readonly connection: mongoose.Connection;
  readonly db: mongoose.mongo.Db;
  readonly client: mongoose.mongo.MongoClient;
  /** Whether a primary was there at the last heartbeat (at most about 3 s ago). */
  isUp(): boolean;
  /** Calls the listener whenever a primary is there again after an outage; returns what removes it. */
  onUp(listener: () => void): () => void;
  /** Ends the connection; what is still running fails. Calling it again does nothing. */
  close(): Promise<void>;
}

export interface MongoOptions {
  /** `mongodb://` or `mongodb+srv://`; concerns and preferences in it are overruled. */
  url: string;
  database: string;
  logger: Logger;
}

const OPTIONS = {
  // Whatever the URL says: a local read can show an event that a fail-over rolls back, and a write without `j` waits
  // for the 100 ms journal tick. `w`, `journal` … are the names under which a URL would bring its own.
  readPreference: 'primary',
  readConcernLevel: 'majority',
  w: 'majority',
  journal: true,
  wtimeoutMS: 0,
  retryWrites: true,
  retryReads: true,
  connectTimeoutMS: 2000,
  heartbeatFrequencyMS: 1000,
  serverSelectionTimeoutMS: 3000,
  maxPoolSize: 100,
  bufferCommands: false,
  autoIndex: false,
  autoCreate: false,
} as const satisfies mongoose.ConnectOptions;

const HOW_TO =
  'start mongod with --replSet rs0 and run rs.initiate() once in mongosh (a set of one server is enough), ' +
  'or leave MONGODB_URL out to use the embedded one';

/**
 * Connects and makes sure that the server is a replica set (or a sharded cluster).
 *
 * @throws ConfigError when the URL is malformed, nothing answers within 3 s, the credentials are refused, or the server
 *   is standalone or not initiated; it never contains the password
 */
export async function openMongo({ url, database, logger }: MongoOptions): Promise<Mongo> {
  endWaitsWithSockets();
  const connection = mongoose.createConnection();
  try {
    await connection.openUri(url, { ...OPTIONS, dbName: database });
    await assertReplicated(connection.getClient());
  } catch (error) {
    await connection.destroy().catch(() => {});
    throw explain(error);
  }
  // Not before: what stands in the way of the start is said once, by whoever started it.
  connection.on('error', (error: Error) => logger.warn({ reason: redact(error.message) }, 'MongoDB connection error'));
  const client = connection.getClient();
  const health = watch(client, logger);
  let closing: Promise<void> | undefined;
  return {
    connection,
    client,
    db: client.db(database),
    isUp: health.isUp,
    onUp: health.onUp,
    close() {
      health.stop();
      closing ??= connection.close(true);
      return closing;
    },
  };
}

/** A connection URL, or a text with such in it, without user names and passwords. */
export function redact(text: string): string {
  return text.replaceAll(/(mongodb(?:\+srv)?:\/\/)[^\s"']*@/gi, '$1***@');
}

async function assertReplicated(client: mongoose.mongo.MongoClient): Promise<void> {
  const hello = await client.db('admin').command({ hello: 1 });
  if (hello.setName || hello.msg === 'isdbgrid') return;
  throw new ConfigError(`MONGODB_URL: the server is standalone, and the hub needs a replica set: ${HOW_TO}.`);
}

function explain(error: unknown): ConfigError {
  if (error instanceof ConfigError) return error;
  const { message, reason } = error as Error & { reason?: mongoose.mongo.TopologyDescription };
  if (error instanceof mongoose.mongo.MongoParseError || error instanceof mongoose.mongo.MongoInvalidArgumentError) {
    return new ConfigError(`MONGODB_URL: ${redact(message)}`);
  }
  const servers = [...(reason?.servers?.values() ?? [])];
  if (servers.some((server) => server.type === 'RSGhost')) {
    return new ConfigError(`MONGODB_URL: the server is not an initiated replica set: ${HOW_TO}.`);
  }
  return new ConfigError(`MONGODB_URL: MongoDB cannot be used: ${redact(message)}`);
}

/** Follows the driver's monitors: up is "a primary (or a router) is known". */
function watch(client: mongoose.mongo.MongoClient, logger: Logger) {
  const listeners = new Set<() => void>();
  let up = true;
  let since = Date.now();

  const onTopology = ({ newDescription }: mongoose.mongo.TopologyDescriptionChangedEvent) => {
    const now = [...newDescription.servers.values()].some(isWritable);
    if (now === up) return;
    up = now;
    const servers = [...newDescription.servers.values()].map((server) => `${server.address} ${server.type}`);
    if (!up) {
      since = Date.now();
      logger.warn({ servers }, 'MongoDB is away');
      return;
    }
    logger.info({ servers, awayMs: Date.now() - since }, 'MongoDB is back');
    for (const listener of listeners) listener();
  };
  const onHeartbeatFailed = (event: mongoose.mongo.ServerHeartbeatFailedEvent) =>
    logger.debug({ server: event.connectionId, reason: redact(event.failure.message) }, 'MongoDB heartbeat failed');

  client.on('topologyDescriptionChanged', onTopology);
  client.on('serverHeartbeatFailed', onHeartbeatFailed);
  return {
    isUp: () => up,
    onUp: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop() {
      up = false;
      listeners.clear();
      client.off('topologyDescriptionChanged', onTopology);
      client.off('serverHeartbeatFailed', onHeartbeatFailed);
    },
  };
}

function isWritable(server: mongoose.mongo.ServerDescription): boolean {
  return server.type === 'RSPrimary' || server.type === 'Mongos' || server.type === 'LoadBalancer';
}
