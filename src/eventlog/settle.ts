// Writes whose answer cannot be trusted are settled here: write, and on any doubt read what a majority has, until it is known.
import { setTimeout as delay } from 'node:timers/promises';
import { HubError } from '../errors.js';
import { isMongoUnavailable } from '../mongo/unavailable.js';

/** How long one step may stay in doubt before its callers are told to come back, milliseconds. */
export const SETTLE_MS = 8_000;

const DUPLICATE_KEY = 11_000;

/** Whether the error says, also, that some documents of a bulk were already there. */
export function isDuplicateKey(error: unknown): boolean {
  const { code, writeErrors } = error as { code?: unknown; writeErrors?: unknown };
  const list = Array.isArray(writeErrors) ? writeErrors : writeErrors ? [writeErrors] : [];
  return code === DUPLICATE_KEY || list.some((one) => (one as { code?: unknown }).code === DUPLICATE_KEY);
}

/** What a caller is told whose write may or may not have happened. */
export function unconfirmed(cause?: unknown): HubError {
  return new HubError('unavailable', 'The database did not confirm the write in time; repeat it.', {
    retryAfterMs: 2_000,
    cause,
  });
}

/** The first repeat is at once: most doubts are a number taken twice. Later ones wait for a fail-over to end. */
async function backOff(attempt: number): Promise<void> {
  if (attempt > 0) await delay(Math.min(2 ** attempt * 5, 500));
}

/**
 * Repeats what may be done any number of times, a read or a reservation, while MongoDB is away.
 * @throws HubError `unavailable` when that lasts longer than {@link SETTLE_MS}.
 */
export async function repeatedly<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + SETTLE_MS;
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isMongoUnavailable(error)) throw error;
      if (Date.now() > deadline) throw unconfirmed(error);
    }
    await backOff(attempt);
  }
}

/**
 * Repeats `write` for what is open until `resolve`, which reads, leaves nothing open. A write that raised nothing
 * settles all of it. Errors that are neither duplicates nor outages are the document's own fault and thrown as they are.
 * @throws HubError `unavailable` when doubt lasts longer than {@link SETTLE_MS}; the write may still happen.
 */
export async function settle<T>(
  open: readonly T[],
  write: (open: readonly T[]) => Promise<unknown>,
  resolve: (open: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  for (let attempt = 0; open.length > 0; attempt++) {
    let cause: unknown;
    try {
      await write(open);
      return;
    } catch (error) {
      cause = error;
      if (!isDuplicateKey(error) && !isMongoUnavailable(error)) throw error;
    }
    try {
      open = await resolve(open);
    } catch (error) {
      if (!isMongoUnavailable(error)) throw error;
      cause = error;
    }
    if (open.length === 0) return;
    if (Date.now() > deadline) throw unconfirmed(cause);
    await backOff(attempt);
  }
}
