// The desk in a real browser on a real hub, and what must be so on each of its pages: nothing on the console, nobody else asked.
import { expect } from 'chai';
import type { BrowserContext, BrowserContextOptions } from 'playwright-core';
import { becomesTrue, type Browser, type Page, sharedChromium } from '../support/chromium.js';
import { type Claims, startHub, type TestHub } from '../support/hub.js';

export interface Desk {
  readonly hub: TestHub;
  readonly browser: Browser;
  /** A browser of somebody's own. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Signs somebody in by a link; resolves when the list is live. `place` is the address from `#/` on. */
  open(sub: string, options?: OpenOptions): Promise<Page>;
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
}

export const STATE = `document.getElementById('connection')?.dataset.state`;
/** Titles of the rows that exist, from the top. */
export const TITLES = `[...document.querySelectorAll('#items [data-id]')].sort((a, b) => a.dataset.index - b.dataset.index).map((row) => row.querySelector('[class*=title]').textContent)`;
export const ROWS = `document.querySelectorAll('#items [data-id]').length`;
/** How many items the list has, in sight or not. */
export const COUNT = `Number(document.getElementById('items')?.getAttribute('aria-rowcount')) - 1`;

/** @param besides origins that pages may ask beside the hub */
export async function openDesk(env: Record<string, string> = {}, besides: readonly string[] = []): Promise<Desk> {
  const [browser, hub] = await Promise.all([sharedChromium(), startHub({ LIMIT_TEST_PER_MINUTE: '0', ...env })]);
  let complaints: string[] = [];
  let foreign: string[] = [];
  const own = new Set([hub.url]);

  async function context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const made = await browser.newContext({ viewport: { width: 1440, height: 860 }, locale: 'en-GB', ...options });
    made.on('console', (message) => {
      // A hub without desk.json takes tokens; the browser notes each 404 by itself.
      const optional = message.location().url.endsWith('/desk.json');
      if (['error', 'warning'].includes(message.type()) && !optional) complaints.push(message.text());
    });
    made.on('weberror', (error) => complaints.push(String(error.error())));
    made.on('request', (request) => {
      // Out of its own memory, and the browser's viewer of PDFs, nobody is asked.
      if (/^(blob|chrome(-extension)?):/.test(request.url())) return;
      const known = [...own, ...besides].some((origin) => request.url().startsWith(`${origin}/`));
      if (!known) foreign.push(request.url());
    });
    return made;
  }

  return {
    hub,
    browser,
    context,
    async open(sub, { context: given, place = '', viewport, url = hub.url, ...claims } = {}) {
      own.add(url);
      const page = await (given ?? (await context(viewport ? { viewport } : {}))).newPage();
      await page.goto(`${url}/#token=${await hub.token(sub, claims)}`);
      await becomesTrue(page, `${STATE} === 'live'`);
      if (place) await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
      return page;
    },
    expectNoComplaints(allow) {
      expect(complaints.filter((line) => !allow?.test(line))).to.deep.equal([]);
      expect(foreign).to.deep.equal([]);
      complaints = [];
      foreign = [];
    },
    async close() {
      await Promise.all(browser.contexts().map((one) => one.close()));
      await hub.close();
    },
  };
}
