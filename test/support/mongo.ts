// Real MongoDB for tests: one mongod for the whole run, a database per test file, faults on demand, and servers of
// one's own to kill.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pino, type Logger } from 'pino';
import { readConfig } from '../../src/config.js';
import { resolveMongod } from '../../src/mongo/binary.js';
import { openMongo, type Mongo } from '../../src/mongo/connection.js';
import { freePort, type Mongod, startMongod } from '../../src/mongo/mongod.js';
import { type ProcessLock, waitForLock } from '../../src/mongo/process-lock.js';
import { dieTogether } from './die-together.js';

export interface TestDatabase {
  mongo: Mongo;
  /** For clients of their own; carries an `appName`, so that faults can be limited to this database's clients. */
  url: string;
  name: string;
  /** Drops the database and ends the connection. */
  drop(): Promise<void>;
}

/** A mongod that belongs to one test. */
export interface OwnMongod {
  readonly url: string;
  readonly port: number;
  /** Holds `db/`, the data. */
  readonly directory: string;
  readonly pid: number;
  /** Without a chance to shut down (SIGKILL); resolves when it has ended. */
  kill(): Promise<void>;
  /** Stops it from running (SIGSTOP): connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Starts it again on the same port with the same data, after `kill` or `stop`. */
  start(): Promise<void>;
  /** Clean shutdown; the data stays. */
  stop(): Promise<void>;
  /** Ends it for good and deletes its data. */
  remove(): Promise<void>;
}

interface SharedServer {
  url: string;
  remove(): Promise<void>;
}

/** For connections in tests: errors only. */
export const quiet: Logger = pino({ level: 'silent' });

let shared: Promise<SharedServer> | undefined;
let binary: Promise<string> | undefined;
const owned = new Set<OwnMongod>();
const faults = new Set<Fault>();
/** By server; held to the end of the test. */
const faultLocks = new Map<string, Promise<ProcessLock>>();

/** URL of the run's replica set: `MONGODB_URL` when set, else a mongod started at the first call. */
export async function sharedMongoUrl(): Promise<string> {
  shared ??= startShared();
  return (await shared).url;
}

/** A new, empty database on the run's mongod. Call it in `before`, and `drop` in `after`. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(await sharedMongoUrl());
  url.searchParams.set('appName', name);
  const mongo = await openMongo({ url: url.href, database: name, logger: quiet });
  return {
    mongo,
    url: url.href,
    name,
    async drop() {
      await mongo.db.dropDatabase();
      await mongo.close();
    },
  };
}

/** A path to a mongod that works, found as the hub finds its own. */
export function mongodBinary(): Promise<string> {
  binary ??= resolveMongod(readConfig(), (line) => console.error(line));
  return binary;
}

/** A replica set of one with its own process and data; starting takes about 3 s. Removed at the end of the run, if not before. */
export async function ownMongod(): Promise<OwnMongod> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-test-'));
  const options = {
    binary: await mongodBinary(),
    directory,
    port: await freePort(),
    parameters: { enableTestCommands: 1 },
  };
  let mongod = await startMongod(options);
  let leash = dieTogether(mongod.pid, directory);
  const end = async (how: (it: Mongod) => unknown) => {
    leash.release();
    await how(mongod);
    await mongod.exited;
  };
  const own: OwnMongod = {
    url: mongod.url,
    port: options.port,
    directory,
    get pid() {
      return mongod.pid;
    },
    kill: () => end((it) => it.kill('SIGKILL')),
    pause: () => mongod.kill('SIGSTOP'),
    resume: () => mongod.kill('SIGCONT'),
    async start() {
      mongod = await startMongod(options);
      leash = dieTogether(mongod.pid, directory);
    },
    stop: () => end((it) => it.stop()),
    async remove() {
      owned.delete(own);
      await end((it) => it.kill('SIGKILL'));
      await rm(directory, { recursive: true, force: true });
    },
  };
  owned.add(own);
  return own;
}

/** What a fault does, as mongod's `failCommand` has it. */
export interface FaultOptions {
  /** Commands that fail, such as `insert` or `findAndModify`. */
  commands: string[];
  /** How many of them fail; default all until the fault is off. */
  times?: number;
  /** How many pass first. */
  skip?: number;
  /** Fails only commands on this collection of the test database. */
  collection?: string;
  /** Whose commands fail; default those of clients with the URL of the test database, `null` everybody's. */
  appName?: string | null;
  errorCode?: number;
  errorLabels?: string[];
  closeConnection?: boolean;
  /** The command runs, and its answer carries this. */
  writeConcernError?: { code: number; errmsg?: string; codeName?: string };
  /** Milliseconds before the command runs or fails. */
  delayMs?: number;
}

export interface Fault {
  /** Resolves when the fault has struck `times` times in all; rejects after `ms` milliseconds (default 10,000). */
  struck(times?: number, ms?: number): Promise<void>;
  /** Ends the fault; the end of the test does so, too. Calling it again does nothing. */
  off(): Promise<void>;
}

/**
 * Makes commands fail in mongod itself. There is one such fault per server: a second one replaces the first, and another
 * process that wants one waits.
 */
export async function failCommand(mongo: Mongo, options: FaultOptions): Promise<Fault> {
  const { commands, times, skip, collection, delayMs, appName = mongo.client.options.appName, ...effect } = options;
  const admin = mongo.client.db('admin');
  const server = mongo.client.options.hosts.join();
  let lock = faultLocks.get(server);
  if (!lock) faultLocks.set(server, (lock = waitForLock(`failCommand ${server}`, () => {})));
  await lock;
  const mode = times !== undefined ? { times } : skip !== undefined ? { skip } : 'alwaysOn';
  const { count: struckBefore } = await admin.command({
    configureFailPoint: 'failCommand',
    mode,
    data: {
      failCommands: commands,
      ...(collection === undefined ? {} : { namespace: `${mongo.db.databaseName}.${collection}` }),
      ...(appName ? { appName } : {}),
      ...(delayMs === undefined ? {} : { blockConnection: true, blockTimeMS: delayMs }),
      ...effect,
    },
  });
  const fault: Fault = {
    async struck(count = 1, ms = 10_000) {
      await admin.command({
        waitForFailPoint: 'failCommand',
        timesEntered: struckBefore + count,
        maxTimeMS: ms,
      });
    },
    async off() {
      if (faults.delete(fault)) await admin.command({ configureFailPoint: 'failCommand', mode: 'off' });
    },
  };
  faults.add(fault);
  return fault;
}

/** After each test: no fault outlives the test that made it. */
export async function endFaults(): Promise<void> {
  // The server may be gone by now, and the fault with it.
  await Promise.allSettled([...faults].map((fault) => fault.off()));
  faults.clear();
  await Promise.all([...faultLocks.values()].map(async (lock) => (await lock).release()));
  faultLocks.clear();
}

/** After the run: no server outlives it. */
export async function endServers(): Promise<void> {
  await Promise.all([...owned].map((own) => own.remove()));
  await (await shared?.catch(() => undefined))?.remove();
  shared = undefined;
}

async function startShared(): Promise<SharedServer> {
  const { MONGODB_URL } = readConfig();
  if (MONGODB_URL) return { url: MONGODB_URL, remove: async () => {} };
  return ownMongod();
}
