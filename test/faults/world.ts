// The world of one run of a scenario: hubs on a database of their own, a crowd around them, and the clock of their recovery.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Mongo, openMongo } from '../../src/mongo/connection.js';
import { type Crowd, gather } from '../support/crowd.js';
import type { Defect } from '../support/history.js';
import { dataDirectory } from '../support/hub-process.js';
import { createLink, type Link, LOOPBACK } from '../support/link.js';
import { type OwnMongod, quiet } from '../support/mongo.js';
import type { Random } from '../support/random.js';
import { until } from '../support/until.js';
import { createHubs, type Holdings, type Hub, type Hubs } from './hubs.js';
import type { Redis, Servers, Set } from './servers.js';
import { UNLIMITED } from './unlimited.js';

/** What a scenario needs to take place. */
export interface Needs {
  /** Default 2. */
  hubs?: number;
  /** `linked`: one mongod, and a link to it for each hub. Default one mongod that hubs reach directly. */
  mongo?: 'one' | 'linked' | 'set';
  /** `linked`: with a link to it for each hub. Default none. */
  redis?: 'one' | 'linked';
  /** `linked`: clients reach each hub through a link. `watchers`: those with sockets do, senders of mails do not. */
  doors?: 'linked' | 'watchers';
  /** Whether some of the watchers are the published client. */
  clients?: boolean;
  /** Settings of all hubs. */
  env?: Record<string, string>;
  /** MiB that a hub's heap may have grown by at the end, where that is more than for others. */
  growthMb?: number;
}

export interface World {
  readonly random: Random;
  /** Takes the one in a full run, the other in a quick one. */
  size(full: number, quick: number): number;
  readonly hubs: Hubs;
  readonly crowd: Crowd;
  readonly mongod: OwnMongod;
  readonly set: Set;
  readonly redis: Redis;
  /** The name of the database. */
  readonly database: string;
  /** Straight to the database. */
  withDatabase<T>(work: (mongo: Mongo) => Promise<T>): Promise<T>;
  /** Waits until a mail that is posted after `since` (default now) has been seen by everybody, and notes how long that took. */
  recovers(since?: number): Promise<void>;
  /** Notes the longest that anybody had to wait for a mail that was answered since then. */
  notePause(since: number): void;
  /** Notes what must not be. */
  report(defect: Defect): void;
  pass(ms: number): Promise<void>;
}

/** What became of it. */
export interface Outcome {
  /** Mails and commands that were answered, and events that were seen. */
  operations: number;
  defects: Defect[];
  /** Milliseconds, one for each fault. */
  recoveries: number[];
  /** Milliseconds. */
  pause: number | null;
  /** Of each hub that lived to the end, bytes that its heap has grown. */
  growth: number[];
}

/** Mails that are served before the first fault, so that hubs and clients are warm. */
const WARM = 20;
/**
 * What a hub may hold more at the end than at the beginning, MiB: its ring of recent events, compiled code. A leak of what
 * belongs to connections or requests would be many times that.
 */
const GROWTH_MB = 12;
/** Timers and other resources that it may hold more. Connections to MongoDB stay in their pool. */
const RESOURCES_MAX = 20;

/** What happens in a world, and the verdict, take no longer than that each, milliseconds. */
const RUN_MS = 120_000;

export interface Staging {
  servers: Servers;
  random: Random;
  full: boolean;
  /** Unique. */
  database: string;
  /** A directory for what the hubs print. */
  logs?: string | undefined;
}

