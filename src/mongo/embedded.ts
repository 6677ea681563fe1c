// The MongoDB that a hub brings along when it is given none: one persistent mongod on loopback below DATA_DIR, which
// lives as long as the hub does.
import { readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Config, ConfigError } from '../config.js';
import { ensureDataDirectory, makeDirectory } from '../ops/data-directory.js';
import { resolveMongod } from './binary.js';
import type { ProgressListener } from './progress.js';
import {
  databasePath,
  freePort,
  type Mongod,
  MongodError,
  type MongodOptions,
  moveSet,
  startMongod,
} from './mongod.js';
import { endOrphan } from './orphan.js';
import { type ProcessLock, takeLock } from './process-lock.js';

export interface EmbeddedOptions {
  config: Pick<Config, 'DATA_DIR' | 'MONGOMS_SYSTEM_BINARY' | 'XDG_CACHE_HOME'>;
  logger: Logger;
  /** Gets lines for a person to read when mongod has to be downloaded. */
  progress?: ProgressListener | undefined;
  /** `--setParameter` pairs, such as `{enableTestCommands: 1}`. */
  parameters?: MongodOptions['parameters'];
}

export interface EmbeddedMongo {
  /** For {@link openMongo}; stays the same as long as this hub runs. */
  readonly url: string;
  /** Of the present mongod; another after it died and was restarted. */
  readonly pid: number;
  /** Ends mongod, by force after `ms` milliseconds (default 10,000), and gives the data free. Repeating it is harmless. */
  stop(ms?: number): Promise<void>;
}

const PORT_TAKEN = 48;
const DATA_TAKEN = 100;
const BACK_OFF_MAX = 5000;
/** A mongod that lived this long, in milliseconds, died of something new: its restart is not delayed. */
const LONG_LIFE = 60_000;

/**
 * Starts mongod on the data below `DATA_DIR/mongodb`, and restarts it when it dies. What a killed hub left (a running
 * mongod, lock files, a set that was never initiated, a port that is now another's) is dealt with.
 *
 * @throws ConfigError when another hub uses the data, when there is no mongod to be had, or when mongod cannot start;
 *   nothing is left running then
 */
export async function startEmbeddedMongo({
  config,
  logger,
  progress,
  parameters,
}: EmbeddedOptions): Promise<EmbeddedMongo> {
  const given = path.join(config.DATA_DIR, 'mongodb');
  await ensureDataDirectory(config.DATA_DIR);
  await makeDirectory(given, 0o700);
  const directory = await realpath(given);
  const lock = await lockData(directory, given);
  try {
    const binary = await resolveMongod(config, progress);
    const mongod = await startOn(directory, { binary, directory, parameters }, logger);
    logger.info({ mongod: mongod.pid, port: mongod.port, data: given }, 'embedded MongoDB is running');
    return supervise(mongod, { binary, directory, parameters, port: mongod.port }, lock, logger);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function lockData(directory: string, shown: string): Promise<ProcessLock> {
  const taken = await takeLock(directory);
  if ('release' in taken) return taken;
  const who = taken.pid === null ? 'Another hub' : `Another hub (process ${taken.pid})`;
  throw new ConfigError(`${who} is using the data in ${shown}. Stop it, or set DATA_DIR to another directory.`);
}

/** Under the port of last time if that is free, so that a restart looks to clients like an outage and no more. */
async function startOn(directory: string, options: Omit<MongodOptions, 'port'>, logger: Logger): Promise<Mongod> {
  const portFile = path.join(directory, 'port');
  for (let attempt = 1; ; attempt++) {
    await endOrphan(databasePath(directory), logger);
    const remembered = Number.parseInt(await readFile(portFile, 'utf8').catch(() => ''), 10) || 0;
    const port = await freePort(remembered);
    try {
      if (remembered > 0 && port !== remembered) {
        logger.warn({ from: remembered, to: port }, 'the port of the embedded MongoDB is taken; moving it');
        await moveSet({ ...options, port });
      }
      await writeFile(portFile, `${port}\n`);
      return await startMongod({ ...options, port });
    } catch (error) {
      // Somebody was quicker at the port, or an orphan had not yet written its pid when it was looked for.
      const passing = error instanceof MongodError && [PORT_TAKEN, DATA_TAKEN].includes(error.exitCode ?? 0);
      if (!passing || attempt === 5) throw error;
      await delay(200 * attempt);
    }
  }
}

function supervise(first: Mongod, options: MongodOptions, lock: ProcessLock, logger: Logger): EmbeddedMongo {
  const stopping = new AbortController();
  let mongod = first;
  let stopped: Promise<void> | undefined;

  const watching = (async () => {
    let backOff = 0;
    while (!stopping.signal.aborted) {
      const began = performance.now();
      const exit = await mongod.exited;
      if (stopping.signal.aborted) return;
      backOff = performance.now() - began > LONG_LIFE ? 0 : backOff;
      logger.error({ ...exit, mongod: mongod.pid, restartInMs: backOff }, 'the embedded mongod died; restarting it');
      const restarted = await restart(backOff);
      if (!restarted) return;
      mongod = restarted;
      backOff = nextBackOff(backOff);
    }
  })();

  async function restart(backOff: number): Promise<Mongod | null> {
    for (let wait = backOff; ; wait = nextBackOff(wait)) {
      try {
        await delay(wait, undefined, { signal: stopping.signal });
        const restarted = await startMongod({ ...options, signal: stopping.signal });
        logger.info({ mongod: restarted.pid }, 'the embedded mongod is back');
        return restarted;
      } catch (error) {
        if (stopping.signal.aborted) return null;
        logger.error({ reason: (error as Error).message }, 'the embedded mongod did not start');
      }
    }
  }

  return {
    url: first.url,
    get pid() {
      return mongod.pid;
    },
    stop(ms) {
      stopped ??= (async () => {
        stopping.abort();
        await mongod.stop(ms);
        await watching;
        // A restart may have succeeded in the same moment.
        await mongod.stop(ms);
        await lock.release();
      })();
      return stopped;
    },
  };
}

function nextBackOff(ms: number): number {
  return Math.min(BACK_OFF_MAX, Math.max(200, ms * 2));
}
