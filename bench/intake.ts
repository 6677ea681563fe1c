// Durable intake: mails that are answered when they are safe, 64 at once, beside Express and mongoose on the same mongod.
import { type Cpu, cpuDuring } from './cpu.js';
import { startHub } from './hub-server.js';
import { INTAKE_PATH, type Target } from './load/line.js';
import type { PostResult } from './load/posts.js';
import { type Bench, startScript } from './processes.js';
import { comparing, eachSecond, milliseconds, type Row } from './report.js';

export interface Contender {
  pid: number;
  target: Target;
}

type Result = PostResult & { cpu: Cpu };

const IN_FLIGHT = 64;
const ROUNDS = 3;
const ROUND_MS = 3_000;

export async function measureIntake(bench: Bench, mongoUrl: string): Promise<Row[]> {
  const hub = await startHub(bench, 'hub-intake', mongoUrl, 'bench_intake');
  const own = { pid: hub.pid, target: hub.intake };
  const peer = await startPeer(bench, mongoUrl, hub.intake.key);
  const { ask } = await startScript(bench, 'load/posts.ts');
  const contenders: readonly Contender[] = [own, peer];
  const results = contenders.map((): Result[] => []);
  // The first round only warms the servers up.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, { pid, target }] of contenders.entries()) {
      let posted: PostResult | undefined;
      const cpu = await cpuDuring(pid, async () => {
        posted = await ask<PostResult>('run', { targets: [target], inFlight: IN_FLIGHT, ms: ROUND_MS });
      });
      if (round > 0 && posted) results[index]?.push({ ...posted, cpu });
    }
  }
  return rowsOf(results[0] as Result[], results[1] as Result[]);
}

export async function startPeer(bench: Bench, mongoUrl: string, key: string): Promise<Contender> {
  const { pid, ask } = await startScript(bench, 'peers/express-mongoose.ts', {
    env: { MONGODB_URL: mongoUrl, MONGODB_DATABASE: 'bench_express', INTAKE_KEY: key },
    profile: true,
  });
  return { pid, target: { port: await ask<number>('listen'), path: INTAKE_PATH, key } };
}

function rowsOf(own: readonly Result[], peer: readonly Result[]): Row[] {
  const row = comparing(own, { name: 'Express + mongoose', rounds: peer });
  const posts = `intake: durable POSTs, ${IN_FLIGHT} at once`;
  return [
    row('intake', posts, ({ perSecond }) => perSecond, eachSecond, { atLeast: 3 }),
    row('intake p50', '  median answer', ({ p50 }) => p50, milliseconds),
    row('intake p99', '  99th percentile', ({ p99 }) => p99, milliseconds),
    row(
      'intake cpu',
      '  CPU of the server per POST',
      ({ cpu, posts }) => ((cpu.user + cpu.system) * 1_000) / posts,
      (value) => `${Math.round(value)} µs`,
    ),
  ];
}
