// Filters: what an event costs the hub when each of thousands of sockets has a filter of its own, and when twice as many sockets have
// the same filters and see nothing of it. What is judged holds the commit, as everywhere; events come in bursts, so that it is small.
import { setTimeout as delay } from 'node:timers/promises';
import { underwriters } from './contenders.js';
import { type Cpu, cpuDuring, mostSockets, settled } from './cpu.js';
import { type HubServer, startHub } from './hub-server.js';
import type { Ask } from './ipc.js';
import { median } from './median.js';
import { type Bench, startScript } from './processes.js';
import { boundRow, type Row, ratioRow } from './report.js';

const MOST_SOCKETS = 10_000;
export const WATCHERS = 10;
const EVENTS = 1_000;
const ROUNDS = 2;
const AFTERMATH_MS = 300;
const MOST_MS = 1.5;
/** Without heartbeats, which cost the same with and without filters. */
export const SILENT = { HEARTBEAT_SECONDS: '3600' };

/** Filters as people have them, none of which lets an item of the bench through. */
export function filterOf(number: number): object {
  switch (number % 5) {
    case 0:
      return { text: `insured ${number}` };
    case 1:
      return { broker: `brokers ${number}` };
    case 2:
      return { from_domain: `broker-${number}.example.com`, policy_type: ['Cyber'] };
    case 3:
      return { min_coverage: { currency: 'USD', amount: 5_000_001 + number }, status: ['pending'] };
    default:
      return { team: [`team-${number}`], effective_from: '2026-01-01' };
  }
}

export async function measureFilters(bench: Bench, mongoUrl: string): Promise<Row[]> {
  const sockets = Math.min(MOST_SOCKETS, 2 * Math.floor(mostSockets() / 2));
  const half = sockets / 2;
  const hub = await startHub(bench, 'hub-filters', mongoUrl, 'bench_filters', { env: SILENT });
  const watchers = await connect(bench, hub, { count: WATCHERS, from: 0 });
  const alone = await costOf(hub, watchers);
  await connect(bench, hub, { count: half, from: 20_000, filter: (number) => filterOf(number % half) });
  const once = await costOf(hub, watchers);
  const others = { count: half, from: 40_000 };
  const same = await connect(bench, hub, { ...others, filter: (number) => filterOf(number % half) });
  const twice = await costOf(hub, watchers);
  await same('disconnect');
  await connect(bench, hub, { ...others, filter: (number) => filterOf(half + (number % half)) });
  const distinct = await costOf(hub, watchers);

  const text = (ms: number): string => `${ms.toFixed(2)} ms`;
  const size = (count: number): string => count.toLocaleString('en');
  return [
    boundRow({
      id: 'filters',
      what: `${size(sockets)} sockets, each with a filter of its own: CPU per event`,
      figure: distinct,
      unit: 'ms',
      atMost: MOST_MS,
    }),
    boundRow({ id: 'filters net', what: '  less the same event to nobody else', figure: distinct - alone, unit: 'ms' }),
    ratioRow({
      id: 'filters flat',
      what: `${size(half)} filters on ${size(sockets)} sockets: CPU per event`,
      own: text(twice),
      peer: `the same filters on ${size(half)}: ${text(once)}`,
      ratio: twice / once,
      atMost: 1.25,
    }),
    boundRow({
      id: 'filters flat net',
      what: '  less the same event to nobody else',
      figure: twice - alone,
      unit: 'ms',
    }),
  ];
}

interface Crowd {
  count: number;
  /** Number of the first underwriter. */
  from: number;
  /** Default none: they see everything. */
  filter?: (number: number) => object;
}

export async function connect(bench: Bench, hub: HubServer, { count, from, filter }: Crowd): Promise<Ask> {
  const { ask } = await startScript(bench, 'load/sockets.ts');
  const clients = await underwriters(hub, count, {
    from,
    auth: (number) => (filter ? { filter: filter(number) } : {}),
  });
  await ask('connect', { dialect: { port: hub.port, socketio: true, ready: 'caught_up' }, clients });
  return ask;
}

/** Milliseconds of CPU of the hub per event of a burst that only the watchers see. */
export async function costOf(hub: HubServer, watchers: Ask): Promise<number> {
  const costs: number[] = [];
  await settled(hub.pid);
  // The first round only warms the hub up.
  for (let round = 0; round <= ROUNDS; round++) {
    await watchers('reset');
    const used: Cpu = await cpuDuring(hub.pid, async () => {
      await Promise.all([hub.makeItems({ events: EVENTS, everyMs: 0 }), watchers('received', EVENTS * WATCHERS)]);
      await delay(AFTERMATH_MS);
    });
    if (round > 0) costs.push((used.user + used.system) / EVENTS);
  }
  return median(costs);
}
