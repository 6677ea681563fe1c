// All items that one may see now, over HTTP, page by page.
import * as z from 'zod/mini';
import { type BackoffOptions, createBackoff } from './backoff.js';
import type { Filter, Item } from './contract.js';
import { asError, errorOf, WorkItemError } from './errors.js';
import { snapshotPageSchema } from './event-schemas.js';
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

/**
 * Fetches a snapshot of the log whose epoch `fits`. Rejects only when `signal` says so, or with `unauthenticated`, `forbidden` or
 * `invalid`: else it tries again.
 */
export type FetchSnapshot = (
  filter: Filter | null,
  signal: AbortSignal,
  fits: (epoch: string) => boolean,
) => Promise<Item[]>;

const PAGE = 500;
/** Of these errors a repeat is not going to be the end. */
const FINAL = new Set(['forbidden', 'invalid', 'not_found']);

export function createSnapshot(options: SnapshotOptions): FetchSnapshot {
  const base = `${options.url.replace(/\/$/, '')}/api/workitems`;

  async function fetchPage(
    query: URLSearchParams,
    token: string,
    signal: AbortSignal,
  ): Promise<z.output<typeof snapshotPageSchema>> {
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const response = await fetch(`${base}?${query}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, timeout]),
      cache: 'no-store',
    });
    const body: unknown = await response.json();
    if (!response.ok) {
      const seconds = Number(response.headers.get('retry-after'));
      const error = errorOf((body as { error?: unknown } | null)?.error, 'unreachable');
      throw new WorkItemError(error.code, error.message, {
        details: error.details,
        retryAfterMs: seconds > 0 ? seconds * 1_000 : undefined,
      });
    }
    const page = z.safeParse(snapshotPageSchema, body);
    if (page.success) return body as z.output<typeof snapshotPageSchema>;
    throw new WorkItemError('bad_message', 'The hub sent a list that the contract does not know.');
  }

  return async function fetchSnapshot(filter, signal, fits) {
    const backoff = createBackoff(options.backoff);
    /** What the request under way carries; `null` while a token is waited for. */
    let token: string | null = null;

    async function fetchAll(): Promise<Item[]> {
      const items: Item[] = [];
      for (let cursor: string | null = null; ; ) {
        token = null;
        token = await options.tokens.current();
        const page = await fetchPage(queryOf(filter, cursor), token, signal);
        // Replaced between the stream's beginning and the list; the stream will say so.
        if (!fits(page.position.epoch)) throw new WorkItemError('unreachable', 'The list is of another log.');
        items.push(...page.items);
        cursor = page.next_cursor;
        if (cursor === null) return items;
      }
    }

    for (let refusals = 0; ; ) {
      signal.throwIfAborted();
      try {
        return await fetchAll();
      } catch (thrown) {
        signal.throwIfAborted();
        const error = asError(thrown, 'unreachable', 'The list could not be fetched.');
        if (FINAL.has(error.code)) throw error;
        if (error.code === 'unauthenticated' || error.code === 'token_expired') {
          // Nobody is signed in, or a token that was made just now does not do either.
          if (token === null || ++refusals > 1) throw error;
          options.tokens.spoil(token, error.code === 'token_expired' ? 'expired' : 'refused');
        } else options.onError(error);
        await pause(Math.max(backoff.next(), error.retryAfterMs ?? 0), signal);
      }
    }
  };
}

/** A filter as the query of a list carries it. */
function queryOf(filter: Filter | null, cursor: string | null): URLSearchParams {
  const query = new URLSearchParams({ limit: String(PAGE) });
  for (const [name, value] of Object.entries(filter ?? {})) {
    if (value === undefined) continue;
    if (Array.isArray(value)) for (const one of value) query.append(name, one as string);
    else query.set(name, typeof value === 'object' ? JSON.stringify(value) : (value as string));
  }
  if (cursor !== null) query.set('cursor', cursor);
  return query;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
