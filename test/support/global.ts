// Runs around all tests: nothing that they started outlives them, no fault outlives its test.
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { endChromium, sharedChromium } from './chromium.js';
import { endFaults, endServers, mongodBinary, sharedMongoUrl } from './mongo.js';

/** Milliseconds that what a file has opened may take to close after its last test. */
const GRACE = 20_000;
const LOOK_MS = 100;
/** Two files at a time, each in a process that goes on to the next; with `--no-parallel` one process for all. */
const IS_WORKER = process.env.MOCHA_WORKER_ID !== undefined;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Files whose tests share a browser, which stays like the servers. */
const USES_CHROMIUM = /[\\/]test[\\/](?:dashboard|browser)[\\/]/;

let before = new Map<string, number>();

export async function mochaGlobalSetup(): Promise<void> {
  // A first download takes longer than a test may; a failure is told by the tests that need a server.
  await mongodBinary().catch(() => {});
}

export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    if (!IS_WORKER) return;
    this.timeout(120_000);
    // It stays for the files that follow.
    await sharedMongoUrl().catch(() => {});
    if (USES_CHROMIUM.test(this.test?.parent?.suites[0]?.file ?? '')) await sharedChromium().catch(() => {});
    before = open();
  },
  async afterEach(): Promise<void> {
    await endFaults();
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    if (!IS_WORKER) return;
    this.timeout(2 * GRACE);
    const deadline = performance.now() + GRACE;
    while (leaked().length > 0) {
      // `fetch` lets go of a connection whose answer nobody has read when it is collected.
      collect();
      if (performance.now() > deadline) throw new Error(`The file leaked: ${leaked().join(', ')}`);
      await delay(LOOK_MS, undefined, { ref: false });
    }
  },
};

export async function mochaGlobalTeardown(): Promise<void> {
  await Promise.all([endServers(), endChromium()]);
  setTimeout(() => {
    console.error(`A test leaked: ${process.getActiveResourcesInfo().join(', ')} are still open.`);
    process.exit(1);
  }, GRACE).unref();
}

/** What keeps the process alive, counted by kind. */
function open(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

const leaked = (): string[] =>
  [...open()].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more > 0 ? [`${more} ${kind}`] : [];
  });
