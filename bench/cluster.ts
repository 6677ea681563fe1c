// Several processes: the intake of four hubs on one log, linked by Redis, beside that of one. They share the machine, the database and
// the one counter of the log, so that nothing can be won here; what must not happen is that they stand in each other's way.
import { ownRedis } from '../test/support/redis.js';
import { type HubServer, startHub } from './hub-server.js';
import type { PostResult } from './load/posts.js';
import { type Bench, startScript } from './processes.js';
import { comparing, eachSecond, milliseconds, type Row } from './report.js';

const PROCESSES = 4;
const IN_FLIGHT = 64;
const ROUNDS = 3;
const ROUND_MS = 3_000;

export async function measureCluster(bench: Bench, mongoUrl: string): Promise<Row[]> {
  const redis = await ownRedis();
  bench.scope.add(() => redis.remove());
  const env = { REDIS_URL: redis.url };
  const one = await startHub(bench, 'hub-one', mongoUrl, 'bench_one', { env });
  const many: HubServer[] = [];
  for (let number = 1; number <= PROCESSES; number++) {
    many.push(await startHub(bench, `hub-${number}`, mongoUrl, 'bench_many', { env }));
  }
  const { ask } = await startScript(bench, 'load/posts.ts');
  const contenders = [many, [one]] as const;
  const results = contenders.map((): PostResult[] => []);
  // The first round only warms the servers up: each of many as long as one that is alone, for each has its own code to compile.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, hubs] of contenders.entries()) {
      const ms = round === 0 ? hubs.length * ROUND_MS : ROUND_MS;
      const posted = await ask<PostResult>('run', {
        targets: hubs.map(({ intake }) => intake),
        inFlight: IN_FLIGHT,
        ms,
      });
      if (round > 0) results[index]?.push(posted);
    }
  }
  return rowsOf(results[0] as PostResult[], results[1] as PostResult[]);
}

function rowsOf(many: readonly PostResult[], one: readonly PostResult[]): Row[] {
  const row = comparing(many, { name: 'one process', rounds: one });
  const posts = `${PROCESSES} processes: durable POSTs, ${IN_FLIGHT} at once`;
  return [
    row('processes', posts, ({ perSecond }) => perSecond, eachSecond, { atLeast: 0.8 }),
    row('processes p50', '  median answer', ({ p50 }) => p50, milliseconds),
    row('processes p99', '  99th percentile', ({ p99 }) => p99, milliseconds, { atMost: 3 }),
  ];
}
