// Runs around all tests: nothing that they started outlives them, no fault outlives its test.
import { endFaults, endServers, mongodBinary } from './mongo.js';

/** Milliseconds that the process may take to end by itself after the last test. */
const GRACE = 10_000;

export async function mochaGlobalSetup(): Promise<void> {
  // A first download takes longer than a test may; a failure is told by the tests that need a server.
  await mongodBinary().catch(() => {});
}

export const mochaHooks = {
  async afterEach(): Promise<void> {
    await endFaults();
  },
};

export async function mochaGlobalTeardown(): Promise<void> {
  await endServers();
  setTimeout(() => {
    console.error(`A test leaked: ${process.getActiveResourcesInfo().join(', ')} are still open.`);
    process.exit(1);
  }, GRACE).unref();
}
