// Several whole hubs on one database and one Redis, in this process; each with database clients of its own name.
import { startHub, type TestHub } from '../support/hub.js';
import { type Fault, failCommand, type TestDatabase, testDatabase } from '../support/mongo.js';
import { type OwnRedis, ownRedis } from '../support/redis.js';
import { until } from '../support/until.js';

export interface Cluster {
  readonly hubs: readonly TestHub[];
  readonly redis: OwnRedis;
  readonly database: TestDatabase;
  /** Starts one more. */
  start(env?: Record<string, string>): Promise<TestHub>;
  /** Resolves when all have, or all have lost, Redis. */
  linked(up?: boolean): Promise<void>;
  /** From now on one of them can read nothing out of the database: what it knows of the others, they have told it. */
  blindfold(hub: TestHub): Promise<Fault>;
  end(): Promise<void>;
}

/** What a hub counts: the value of a metric with these labels. */
export async function metricOf(hub: TestHub, line: string): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((one) => one.startsWith(`${line} `))
      ?.slice(line.length + 1) ?? 0,
  );
}

export async function startCluster(count: number, common: Record<string, string> = {}): Promise<Cluster> {
  const [database, redis] = await Promise.all([testDatabase(), ownRedis()]);
  const hubs: TestHub[] = [];
  const names = new Map<TestHub, string>();

  async function start(env: Record<string, string> = {}): Promise<TestHub> {
    const name = `${database.name}-${hubs.length}`;
    const url = new URL(database.url);
    url.searchParams.set('appName', name);
    const own = { MONGODB_URL: url.href, REDIS_URL: redis.url, ...common, ...env };
    // The database is everybody's: it is dropped at the end.
    const hub = await startHub(own, { ...database, drop: async () => {} });
    hubs.push(hub);
    names.set(hub, name);
    return hub;
  }

  const linked: Cluster['linked'] = (up = true) =>
    until(async () =>
      (await Promise.all(hubs.map((hub) => metricOf(hub, 'hub_redis_up')))).every((one) => one === Number(up)),
    );

  for (let i = 0; i < count; i++) await start();
  await linked();
  return {
    hubs,
    redis,
    database,
    start,
    linked,
    blindfold: (hub) =>
      failCommand(database.mongo, {
        commands: ['find', 'aggregate'],
        appName: names.get(hub) as string,
        errorCode: 13,
      }),
    async end() {
      redis.resume();
      await Promise.all(hubs.map((hub) => hub.close()));
      await database.drop();
      await redis.remove();
    },
  };
}
