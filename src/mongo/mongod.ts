// One mongod process: started on loopback as a replica set of one, ready when it is primary, stopped with a deadline.
// The embedded database and the tests are made of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '../config.js';
import { becomePrimary, changeAddress, HOST, REPLICA_SET, untilAccepts } from './replica-set.js';

/** Resolves when the mongod that starts on the port serves its purpose. */
type Ready = (port: number, signal: AbortSignal) => Promise<void>;

/** Milliseconds that a start may take, recovery after a crash included. */
const START_DEADLINE = 60_000;

export interface MongodOptions {
  /** The executable. */
  binary: string;
  /** Holds `db/` and `mongod.log`; made when missing. */
  directory: string;
  port: number;
  /** `--setParameter` pairs. */
  parameters?: Readonly<Record<string, string | number>> | undefined;
  /** Gives the start up. */
  signal?: AbortSignal | undefined;
  /** Gets the pid of the process before it is up. */
  onSpawn?: ((pid: number) => void) | undefined;
}

/** How a mongod ended. */
export interface MongodExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Mongod {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<MongodExit>;
  kill(signal: NodeJS.Signals): void;
  /** Ends it cleanly, by force after `ms` milliseconds (default 10,000). Calling it again is harmless. */
  stop(ms?: number): Promise<void>;
}

/** A mongod that did not come up; `message` ends with what its log says. */
export class MongodError extends ConfigError {
  override name = 'MongodError';

  constructor(
    message: string,
    /** mongod's exit code, when it ended by itself: 48 the port is taken, 100 another mongod has the data. */
    readonly exitCode: number | null = null,
  ) {
    super(message);
  }
}

/**
 * Starts mongod and resolves when it is the primary of its one-node set, which is initiated if need be. Data, journal
 * and set survive in `directory`.
 *
 * @throws MongodError when it ends or is not primary within 60 s; the signal's reason when that aborts; the process is
 *   gone then
 */
export function startMongod(options: MongodOptions): Promise<Mongod> {
  return launch(options, ['--replSet', REPLICA_SET], becomePrimary);
}

/**
 * Starts mongod as a member of a set that somebody else initiates; resolves when it accepts connections.
 *
 * @throws MongodError as {@link startMongod}
 */
export function startMember(options: MongodOptions): Promise<Mongod> {
  return launch(options, ['--replSet', REPLICA_SET], untilAccepts);
}

/**
 * Tells the set in `directory` that its port is `port` from now on. Takes a start of mongod outside of its set: within,
 * it would first ask whoever has the old port whether that is itself.
 *
 * @throws MongodError as {@link startMongod}
 */
export async function moveSet(options: MongodOptions): Promise<void> {
  const mongod = await launch(options, [], changeAddress);
  await mongod.stop();
}

async function launch(options: MongodOptions, mode: readonly string[], ready: Ready): Promise<Mongod> {
  const dbpath = databasePath(options.directory);
  const log = path.join(options.directory, 'mongod.log');
  await mkdir(dbpath, { recursive: true });
  // mongod would append: with one log per start, and the one before it, they stay small and a crash keeps its story.
  await rename(log, `${log}.previous`).catch(() => {});
  const child = spawn(options.binary, [...commandLine(options, dbpath, log), ...mode], {
    // Its own process group: a Ctrl-C is for the hub, which then stops mongod in its turn.
    detached: true,
    stdio: 'ignore',
  });
  await once(child, 'spawn').catch((error: Error) => {
    throw new MongodError(`mongod cannot be run: ${error.message}`);
  });
  const mongod = describeChild(child, options.port);
  options.onSpawn?.(mongod.pid);
  try {
    await untilReady(mongod, log, options.signal, ready);
    return mongod;
  } catch (error) {
    mongod.kill('SIGKILL');
    await mongod.exited;
    throw error;
  }
}

/** Where the data of a mongod started in `directory` lies. */
export function databasePath(directory: string): string {
  return path.resolve(directory, 'db');
}

/** A loopback TCP port that is free now: `preferred` if it is. */
export async function freePort(preferred = 0): Promise<number> {
  const server = createServer();
  server.listen(preferred, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (preferred === 0) throw error;
    return freePort();
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

function commandLine({ port, parameters = {} }: MongodOptions, dbpath: string, log: string): string[] {
  const place = ['--dbpath', dbpath, '--logpath', log, '--port', String(port), '--bind_ip', HOST, '--nounixsocket'];
  const size = ['--storageEngine', 'wiredTiger', '--wiredTigerCacheSizeGB', '0.5', '--oplogSize', '256'];
  return [
    ...place,
    ...size,
    ...Object.entries(parameters).flatMap(([name, value]) => ['--setParameter', `${name}=${value}`]),
  ];
}

function describeChild(child: ChildProcess, port: number): Mongod {
  const exited = new Promise<MongodExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const { pid } = child;
  if (pid === undefined) throw new MongodError('mongod has no process id');
  // For an exit that skips the orderly stop; nothing helps against kill -9 of the hub.
  const onExit = () => child.kill('SIGTERM');
  process.once('exit', onExit);
  child.once('exit', () => process.off('exit', onExit));
  return {
    pid,
    port,
    url: `mongodb://${HOST}:${port}/?replicaSet=${REPLICA_SET}`,
    exited,
    kill: (signal) => void child.kill(signal),
    async stop(ms = 10_000) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), ms);
      await exited;
      clearTimeout(timer);
    },
  };
}

async function untilReady(mongod: Mongod, log: string, signal: AbortSignal | undefined, ready: Ready): Promise<void> {
  const settled = new AbortController();
  const ended = mongod.exited.then(async ({ code, signal: by }) => {
    throw new MongodError(`mongod ended at its start (${by ?? `exit code ${code}`})${await lastWords(log)}`, code);
  });
  const late = delay(START_DEADLINE, undefined, { signal: settled.signal }).then(async () => {
    throw new MongodError(`mongod was not ready within ${START_DEADLINE} ms${await lastWords(log)}`);
  });
  const givenUp = new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { signal: settled.signal });
  });
  try {
    await Promise.race([ended, late, givenUp, ready(mongod.port, settled.signal)]);
  } finally {
    settled.abort();
  }
}

/** The fatal and error lines of mongod's log (JSON, one per line), shortened. */
async function lastWords(log: string): Promise<string> {
  const lines = (await readFile(log, 'utf8').catch(() => '')).split('\n');
  const words = lines.flatMap((line) => {
    try {
      const entry = JSON.parse(line);
      return entry.s === 'E' || entry.s === 'F'
        ? [`${entry.msg} ${JSON.stringify(entry.attr ?? {})}`.slice(0, 300)]
        : [];
    } catch {
      return [];
    }
  });
  return words.length > 0 ? `: ${words.slice(0, 3).join('; ')}` : `; see ${log}`;
}
