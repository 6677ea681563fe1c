// All items that one may see now, each page checked against the contract; the first page may be asked for before the stream has begun.
import * as z from 'zod/mini';
import { createBackoff } from './backoff.js';
import type { Filter, Item, Position } from './contract.js';
import { snapshotPageSchema } from './event-schemas.js';
import { createListPages, type ListPage, type SnapshotOptions } from './list-pages.js';
import { pause } from './pause.js';

export interface Snapshots {
  /**
   * Fetches a snapshot of the log whose epoch `fits`, as {@link createListPages} has it.
   * @param since where the stream has begun: a page that was asked for ahead counts when it says what that stream would, and no less
   */
  fetch(
    filter: Filter | null,
    signal: AbortSignal,
    fits: (epoch: string) => boolean,
    since?: Position,
  ): Promise<Item[]>;
  /** Asks for the first page, with the token of the connection that is being made. What was asked before with another one is forgotten. */
  askAhead(filter: Filter | null, token: string): void;
  forget(): void;
}

/** A page that is on its way, or there: `null` when it came to nothing. */
interface Ahead {
  token: string;
  key: string;
  page: Promise<ListPage | null>;
  abort: AbortController;
}

/** The same list is not fetched twice in this time without a pause. */
const AGAIN_MS = 1_000;

export function createSnapshots(options: SnapshotOptions): Snapshots {
  const pages = createListPages(options, (body): body is ListPage => z.safeParse(snapshotPageSchema, body).success);
  const waits = createBackoff(options.backoff);
  let last = { key: '', at: Number.NEGATIVE_INFINITY };
  let ahead: Ahead | null = null;

  function forget(): void {
    ahead?.abort.abort();
    ahead = null;
  }

  /** Takes the page that was asked for ahead, once. The scope says that it is of the same person, rooms and filter. */
  async function takeAhead(
    key: string,
    { epoch, seq, scope }: Position,
    signal: AbortSignal,
  ): Promise<ListPage | null> {
    const taken = ahead;
    ahead = null;
    if (!taken) return null;
    const stop = (): void => taken.abort.abort();
    if (taken.key !== key) stop();
    signal.addEventListener('abort', stop);
    const page = await taken.page;
    signal.removeEventListener('abort', stop);
    if (!page || scope === undefined) return null;
    const { position } = page;
    return position.epoch === epoch && position.scope === scope && (position.seq ?? -1) >= seq ? page : null;
  }

  return {
    async fetch(filter, signal, fits, since) {
      const key = JSON.stringify(filter);
      if (!since) forget();
      const first = since ? await takeAhead(key, since, signal) : null;
      // Whatever makes a client ask again and again, it is not to become a flood.
      if (key === last.key && performance.now() - last.at < AGAIN_MS) await pause(waits.next(), signal);
      else waits.reset();
      const found = await pages.fetch(filter, signal, fits, first);
      last = { key, at: performance.now() };
      return found;
    },
    askAhead(filter, token) {
      const key = JSON.stringify(filter);
      if (ahead?.token === token && ahead.key === key) return;
      forget();
      const abort = new AbortController();
      // Whatever goes wrong, the list is asked for in its time, and complaints are made then.
      const page = pages.fetchFirst(filter, token, abort.signal).catch(() => null);
      ahead = { token, key, page, abort };
    },
    forget,
  };
}
