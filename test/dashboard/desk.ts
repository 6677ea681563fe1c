// The desk in a real browser on a real hub, and what must be so on each of its pages: nothing on the console, nobody else asked.
import { expect } from 'chai';
import type { BrowserContext, BrowserContextOptions, ConsoleMessage, Request, WebError } from 'playwright-core';
import { becomesTrue, type Browser, type Page, sharedChromium } from '../support/chromium.js';
import { type Claims, startHub, type TestHub } from '../support/hub.js';

export interface Desk {
  readonly hub: TestHub;
  readonly browser: Browser;
  /** A browser of somebody's own. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A page of somebody's own that has been nowhere yet. */
  page(): Promise<Page>;
  /** Signs somebody in by a link; resolves when the list is live. `place` is the address from `#/` on. */
  open(sub: string, options?: OpenOptions): Promise<Page>;
  /**
   * Gives pages of `open` and `page` back at the end of a test. Whoever is next gets them as new, which costs a third of a
   * new one; those with a context of their own are closed. One that a script was built into is to be closed by its test.
   */
  leave(...pages: Page[]): Promise<void>;
  /** What went wrong in pages so far; `allow` are parts of lines that a test brings about itself. */
  expectNoComplaints(allow?: RegExp): void;
  close(): Promise<void>;
}

export interface OpenOptions extends Claims {
  context?: BrowserContext;
  place?: string;
  /** Where the page is taken from, if not from the hub itself: a stretch of network before it. */
  url?: string;
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
}

export const STATE = `document.getElementById('connection')?.dataset.state`;
/** Titles of the rows that exist, from the top. */
export const TITLES = `[...document.querySelectorAll('#items [data-id]')].sort((a, b) => a.dataset.index - b.dataset.index).map((row) => row.querySelector('[class*=title]').textContent)`;
export const ROWS = `document.querySelectorAll('#items [data-id]').length`;
/** How many items the list has, in sight or not. */
export const COUNT = `Number(document.getElementById('items')?.getAttribute('aria-rowcount')) - 1`;

const VIEWPORT = { width: 1440, height: 860 };
/** Pages that were left, for all files that this process runs. */
const resting: Page[] = [];

/** A page of the desk's origin, and so of its storage and process, that asks for nothing: not even for an icon. */
const REST = {
  headers: { 'cross-origin-opener-policy': 'same-origin', 'origin-agent-cluster': '?1', 'content-type': 'text/html' },
  body: '<link rel="icon" href="data:,">',
};

/** Nothing of who was there stays: neither what the browser kept nor where the mouse was. */
async function rest(page: Page, url: string): Promise<void> {
  const context = page.context();
  await Promise.all(
    context
      .pages()
      .filter((one) => one !== page)
      .map((one) => one.close()),
  );
  await page.unrouteAll();
  await page.route(`${url}/rest`, (route) => route.fulfill(REST));
  await page.goto(`${url}/rest`);
  await page.evaluate('localStorage.clear(); sessionStorage.clear();');
  await Promise.all([context.clearCookies(), page.unrouteAll(), context.unrouteAll()]);
  await page.mouse.move(0, 0);
}

/** @param besides origins that pages may ask beside the hub */
export async function openDesk(env: Record<string, string> = {}, besides: readonly string[] = []): Promise<Desk> {
  const [browser, hub] = await Promise.all([sharedChromium(), startHub({ LIMIT_TEST_PER_MINUTE: '0', ...env })]);
  /** Pages of nobody's own context, which can be had again. */
  const lent = new Set<Page>();
  let complaints: string[] = [];
  let foreign: string[] = [];
  const own = new Set([hub.url]);

  function onConsole(message: ConsoleMessage): void {
    // A hub without desk.json takes tokens; the browser notes each 404 by itself.
    const optional = message.location().url.endsWith('/desk.json');
    if (['error', 'warning'].includes(message.type()) && !optional) complaints.push(message.text());
  }
  const onError = (error: WebError): void => void complaints.push(String(error.error()));
  function onRequest(request: Request): void {
    // Out of its own memory, and the browser's viewer of PDFs, nobody is asked.
    if (/^(blob|chrome(-extension)?):/.test(request.url())) return;
    const known = [...own, ...besides].some((origin) => request.url().startsWith(`${origin}/`));
    if (!known) foreign.push(request.url());
  }
  const watch = (one: BrowserContext): BrowserContext =>
    one.on('console', onConsole).on('weberror', onError).on('request', onRequest);
  const unwatch = (one: BrowserContext): BrowserContext =>
    one.off('console', onConsole).off('weberror', onError).off('request', onRequest);

  const context = async (options: BrowserContextOptions = {}): Promise<BrowserContext> =>
    watch(await browser.newContext({ viewport: VIEWPORT, locale: 'en-GB', ...options }));

  async function freePage(): Promise<Page> {
    let page = resting.pop();
    // With a browser that has died.
    while (page?.isClosed()) page = resting.pop();
    if (page) watch(page.context());
    else page = await (await context()).newPage();
    lent.add(page);
    return page;
  }

  return {
    hub,
    browser,
    context,
    async page() {
      const page = await freePage();
      await page.setViewportSize(VIEWPORT);
      await page.emulateMedia({ colorScheme: 'light' });
      return page;
    },
    async open(sub, { context: given, place = '', viewport, colorScheme, url = hub.url, ...claims } = {}) {
      own.add(url);
      // Behind a stretch of network the desk has another origin, with a storage of its own.
      const another = given ?? (url === hub.url ? null : await context());
      const page = await (another?.newPage() ?? freePage());
      if (!given) {
        await page.setViewportSize(viewport ?? VIEWPORT);
        await page.emulateMedia({ colorScheme: colorScheme ?? 'light' });
      }
      await page.goto(`${url}/#token=${await hub.token(sub, claims)}`);
      await becomesTrue(page, `${STATE} === 'live'`);
      if (place) await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
      return page;
    },
    async leave(...pages) {
      for (const page of pages) {
        if (!lent.delete(page)) {
          await page.context().close();
          continue;
        }
        unwatch(page.context());
        await rest(page, hub.url);
        resting.push(page);
      }
    },
    expectNoComplaints(allow) {
      expect(complaints.filter((line) => !allow?.test(line))).to.deep.equal([]);
      expect(foreign).to.deep.equal([]);
      complaints = [];
      foreign = [];
    },
    async close() {
      const left = new Set(resting.map((page) => page.context()));
      const others = browser.contexts().filter((one) => !left.has(one));
      await Promise.all(others.map((one) => one.close()));
      await hub.close();
    },
  };
}
