// Lists as items grow: the first page, and the last, which is asked for with a cursor.
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
    points.push({ series: 'the first page', x: items, y: await timeOf(hub, token, null) });
    points.push({ series: 'the last page', x: items, y: await timeOf(hub, token, await lastPage(hub, token)) });
  }
  const title = `A page of ${PAGE} items`;
  return [{ name: 'items', title, x: 'items', y: 'time to the answer (ms)', points }];
}

/** Milliseconds. */
async function timeOf(hub: HubServer, token: string, cursor: string | null): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await readPage(hub, token, cursor);
    times.push(performance.now() - start);
  }
  return median(times);
}

/** The cursor that leads to it, from page to page. */
async function lastPage(hub: HubServer, token: string): Promise<string | null> {
  let cursor: string | null = null;
  for (;;) {
    const next = await readPage(hub, token, cursor);
    if (next === null) return cursor;
    cursor = next;
  }
}

/** The cursor of the page after it. */
async function readPage({ port }: HubServer, token: string, cursor: string | null): Promise<string | null> {
  const query = new URLSearchParams({ limit: String(PAGE), ...(cursor === null ? {} : { cursor }) });
  const response = await fetch(`http://127.0.0.1:${port}/api/workitems?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`a list was answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { next_cursor: string | null }).next_cursor;
}
