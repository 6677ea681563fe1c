// Fan-out as sockets grow, and as more events come at a time: CPU per event and socket, beside plain Socket.IO.
import { type Contender, connectHub, connectPeer, SOCKET_IO_PATH, SOCKETS } from '../contenders.js';
import { costOf, totalOf } from '../fan-out.js';
import { startHub } from '../hub-server.js';
import { median } from '../median.js';
import type { Shape } from '../peers/emitter.js';
import type { Bench } from '../processes.js';
import { scoped } from '../scope.js';
import type { Curve, Point } from './chart.js';

const ROUNDS = 3;
const GROWING_SOCKETS = [250, 500, 1_000, 2_000, 4_000];
const GROWING_BURSTS = [1, 5, 20, 100, 500];
const BURST = { events: 200, everyMs: 0 };
const STEADY = { events: 50, everyMs: 20 };
/** Deliveries of one measurement: CPU time is counted in hundredths of a second. */
const DELIVERIES = 200_000;
const Y = 'CPU of the server per event and socket (µs)';

export async function curvesOfSockets(outer: Bench, mongoUrl: string): Promise<Curve[]> {
  const burst: Point[] = [];
  const steady: Point[] = [];
  for (const sockets of GROWING_SOCKETS) {
    await scoped(outer.scope, async (scope) => {
      for (const contender of await pair({ ...outer, scope }, mongoUrl, sockets)) {
        burst.push({ series: contender.name, x: sockets, y: await cost(contender, BURST) });
        steady.push({ series: contender.name, x: sockets, y: await cost(contender, STEADY) });
      }
    });
  }
  const x = 'sockets';
  return [
    { name: 'sockets-burst', title: `Bursts of ${BURST.events} events`, x, y: Y, points: burst },
    { name: 'sockets-steady', title: `An event each ${STEADY.everyMs} ms`, x, y: Y, points: steady },
  ];
}

export async function curvesOfBursts(bench: Bench, mongoUrl: string): Promise<Curve[]> {
  const points: Point[] = [];
  for (const contender of await pair(bench, mongoUrl, SOCKETS)) {
    for (const events of GROWING_BURSTS) {
      points.push({ series: contender.name, x: events, y: await cost(contender, { events, everyMs: 0 }) });
    }
  }
  const title = `Bursts to ${SOCKETS.toLocaleString('en')} sockets, the commit included`;
  return [{ name: 'bursts', title, x: 'events per burst', y: Y, points }];
}

async function pair(bench: Bench, mongoUrl: string, sockets: number): Promise<Contender[]> {
  const hub = await startHub(bench, 'hub-curve', mongoUrl, `bench_curve_${sockets}`);
  const dialect = { socketio: true, ready: 'joined', path: SOCKET_IO_PATH } as const;
  return [
    await connectHub(bench, hub, (shape) => hub.makeItems(shape), sockets),
    await connectPeer(bench, 'Socket.IO', 'peers/socketio.ts', dialect, sockets),
  ];
}

/** Microseconds per delivery; small bursts are repeated until there is something to be measured. */
async function cost(contender: Contender, shape: Shape): Promise<number> {
  const times = shape.everyMs > 0 ? 1 : Math.min(20, Math.ceil(DELIVERIES / (shape.events * contender.sockets)));
  const rounds: number[] = [];
  // The first round only warms the server up.
  for (let round = 0; round <= ROUNDS; round++) {
    let sum = 0;
    for (let time = 0; time < times; time++) sum += totalOf(await costOf(contender, shape));
    if (round > 0) rounds.push(sum / times);
  }
  return median(rounds);
}
