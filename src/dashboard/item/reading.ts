// What was read of items over HTTP, and the reading of it. The last of it is kept, so that going back to an item shows it at once, also
// without a network; each session begins with nothing.
import type { WorkItemClient } from '@workitem-hub/client';
import { useConnection, useWorkItemClient } from '@workitem-hub/client/react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { type Api, ApiError, useApi } from '../hub/api';
import { perClient } from '../hub/per-client';
import { createValue, useValue, type Value } from '../ui/value';

export interface Reading<T> {
  /** What was read last; it stays while it is read again, and when that fails. */
  readonly value: T | undefined;
  /** Why the last attempt failed. */
  readonly error: ApiError | null;
  readonly busy: boolean;
}

interface Entry {
  readonly state: Value<Reading<unknown>>;
  /** Of what is in `state.value`. */
  tag: unknown;
  request: AbortController | null;
}

/** Of about thirty items. */
const KEPT = 90;
const shelfOf = perClient(() => new Map<string, Entry>());

function entryOf(client: WorkItemClient, path: string): Entry {
  const shelf = shelfOf(client);
  const entry = shelf.get(path) ?? {
    state: createValue<Reading<unknown>>({ value: undefined, error: null, busy: false }),
    tag: undefined,
    request: null,
  };
  shelf.delete(path);
  shelf.set(path, entry);
  if (shelf.size > KEPT) shelf.delete(shelf.keys().next().value as string);
  return entry;
}

/** Has what was read below a path no more: whoever may not see it now is not to find it here. */
export function forget(client: WorkItemClient, path: string): void {
  const shelf = shelfOf(client);
  for (const known of shelf.keys()) if (known.startsWith(path)) shelf.delete(known);
}

async function read(entry: Entry, api: Pick<Api, 'get'>, path: string, tag: unknown): Promise<void> {
  entry.request?.abort();
  const request = new AbortController();
  entry.request = request;
  const change = (part: Partial<Reading<unknown>>): void => {
    if (entry.request === request) entry.state.write({ ...entry.state.read(), ...part });
  };
  change({ busy: true });
  try {
    const value = await api.get<unknown>(path, request.signal);
    if (entry.request === request) entry.tag = tag;
    change({ value, error: null, busy: false });
  } catch (error) {
    if (request.signal.aborted) change({ busy: false });
    else {
      const known = error instanceof ApiError ? error : new ApiError('unavailable', 'The answer could not be read.');
      change({ error: known, busy: false });
    }
  }
}

/**
 * @param tag what is read again when it is another: the version of an item, for what changes along with it
 * @param stale whether what was read before is good enough to begin with, and is read again all the same
 */
export function useReading<T>(
  path: string,
  tag: unknown = null,
  stale = false,
): Reading<T> & { readonly retry: () => void } {
  const client = useWorkItemClient();
  const live = useConnection().name === 'connected';
  const api = useLatest(useReachable(useApi(), live));
  const entry = useMemo(() => entryOf(client, path), [client, path]);
  const state = useValue(entry.state) as Reading<T>;

  useEffect(() => {
    const known = entry.state.read().value !== undefined && entry.tag === tag;
    if (!known || stale) void read(entry, api.current, path, tag);
    return () => entry.request?.abort();
  }, [entry, api, path, tag, stale]);

  const latestTag = useLatest(tag);
  const retry = useCallback(
    () => void read(entry, api.current, path, latestTag.current),
    [entry, api, path, latestTag],
  );
  useEffect(() => {
    // What failed without a network is read when there is one.
    if (live && entry.state.read().error) retry();
  }, [live, entry, retry]);
  return { ...state, retry };
}

/** Asks nothing where it is plain that there is no network: browsers note each such attempt as an error. */
function useReachable(api: Api, live: boolean): Pick<Api, 'get'> {
  return {
    get: async (path, signal) => {
      // A hub on this machine needs none.
      if (!live && !navigator.onLine) throw new ApiError('unreachable', 'There is no network.');
      return api.get(path, signal);
    },
  };
}

function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
