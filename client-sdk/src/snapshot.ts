// All items that one may see now, each page checked against the contract.
import * as z from 'zod/mini';
import { createBackoff } from './backoff.js';
import { snapshotPageSchema } from './event-schemas.js';
import { createListPages, type FetchSnapshot, type ListPage, type SnapshotOptions } from './list-pages.js';
import { pause } from './pause.js';

export type { FetchSnapshot } from './list-pages.js';

/** The same list is not fetched twice in this time without a pause. */
const AGAIN_MS = 1_000;

export function createSnapshot(options: SnapshotOptions): FetchSnapshot {
  const fetchPages = createListPages(
    options,
    (body): body is ListPage => z.safeParse(snapshotPageSchema, body).success,
  );
  const waits = createBackoff(options.backoff);
  let last = { key: '', at: Number.NEGATIVE_INFINITY };

  return async function fetchSnapshot(filter, signal, fits) {
    const key = JSON.stringify(filter);
    // Whatever makes a client ask again and again, it is not to become a flood.
    if (key === last.key && performance.now() - last.at < AGAIN_MS) await pause(waits.next(), signal);
    else waits.reset();
    const found = await fetchPages(filter, signal, fits);
    last = { key, at: performance.now() };
    return found;
  };
}
