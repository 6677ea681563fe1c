// Waiting for what nobody announces, never longer than a deadline.
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when the condition holds; rejects after `ms` milliseconds. */
export async function until(condition: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`the condition does not hold after ${ms} ms`);
    await delay(20);
  }
}
