// All items that one may see now, over HTTP, page by page, whatever checks the pages.
import { type BackoffOptions, createBackoff } from './backoff.js';
import type { Filter, Item } from './contract.js';
import { asError, errorOf, WorkItemError } from './errors.js';
import { pause } from './pause.js';
import type { TokenSource } from './token-source.js';

export interface ListPage {
  items: Item[];
  next_cursor: string | null;
  position: { epoch: string; seq?: number; scope?: string | undefined };
}

/**
 * Fetches a snapshot of the log whose epoch `fits`. Rejects only when `signal` says so, or with `unauthenticated`, `forbidden` or
 * `invalid`: else it tries again.
 */
export type FetchSnapshot = (
  filter: Filter | null,
  signal: AbortSignal,
  fits: (epoch: string) => boolean,
) => Promise<Item[]>;

/** Fetches the page behind a cursor, once. Rejects with whatever goes wrong. */
export type FetchPage = (
  filter: Filter | null,
  cursor: string | null,
  token: string,
  signal: AbortSignal,
) => Promise<ListPage>;

const PAGE = '500';
/** A page may be empty and have a next one: each stands for 50,000 items that the hub has looked at. */
const MAX_EMPTY = 200;
/** Of these errors a repeat is not going to be the end. */
const FINAL = /^(forbidden|invalid|not_found)$/;

/**
 * @param base where the hub is, as `hubUrl` writes it
 * @param timeoutMs for one page
 * @param isPage whether a body is a page as the contract has it
 */
export function createFetchPage(
  base: string,
  timeoutMs: number,
  isPage: (body: unknown) => body is ListPage,
): FetchPage {
  return async (filter, cursor, token, outer) => {
    const signal = AbortSignal.any([outer, AbortSignal.timeout(timeoutMs)]);
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${base}/api/workitems?${queryOf(filter, cursor)}`, { headers, signal });
    // Whatever is in between may answer with a page of its own.
    const body: unknown = await response.json().catch((thrown: unknown) => {
      if (signal.aborted) throw thrown;
    });
    if (!response.ok) {
      const seconds = Number(response.headers.get('retry-after'));
      throw errorOf(
        (body as { error?: unknown } | undefined | null)?.error,
        'unreachable',
        seconds * 1_000 || undefined,
      );
    }
    if (isPage(body)) return body;
    throw unreadable();
  };
}

/** @param onError told of each page that failed; it is asked for again. */
export function createListPages(
  fetchPage: FetchPage,
  tokens: TokenSource,
  backoff: BackoffOptions | undefined,
  onError: (error: WorkItemError) => void,
): FetchSnapshot {
  async function fetchAll(
    filter: Filter | null,
    token: string,
    signal: AbortSignal,
    fits: (epoch: string) => boolean,
  ): Promise<Item[]> {
    const items = new Map<number, Item>();
    let empty = 0;
    let cursor: string | null = null;
    for (;;) {
      const page: ListPage = await fetchPage(filter, cursor, token, signal);
      // The log was replaced between the stream's beginning and the list; the stream will say so.
      if (!fits(page.position.epoch)) throw unreadable();
      const before = items.size;
      for (const item of page.items) items.set(item.id, item);
      if (page.next_cursor === null) return [...items.values()];
      // A list ends: what leads on and on, or round in a circle, is none.
      if (items.size > before) empty = 0;
      else if (page.items.length > 0 || ++empty > MAX_EMPTY) throw unreadable();
      cursor = page.next_cursor;
    }
  }

  return async function fetchSnapshot(filter, signal, fits) {
    const waits = createBackoff(backoff);
    for (let refusals = 0; ; ) {
      signal.throwIfAborted();
      let token = '';
      try {
        token = await tokens.current();
        return await fetchAll(filter, token, signal, fits);
      } catch (thrown) {
        signal.throwIfAborted();
        const error = asError(thrown, 'unreachable', 'The list could not be fetched.');
        const { code } = error;
        if (FINAL.test(code)) throw error;
        if (code === 'unauthenticated' || code === 'token_expired') {
          // Without a token nobody was asked: it is the application that says so.
          if (!token || ++refusals > 1) throw error;
          tokens.spoil(token, code === 'token_expired' ? 'expired' : 'refused');
        } else onError(error);
        await pause(Math.max(waits.next(), error.retryAfterMs ?? 0), signal);
      }
    }
  };
}

/** What the hub says is against the contract. */
export const unreadable = (): WorkItemError =>
  new WorkItemError('bad_message', 'The hub sent a list that does not fit.');

/** A filter as the query of a list carries it. */
function queryOf(filter: Filter | null, cursor: string | null): URLSearchParams {
  const query = new URLSearchParams({ limit: PAGE });
  for (const [name, value] of Object.entries(filter ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) query.append(name, typeof one === 'object' ? JSON.stringify(one) : one);
    }
  }
  if (cursor !== null) query.set('cursor', cursor);
  return query;
}
