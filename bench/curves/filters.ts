// Filters: CPU of the hub per event as the sockets that have a filter of their own grow.
import { mostSockets } from '../cpu.js';
import { connect, costOf, filterOf, SILENT, WATCHERS } from '../filters.js';
import { startHub } from '../hub-server.js';
import type { Bench } from '../processes.js';
import type { Curve, Point } from './chart.js';

const GROWING = [10, 100, 1_000, 2_000, 5_000, 10_000];

export async function curvesOfFilters(bench: Bench, mongoUrl: string): Promise<Curve[]> {
  const hub = await startHub(bench, 'hub-filters', mongoUrl, 'bench_filters', { env: SILENT });
  const watchers = await connect(bench, hub, { count: WATCHERS, from: 0 });
  const points: Point[] = [];
  let there = 0;
  for (const count of GROWING.filter((one) => one <= mostSockets())) {
    await connect(bench, hub, { count: count - there, from: WATCHERS + there, filter: filterOf });
    there = count;
    points.push({ series: 'workitem-hub', x: count, y: await costOf(hub, watchers) });
  }
  const title = 'Each socket with a filter of its own, none of which matches';
  return [{ name: 'filters', title, x: 'filters', y: 'CPU of the hub per event (ms)', points }];
}
