// A real browser for tests: the Chromium of the system, without a window.
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';

export type { Browser, Page };

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Pages that a test makes up on the way have no address: Chromium would keep them away from hubs on loopback.
  '--disable-features=LocalNetworkAccessChecks',
  // Containers give /dev/shm 64 MB.
  '--disable-dev-shm-usage',
];

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

/** @throws Error that says what to install */
async function findChromium(): Promise<string> {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const name of NAMES) {
      const file = path.join(folder, name);
      if (await isExecutable(file)) return file;
    }
  }
  throw new Error('These tests need Chromium on the PATH: apt-get install chromium');
}

/** Starts one; takes seconds. The caller closes it. */
export async function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), args: FLAGS, timeout: 60_000 });
}

let shared: Promise<Browser> | undefined;

/** One for all files that this process runs, each of which closes the contexts that it made: starting one takes as long as a test. */
export async function sharedChromium(): Promise<Browser> {
  if (!(await shared?.catch(() => undefined))?.isConnected()) shared = startChromium();
  return shared as Promise<Browser>;
}

export async function endChromium(): Promise<void> {
  await (await shared?.catch(() => undefined))?.close();
  shared = undefined;
}

/** Opens a page. What it writes to its console, and what goes wrong in it, is in `console`. */
export async function openPage(browser: Browser, url: string): Promise<{ page: Page; console: string[] }> {
  const page = await browser.newPage();
  const lines: string[] = [];
  page.on('console', (message) => lines.push(message.text()));
  page.on('pageerror', (error) => lines.push(String(error)));
  await page.goto(url);
  return { page, console: lines };
}

/** A page that is just being left is not so yet. */
function ofPage(error: Error): false {
  if (/context was destroyed|because of a navigation/.test(error.message)) return false;
  throw error;
}

/** Each look costs the page some milliseconds, and tests look for most of their time. */
const POLL_MS = 40;

/** Resolves when an expression is true in a page that forbids `eval`, by which Playwright waits for functions. */
export async function becomesTrue(page: Page, expression: string, ms = 20_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await page.evaluate(expression).catch(ofPage))) {
    if (performance.now() > deadline) {
      throw new Error(`not so in time: ${expression}\n${await page.evaluate<string>('document.body.innerText')}`);
    }
    await delay(POLL_MS);
  }
}
