// All items that one may see now, each page checked against the contract; the first page may be asked for before the stream has begun.
import * as z from 'zod/mini';
import { type BackoffOptions, createBackoff } from './backoff.js';
import type { Filter, Item, Position } from './contract.js';
import { snapshotPageSchema } from './event-schemas.js';
import { createFetchPage, createListPages, type ListPage } from './list-pages.js';
import type { WorkItemError } from './errors.js';
import { hubUrl } from './hub-url.js';
import { pause } from './pause.js';
import type { TokenSource } from './token-source.js';

export interface SnapshotOptions {
  url: string;
  tokens: TokenSource;
  backoff: BackoffOptions;
  /** Milliseconds for one page. */
  timeoutMs: number;
  /** Told of each page that failed; it is asked for again. */
  onError(error: WorkItemError): void;
}

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
  const fetchPage = createFetchPage(
    hubUrl(options.url),
    options.timeoutMs,
    (body): body is ListPage => z.safeParse(snapshotPageSchema, body).success,
  );
  const waits = createBackoff(options.backoff);
  let last = { key: '', at: Number.NEGATIVE_INFINITY };
  let ahead: Ahead | null = null;

  function forget(): void {
    ahead?.abort.abort();
    ahead = null;
  }

  /** Takes the page that was asked for ahead, once. The scope says that it is of the same person, rooms and filter. */
  async function takeAhead(
    { page: asked, abort }: Ahead,
    { epoch, seq, scope }: Position,
    signal: AbortSignal,
  ): Promise<ListPage | null> {
    const stop = (): void => abort.abort();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const page = await asked;
    signal.removeEventListener('abort', stop);
    if (!page || scope === undefined) return null;
    const { position } = page;
    return position.epoch === epoch && position.scope === scope && (position.seq ?? -1) >= seq ? page : null;
  }

  return {
    async fetch(filter, signal, fits, since) {
      const key = JSON.stringify(filter);
      let taken: Ahead | null = null;
      if (since && ahead?.key === key) {
        taken = ahead;
        ahead = null;
      }
      forget();
      // Whatever makes a client ask again and again, it is not to become a flood.
      if (key === last.key && performance.now() - last.at < AGAIN_MS) await pause(waits.next(), signal);
      else waits.reset();
      const fetchPages = createListPages(
        async (which, cursor, token, outer) => {
          const first = taken;
          taken = null;
          const page = first && since && (await takeAhead(first, since, outer));
          return page ?? fetchPage(which, cursor, token, outer);
        },
        options.tokens,
        options.backoff,
        (error) => options.onError(error),
      );
      const found = await fetchPages(filter, signal, fits);
      last = { key, at: performance.now() };
      return found;
    },
    askAhead(filter, token) {
      const key = JSON.stringify(filter);
      if (ahead?.token === token && ahead.key === key) return;
      forget();
      const abort = new AbortController();
      // Whatever goes wrong, the list is asked for in its time, and complaints are made then.
      const page = fetchPage(filter, null, token, abort.signal).catch(() => null);
      ahead = { token, key, page, abort };
    },
    forget,
  };
}
