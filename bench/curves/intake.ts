// Intake: durable POSTs per second, and the median answer, as more are under way at once, beside Express and mongoose.
import { type Contender, startPeer } from '../intake.js';
import { startHub } from '../hub-server.js';
import type { PostResult } from '../load/posts.js';
import { type Bench, startScript } from '../processes.js';
import type { Curve, Point } from './chart.js';

const GROWING = [1, 4, 16, 64, 256];
const WARM_UP_MS = 1_000;
const ROUND_MS = 4_000;

export async function curvesOfIntake(bench: Bench, mongoUrl: string): Promise<Curve[]> {
  const hub = await startHub(bench, 'hub-intake', mongoUrl, 'bench_intake');
  const own: Contender = { pid: hub.pid, target: hub.intake };
  const peer = await startPeer(bench, mongoUrl, hub.intake.key);
  const { ask } = await startScript(bench, 'load/posts.ts');
  const rate: Point[] = [];
  const answer: Point[] = [];
  for (const inFlight of GROWING) {
    for (const [series, { target }] of [
      ['workitem-hub', own],
      ['Express and mongoose', peer],
    ] as const) {
      await ask('run', { targets: [target], inFlight, ms: WARM_UP_MS });
      const result = await ask<PostResult>('run', { targets: [target], inFlight, ms: ROUND_MS });
      rate.push({ series, x: inFlight, y: result.perSecond });
      answer.push({ series, x: inFlight, y: result.p50 });
    }
  }
  const x = 'POSTs under way at once';
  return [
    { name: 'intake-rate', title: 'Durable POSTs', x, y: 'answered per second', points: rate },
    { name: 'intake-answer', title: 'Time to the answer', x, y: 'median (ms)', points: answer },
  ];
}
