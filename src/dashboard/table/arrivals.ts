// Keeps what one reads in its place: while somebody reads, items that come in wait behind a "12 new" until they are asked for.
import type { Item } from '@workitem-hub/client';
import { useWorkItemClient } from '@workitem-hub/client/react';
import { useCallback, useMemo, useRef, useState, useSyncExternalStore } from 'react';

export interface Held {
  shown: readonly Item[];
  /** How many wait. */
  waiting: number;
  release: () => void;
}

interface Base {
  view: unknown;
  /** What stood there when the reading began. */
  ids: ReadonlySet<number>;
}

const ordered = new Set<number>();

/** Remembers that somebody has something done to an item: where it comes into a list by that, it has not just come in. */
export const noteOrdered = (id: number): void => void ordered.add(id);

/**
 * @param view another one is another list: nothing of it waits
 * @param reading whether somebody does
 */
export function useHeldArrivals(items: readonly Item[], view: unknown, reading: boolean): Held {
  const [base, setBase] = useState<Base | null>(null);
  const [, setReleases] = useState(0);
  let current = base;
  if (!reading) current = null;
  else if (base === null || base.view !== view) current = { view, ids: new Set(items.map(({ id }) => id)) };
  // Set while rendering: React begins anew with it before anything is seen.
  if (current !== base) setBase(current);
  const ids = current?.ids;
  const last = useRef(items);
  const shown = useMemo(() => {
    const known = ids ? items.filter(({ id }) => ids.has(id) || ordered.has(id)) : items;
    // What only waits changes nothing: the table need not look at it.
    if (known.length !== last.current.length || known.some((item, at) => item !== last.current[at]))
      last.current = known;
    return last.current;
  }, [items, ids]);
  const release = useCallback(() => {
    setBase(null);
    setReleases((count) => count + 1);
  }, []);
  return { shown, waiting: items.length - shown.length, release };
}

/** Whether the whole list has been there: before that, nothing of it is new. */
export function useWasComplete(): boolean {
  const { workItems } = useWorkItemClient();
  const complete = useSyncExternalStore(workItems.subscribe, () => workItems.complete);
  const [was, setWas] = useState(complete);
  if (complete && !was) setWas(true);
  return was || complete;
}

const FRESH_MS = 3_000;
/** Where more come within a second, all that moves is a list that says nothing, and costs frames. */
const MOST_A_SECOND = 5;
const fresh = new Map<number, number>();
/** When the latest came, the first first. */
const came: number[] = [];

/** Remembers that an item has just come. */
export function markFresh(id: number): void {
  const now = performance.now();
  came.push(now);
  if (came.length > MOST_A_SECOND && now - (came.shift() as number) < 1_000) return fresh.clear();
  for (const [one, since] of fresh) if (now - since >= FRESH_MS) fresh.delete(one);
  fresh.set(id, now);
}

/** Whether its row is still to be seen coming in. */
export function isFresh(id: number): boolean {
  const since = fresh.get(id);
  return since !== undefined && performance.now() - since < FRESH_MS;
}
