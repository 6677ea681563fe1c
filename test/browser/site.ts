// A web site with the client on it, as a team would build and serve it, and tabs of a real browser that look at it.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { sharedChromium } from '../support/chromium.js';
import { startHub, type TestHub } from '../support/hub.js';
import type { PageOptions } from './page.js';

export interface Site {
  readonly origin: string;
  /** The page, complete in itself. */
  readonly html: string;
  readonly hub: TestHub;
  readonly browser: Browser;
  /** Everything that tabs wrote to their consoles as an error, and what was thrown in them. */
  readonly complaints: string[];
  /** A browser of its own: nothing is kept from others. */
  context(): Promise<BrowserContext>;
  /** Opens a tab with the page on it, and the client in the page. */
  tab(context: BrowserContext, sub: string, options?: Partial<PageOptions>, address?: string): Promise<Page>;
  /** The same in a tab that is there, after a reload for example. */
  start(page: Page, sub: string, options?: Partial<PageOptions>): Promise<void>;
  close(): Promise<void>;
}

let html: Promise<string> | undefined;

/** For browsers: anything of Node in it, and it would not build. */
async function buildPage(): Promise<string> {
  // In a process of its own: the one that esbuild keeps for its JavaScript interface would outlive the tests.
  const { stdout } = await promisify(execFile)(
    path.join(import.meta.dirname, '../../node_modules/.bin/esbuild'),
    [path.join(import.meta.dirname, 'page.ts'), '--bundle', '--platform=browser', '--target=es2022', '--minify'],
    { maxBuffer: 10_000_000 },
  );
  const script = stdout.replaceAll('</script', '<\\/script');
  return `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Desk</title><script>${script}</script>`;
}

/** @param env settings of the hub, beside the site's origin among those that are allowed */
export async function startSite(env: Record<string, string> = {}): Promise<Site> {
  html ??= buildPage();
  const text = await html;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [hub, browser] = await Promise.all([startHub({ ALLOWED_ORIGINS: origin, ...env }), sharedChromium()]);
  const complaints: string[] = [];

  async function start(page: Page, sub: string, options: Partial<PageOptions> = {}): Promise<void> {
    const token = await hub.token(sub);
    await page.evaluate((given) => window.openDesk(given), { url: hub.url, token, ...options });
  }

  return {
    origin,
    html: text,
    hub,
    browser,
    complaints,
    async context() {
      const context = await browser.newContext();
      context.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      context.on('weberror', (error) => complaints.push(String(error.error())));
      return context;
    },
    start,
    async tab(context, sub, options, address = `${origin}/`) {
      const page = await context.newPage();
      await page.goto(address);
      await start(page, sub, options);
      return page;
    },
    async close() {
      await Promise.all(browser.contexts().map((one) => one.close()));
      await hub.close();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Resolves when the condition holds in the page, whether it is seen or not; rejects after `ms` milliseconds. */
export async function holds<T>(
  page: Page,
  condition: (wanted: T) => boolean | Promise<boolean>,
  wanted: T,
  ms = 15_000,
): Promise<void> {
  // Frames are not painted in tabs that nobody sees: looked at by the clock.
  await page.waitForFunction(condition as never, wanted, { polling: 20, timeout: ms });
}

/** Until the tab has seen so many events. */
export const sawEvents = (page: Page, count: number): Promise<void> =>
  holds(page, (wanted) => window.desk.seen.length >= wanted, count);

/** Until it is connected and nothing is missing. */
export const isConnected = (page: Page): Promise<void> =>
  holds(page, () => window.desk.client.state.name === 'connected', undefined);
