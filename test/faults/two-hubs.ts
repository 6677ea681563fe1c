// Two hub processes on one MongoDB, and nothing else between them.
import { dataDirectory, type HubProcess, startHubProcess } from '../support/hub-process.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { UNLIMITED } from './unlimited.js';

export interface RunningHub {
  process: HubProcess;
  url: string;
}

export interface TwoHubs {
  readonly database: TestDatabase;
  readonly running: readonly RunningHub[];
  /** Starts one more. */
  start(): Promise<void>;
  /** Kills the one that has run for longer, with -9. */
  kill(): Promise<void>;
  end(): Promise<void>;
}

export async function twoHubs(): Promise<TwoHubs> {
  const [database, data] = [await testDatabase(), await dataDirectory()];
  let running: RunningHub[] = [];

  async function start(): Promise<void> {
    const process = startHubProcess({
      ...UNLIMITED,
      DATA_DIR: data.path,
      MONGODB_URL: database.url,
      MONGODB_DATABASE: database.name,
    });
    const [, url = ''] = await process.printed(/workitem-hub is up: (\S+)/);
    running = [...running, { process, url }];
  }

  async function kill(): Promise<void> {
    const [first] = running;
    if (!first) return;
    running = running.slice(1);
    first.process.child.kill('SIGKILL');
    await first.process.ended;
  }

  await Promise.all([start(), start()]);
  return {
    database,
    get running() {
      return running;
    },
    start,
    kill,
    async end() {
      while (running.length > 0) await kill();
      await database.drop();
      await data.remove();
    },
  };
}
