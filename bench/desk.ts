// The desk in a real browser that is slowed down: when something is seen, when it can be worked with, and how even frames are while a long
// list is scrolled and more comes in.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { becomesTrue, startChromium } from '../test/support/chromium.js';
import { type HubServer, ITEM, startHub } from './hub-server.js';
import { median } from './median.js';
import type { Bench } from './processes.js';
import { boundRow, type Row } from './report.js';

interface Network {
  name: string;
  /** Bits per second. */
  down: number;
  up: number;
  /** Milliseconds that each answer takes to begin. */
  latency: number;
  /** Whether the bounds are meant for it. */
  judged: boolean;
}

/** Two networks go by the name: the line as it is (WebPageTest), and what DevTools makes of it for each single request. */
const NETWORKS: readonly Network[] = [
  { name: 'fast 3G', down: 1_600_000, up: 750_000, latency: 150, judged: true },
  { name: 'DevTools’ “Fast 3G”', down: 1_440_000, up: 675_000, latency: 562.5, judged: false },
];
const CPU_SLOWDOWN = 4;
const RUNS = 5;
/** On a network that is not judged. */
const FEWER_RUNS = 3;
const FIRST_LIST = 200;
const MOST_TO_PAINT_MS = 1_000;
const MOST_TO_WORK_MS = 1_500;

const MANY = 10_000;
const EVENTS_PER_S = 50;
const SCROLL_MS = 10_000;
/** A frame at 60 Hz, and a little. */
const LATE_MS = 20;

/** In the page: presses a key as soon as there is a row, until a row has the focus. */
const WATCH = `
  window.worksAt = null; window.signInAt = null;
  const look = () => {
    if (document.querySelector('#sign-in')?.innerText.length > 20) window.signInAt ??= performance.now();
    if (document.querySelector('#items [data-id]')) {
      document.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
      if (document.activeElement?.closest('[data-id]')) window.worksAt ??= performance.now();
    }
    if (window.worksAt === null) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;
const PAINTED = `(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null)`;

export async function measureDesk(bench: Bench, mongoUrl: string): Promise<Row[]> {
  const hub = await startHub(bench, 'hub-desk', mongoUrl, 'bench_desk');
  const browser = await startChromium();
  bench.scope.add(() => browser.close());
  await hub.makeItems({ events: FIRST_LIST, everyMs: 0 });
  const rows: Row[] = [];
  for (const network of NETWORKS) rows.push(...(await measureLoading(browser, hub, network)));
  await hub.makeItems({ events: MANY - FIRST_LIST, everyMs: 0 });
  rows.push(...(await measureScrolling(browser, hub)));
  return rows;
}

interface Loading {
  painted: number;
  ready: number;
  /** What the page's main thread has worked until then, by its own clock, which other processes do not stretch. */
  busy: number;
}

async function measureLoading(browser: Browser, hub: HubServer, network: Network): Promise<Row[]> {
  const signIn: Loading[] = [];
  const cold: Loading[] = [];
  const warm: Loading[] = [];
  for (let run = 0; run < (network.judged ? RUNS : FEWER_RUNS); run++) {
    // A browser of its own, with nothing in its cache.
    let context = await browser.newContext();
    signIn.push(await load(context, `http://127.0.0.1:${hub.port}/`, network, 'signInAt'));
    await context.close();
    context = await browser.newContext();
    const place = `http://127.0.0.1:${hub.port}/#token=${await hub.token(1)}`;
    cold.push(await load(context, place, network, 'worksAt'));
    warm.push(await load(context, place, network, 'worksAt'));
    await context.close();
  }
  const row = (what: string, runs: readonly Loading[], figure: keyof Loading, judged: boolean): Row =>
    boundRow({
      id: `${network.name} ${what}`,
      what: `${network.name}, CPU ÷ ${CPU_SLOWDOWN}: ${what}`,
      figure: median(runs.map((one) => one[figure])),
      unit: 'ms',
      ...(judged ? { atMost: figure === 'painted' ? MOST_TO_PAINT_MS : MOST_TO_WORK_MS } : {}),
    });
  return [
    row('first paint', cold, 'painted', network.judged),
    row(`list of ${FIRST_LIST}, and a key works`, cold, 'ready', network.judged),
    row('– of it work of the main thread', cold, 'busy', false),
    row('sign-in page', signIn, 'ready', network.judged),
    row('first paint, visited before', warm, 'painted', network.judged),
    row('list and a key works, visited before', warm, 'ready', network.judged),
  ];
}

