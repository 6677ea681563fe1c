// Lists as items grow: the first page, and each page on the way through all of them.
import { type HubServer, startHub } from '../hub-server.js';
import { median } from '../median.js';
import type { Bench } from '../processes.js';
import type { Curve, Point } from './chart.js';

const GROWING = [1_000, 2_000, 5_000, 10_000];
const PAGE = 200;
const ROUNDS = 20;

export async function curvesOfItems(bench: Bench, mongoUrl: string): Promise<Curve[]> {
  const hub = await startHub(bench, 'hub-items', mongoUrl, 'bench_items');
  const token = await hub.token(1);
  const points: Point[] = [];
  let there = 0;
  for (const items of GROWING) {
    await hub.makeItems({ events: items - there, everyMs: 0 });
    there = items;
    const first: number[] = [];
    for (let round = 0; round < ROUNDS; round++) first.push((await timedPage(hub, token, null)).ms);
    points.push({ series: 'the first page', x: items, y: median(first) });
    const all: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await timedPage(hub, token, cursor);
      all.push(page.ms);
      cursor = page.next;
    } while (cursor !== null);
    points.push({ series: 'the last page', x: items, y: median(all.slice(-3)) });
  }
  const title = `A page of ${PAGE} items`;
  return [{ name: 'items', title, x: 'items', y: 'time to the answer (ms)', points }];
}

async function timedPage(
  { port }: HubServer,
  token: string,
  cursor: string | null,
): Promise<{ ms: number; next: string | null }> {
  const start = performance.now();
  const query = new URLSearchParams({ limit: String(PAGE), ...(cursor === null ? {} : { cursor }) });
  const response = await fetch(`http://127.0.0.1:${port}/api/workitems?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`a list was answered ${response.status}: ${await response.text()}`);
  const { next_cursor: next } = (await response.json()) as { next_cursor: string | null };
  return { ms: performance.now() - start, next };
}