/** Builds a world, lets `happen` happen in it, judges, and takes the world apart. */
export async function inWorld(
  needs: Needs,
  { servers, random, full, database, logs }: Staging,
  happen: (world: World, random: Random) => Promise<void>,
): Promise<Outcome> {
  const data = await dataDirectory();
  const routing = path.join(data.path, 'routing.json');
  await writeFile(routing, JSON.stringify({ rules: [{ policy_type: 'Cyber', team: 'cyber' }] }));
  const set = needs.mongo === 'set' ? await servers.set() : null;
  const mongod = set ? null : await servers.mongod();
  const redis = needs.redis ? await servers.redis() : null;
  const mongoUrl = (set ?? (mongod as OwnMongod)).url;
  const started: Hub[] = [];
  const hubs = createHubs({
    env: {
      ...UNLIMITED,
      DATA_DIR: data.path,
      MONGODB_URL: mongoUrl,
      MONGODB_DATABASE: database,
      ROUTING_RULES: routing,
      LOG_LEVEL: logs ? 'debug' : 'warn',
      ...(redis ? { REDIS_URL: redis.url, REDIS_KEY: database } : {}),
      ...needs.env,
    },
    ...(needs.mongo === 'linked' ? { mongoPort: (mongod as OwnMongod).port } : {}),
    ...(needs.redis === 'linked' ? { redisPort: (redis as Redis).port } : {}),
    doors: needs.doors !== undefined,
    onStart: (hub) => void started.push(hub),
  });
  const defects: Defect[] = [];
  const recoveries: number[] = [];
  let pause: number | null = null;
  let growth: number[] = [];
  let crowd: Crowd | undefined;
  let gate: Link | undefined;
  try {
    await Promise.all(Array.from({ length: needs.hubs ?? 2 }, () => hubs.start()));
    const urls = (): string[] => hubs.running.map(({ url }) => url);
    if (needs.clients) {
      const toAny = random.fork('gate');
      gate = await createLink({ target: () => Number(new URL(toAny.pick(urls())).port) });
    }
    crowd = await gather({
      urls,
      mongoUrl,
      database,
      random: random.fork('crowd'),
      senders: 3,
      restMs: full ? 60 : 120,
      probeMs: full ? 50 : 100,
      silenceMs: Number(needs.env?.HEARTBEAT_SECONDS ?? 25) * 3_000,
      ...(needs.doors === 'watchers' ? { postTo: () => hubs.running.map(({ ownUrl }) => ownUrl) } : {}),
      ...(gate ? { gate: `http://${LOOPBACK}:${gate.port}` } : {}),
    });
    await crowd.served(WARM);
    const before = new Map(await Promise.all(hubs.running.map(async (hub) => [hub, await hub.holdings()] as const)));

    const present = crowd;
    const world: World = {
      random,
      size: (many, few) => (full ? many : few),
      hubs,
      crowd: present,
      database,
      get mongod() {
        return mongod as OwnMongod;
      },
      get set() {
        return set as Set;
      },
      get redis() {
        return redis as Redis;
      },
      async withDatabase(work) {
        const mongo = await openMongo({ url: mongoUrl, database, logger: quiet });
        try {
          return await work(mongo);
        } finally {
          await mongo.close();
        }
      },
      async recovers(since = performance.now()) {
        recoveries.push(await present.recovered(since));
      },
      notePause(since) {
        pause = Math.max(pause ?? 0, present.longestPause(since));
      },
      report: (defect) => void defects.push(defect),
      pass: (ms) => delay(ms),
    };
    try {
      await within(RUN_MS, happen(world, random));
    } catch (error) {
      defects.push({ kind: 'wrong', what: (error as Error).stack ?? String(error) });
    }
    defects.push(...(await within(RUN_MS, crowd.judge())));
    crowd.close();
    const held = await Promise.all(hubs.running.map(async (hub) => ({ hub, after: await heldAtRest(hub) })));
    for (const { hub, after } of held) {
      const then = before.get(hub);
      if (!then) continue;
      growth = [...growth, after.heap - then.heap];
      defects.push(...defectsOfHoldings(hub, then, after, needs.growthMb));
    }
  } catch (error) {
    defects.push({ kind: 'wrong', what: (error as Error).stack ?? String(error) });
  } finally {
    crowd?.close();
    await gate?.close();
    await hubs.end();
    defects.push(...hubs.defects.map((what): Defect => ({ kind: 'wrong', what })));
    if (logs) {
      for (const { name, output } of started) await writeFile(path.join(logs, `${database} ${name}.log`), output());
    }
    await data.remove();
  }
  const { mails = [], commands = [] } = crowd?.traffic ?? {};
  const seen = (crowd?.watchers ?? []).flatMap(({ stretches }) => stretches.map((stretch) => stretch.seen.length));
  const operations = mails.length + commands.length + seen.reduce((sum, count) => sum + count, 0);
  return { operations, defects, recoveries, pause, growth };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What a hub holds when its last client has gone. */
async function heldAtRest(hub: Hub): Promise<Holdings> {
  const gone = async (): Promise<boolean> =>
    (await hub.metric('hub_connections')) === 0 && (await hub.metric('hub_socket_queue_bytes')) === 0;
  await until(gone, 20_000).catch(() => {
    throw new Error(`${hub.name} still counts connections of clients that have gone`);
  });
  return hub.holdings();
}

function defectsOfHoldings(hub: Hub, before: Holdings, after: Holdings, growthMb = GROWTH_MB): Defect[] {
  const defects: Defect[] = [];
  const grown = after.heap - before.heap;
  if (grown > growthMb << 20)
    defects.push({ kind: 'wrong', what: `${hub.name} holds ${grown >> 20} MiB more than before` });
  for (const [name, count] of Object.entries(after.resources)) {
    // Most are connections to the database.
    const more = count - (before.resources[name] ?? 0);
    if (name !== 'TCPSocketWrap' && more > RESOURCES_MAX) {
      defects.push({ kind: 'wrong', what: `${hub.name} holds ${more} more ${name} than before` });
    }
  }
  return defects;
}