async function load(context: BrowserContext, url: string, network: Network, mark: string): Promise<Loading> {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await page.addInitScript(WATCH);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: network.latency,
    downloadThroughput: network.down / 8,
    uploadThroughput: network.up / 8,
  });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  await page.goto(url, { waitUntil: 'commit' });
  await becomesTrue(page, `window.${mark} > 0 && ${PAINTED} !== null`, 60_000);
  const { metrics } = await cdp.send('Performance.getMetrics');
  const measured = {
    busy: 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN),
    painted: await page.evaluate<number>(PAINTED),
    ready: await page.evaluate<number>(`window.${mark}`),
  };
  await page.close();
  return measured;
}

async function measureScrolling(browser: Browser, hub: HubServer): Promise<Row[]> {
  const page: Page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`http://127.0.0.1:${hub.port}/#token=${await hub.token(1)}`);
  const count = `Number(document.getElementById('items')?.getAttribute('aria-rowcount')) - 1`;
  await becomesTrue(page, `${count} >= ${MANY}`, 60_000);
  await page.mouse.move(600, 500);
  const still = await frames(page, SCROLL_MS / 2, async () => {});
  const scrolled = await frames(page, SCROLL_MS, async () => {
    const events = (EVENTS_PER_S * SCROLL_MS) / 1_000;
    const making = hub.makeItems({ events, everyMs: 1_000 / EVENTS_PER_S });
    let made = false;
    void making.finally(() => (made = true));
    // As fast as the page takes it: a wheel that is turned without a stop.
    while (!made) await page.mouse.wheel(0, 240);
    await making;
  });
  await page.close();
  const plain = await scrollPlainRows(browser);
  const text = `${MANY.toLocaleString('en')} items, scrolled at ${EVENTS_PER_S} events/s`;
  const share = (times: readonly number[]): number =>
    (100 * times.filter((ms) => ms > LATE_MS).length) / Math.max(1, times.length);
  const sorted = scrolled.toSorted((a, b) => a - b);
  return [
    boundRow({ id: 'still', what: 'frames of a page that stands still: median', figure: median(still), unit: 'ms' }),
    boundRow({ id: 'frames', what: `${text}: median frame`, figure: median(scrolled), unit: 'ms', atMost: LATE_MS }),
    boundRow({
      id: 'frames p95',
      what: '– 95th percentile',
      figure: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
      unit: 'ms',
    }),
    boundRow({ id: 'late', what: `– frames over ${LATE_MS} ms`, figure: share(scrolled), unit: '%' }),
    boundRow({ id: 'late still', what: '– the same of a page that stands still', figure: share(still), unit: '%' }),
    boundRow({ id: 'late plain', what: '– the same of plain rows, scrolled', figure: share(plain), unit: '%' }),
  ];
}

/** Milliseconds between frames of as many rows that the browser lays out by itself: what this machine paints at best. */
async function scrollPlainRows(browser: Browser): Promise<number[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const row = `<div style="height: 34px; contain: strict; content-visibility: auto">${Object.values(ITEM).join(' ')}</div>`;
  await page.setContent(`<body style="margin: 0; font: 13px sans-serif">${row.repeat(MANY)}</body>`);
  await page.mouse.move(600, 500);
  const end = performance.now() + SCROLL_MS / 2;
  const times = await frames(page, 0, async () => {
    while (performance.now() < end) await page.mouse.wheel(0, 240);
  });
  await page.close();
  return times;
}

/** Milliseconds between frames while something is done, `ms` at least. */
async function frames(page: Page, ms: number, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate(`(() => {
    window.frames_ = []; window.measuring = true; let last = performance.now();
    const next = (now) => { frames_.push(now - last); last = now; if (measuring) requestAnimationFrame(next); };
    requestAnimationFrame(next);
  })()`);
  await Promise.all([work(), page.waitForTimeout(ms)]);
  return (await page.evaluate<number[]>('(measuring = false, frames_)')).slice(1);
}
