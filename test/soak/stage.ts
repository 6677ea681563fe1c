// What a long run takes place on: servers, hubs behind links, and the crowd whose history is judged at the end.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openMongo, type Mongo } from '../../src/mongo/connection.js';
import { createHubs, type Hub, type Hubs } from '../faults/hubs.js';
import { createServers, type Redis, type Set as ReplicaSet } from '../faults/servers.js';
import { UNLIMITED } from '../faults/unlimited.js';
import { type Crowd, gather } from '../support/crowd.js';
import { dataDirectory } from '../support/hub-process.js';
import { createLink, LOOPBACK } from '../support/link.js';
import { type OwnMongod, quiet } from '../support/mongo.js';
import type { Random } from '../support/random.js';

const DATABASE = 'soak';
const ROUTING = [{ policy_type: 'Cyber', team: 'cyber' }];
const PLANT = new URL('./plant.mjs', import.meta.url);
/** Bodies above it are refused: so low that a body that is too large costs little. */
export const INTAKE_MAX_MB = 1;

export interface Stage {
  readonly hubs: Hubs;
  /** All that were ever started, in order. The first one is never ended. */
  readonly started: readonly Hub[];
  readonly steady: Hub;
  readonly redis: Redis;
  /** One of them. */
  readonly mongod: OwnMongod | null;
  readonly set: ReplicaSet | null;
  /** Straight to the database. */
  readonly mongo: Mongo;
  /** The watchers, and the judge. Nothing is sent yet. */
  gather(): Promise<Crowd>;
  end(): Promise<void>;
}

export interface StageOptions {
  random: Random;
  hubs: number;
  /** A set of three instead of one mongod. */
  set: boolean;
  /** Leaks to plant into the first hub. */
  plant?: string | undefined;
}

export async function setStage({ random, hubs: count, set: wantsSet, plant }: StageOptions): Promise<Stage> {
  const ends: (() => Promise<unknown>)[] = [];
  const end = async (): Promise<void> => {
    for (let one = ends.pop(); one; one = ends.pop()) await one();
  };
  try {
    const servers = createServers();
    ends.push(() => servers.end());
    const data = await dataDirectory();
    ends.push(() => data.remove());
    const routing = path.join(data.path, 'routing.json');
    await writeFile(routing, JSON.stringify({ rules: ROUTING }));
    const redis = await servers.redis();
    const set = wantsSet ? await servers.set() : null;
    const mongod = set ? null : await servers.mongod();
    const mongoUrl = (set ?? (mongod as OwnMongod)).url;
    const started: Hub[] = [];
    const hubs = createHubs({
      env: {
        ...UNLIMITED,
        DATA_DIR: data.path,
        // Members of a set cannot be behind links, so idle connections are not cut to be counted: they end by themselves.
        MONGODB_URL: set ? `${mongoUrl}&maxIdleTimeMS=1000` : mongoUrl,
        MONGODB_DATABASE: DATABASE,
        REDIS_KEY: DATABASE,
        ROUTING_RULES: routing,
        LOG_LEVEL: 'warn',
        TEST_CENSUS: 'on',
        INTAKE_MAX_MB: String(INTAKE_MAX_MB),
        // Floods of bad tokens come from addresses of their own, and are refused before the tokens are looked at.
        TRUST_PROXY: 'loopback',
        LIMIT_FAILED_AUTH_PER_MINUTE: '20',
        // Whoever is gone without a word is found out between two calm points.
        HEARTBEAT_SECONDS: '3',
        SOCKET_QUEUE_MAX_SECONDS: '3',
      },
      ...(mongod ? { mongoPort: mongod.port } : {}),
      redisPort: redis.port,
      doors: true,
      onStart: (hub) => void started.push(hub),
    });
    ends.push(() => hubs.end());
    const planted = { SOAK_PLANT: plant ?? '', NODE_OPTIONS: `--import ${fileURLToPath(PLANT)}` };
    const steady = await hubs.start(plant ? { env: planted } : {});
    while (started.length < count) await hubs.start();
    const mongo = await openMongo({ url: mongoUrl, database: DATABASE, logger: quiet });
    ends.push(() => mongo.close());
    const toAny = random.fork('gate');
    const urls = (): string[] => hubs.running.map(({ url }) => url);
    const gate = await createLink({ target: () => Number(new URL(toAny.pick(urls())).port) });
    ends.push(() => gate.close());
    return {
      hubs,
      started,
      steady,
      redis,
      mongod,
      set,
      mongo,
      gather: () =>
        gather({
          urls,
          mongoUrl,
          database: DATABASE,
          random: random.fork('crowd'),
          senders: 0,
          gate: `http://${LOOPBACK}:${gate.port}`,
        }),
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
