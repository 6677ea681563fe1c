// Which items may be the same submission sent twice: the same insured and class of policy within 90 days. The client of the hub keeps
// a list in the order of these, change by change; what stands beside an item in it is found by halving, so nothing is ever compared with everything.
import type { Item } from '@workitem-hub/client';
import { useWorkItemClient } from '@workitem-hub/client/react';
import { useMemo, useRef, useSyncExternalStore } from 'react';
import { insuredKeyOf } from '../../workitems/likeness';

const WINDOW_MS = 90 * 24 * 3_600_000;
const MAX_NAMES = 20_000;
const names = new Map<string, string | null>();

/** The hub's own rule of when two names are the same; the same few names are asked for again and again. */
function nameKey(item: Item): string | null {
  const name = item.extracted_fields.insured_name;
  if (!name) return null;
  let key = names.get(name);
  if (key === undefined) {
    key = insuredKeyOf(item);
    if (names.size >= MAX_NAMES) names.clear();
    names.set(name, key);
  }
  return key;
}

const keys = new WeakMap<Item, string>();

/** What items that may be the same have in common; empty for those of which too little is known. */
export function businessOf(item: Item): string {
  let key = keys.get(item);
  if (key === undefined) {
    const name = nameKey(item);
    const type = item.extracted_fields.policy_type;
    key = name && type ? `${name}\n${type.toLowerCase()}` : '';
    keys.set(item, key);
  }
  return key;
}

/** By what they may have in common, then the earliest first. */
export function byBusiness(a: Item, b: Item): number {
  const x = businessOf(a);
  const y = businessOf(b);
  if (x !== y) return x < y ? -1 : 1;
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1;
  return a.id - b.id;
}

/** The first place at which something of this business stands that came at this time or later. */
function placeOf(sorted: readonly Item[], business: string, from: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = sorted[middle] as Item;
    const key = businessOf(item);
    if (key < business || (key === business && item.created_at < from)) low = middle + 1;
    else high = middle;
  }
  return low;
}

const daysFrom = (item: Item, ms: number): string => new Date(Date.parse(item.created_at) + ms).toISOString();

/** The first item of the 90 days before that this one may be a duplicate of. `sorted` is in the order of {@link byBusiness}. */
export function originalOf(sorted: readonly Item[], item: Item): Item | null {
  const business = businessOf(item);
  if (!business) return null;
  const first = sorted[placeOf(sorted, business, daysFrom(item, -WINDOW_MS))];
  return first && businessOf(first) === business && byBusiness(first, item) < 0 ? first : null;
}

/** All that may be the same as this one, before it and after it, at most so many. */
export function duplicatesOf(sorted: readonly Item[], item: Item, most: number): Item[] {
  const business = businessOf(item);
  if (!business) return [];
  const to = daysFrom(item, WINDOW_MS);
  const found: Item[] = [];
  for (let at = placeOf(sorted, business, daysFrom(item, -WINDOW_MS)); found.length < most; at++) {
    const other = sorted[at];
    if (!other || businessOf(other) !== business || other.created_at > to) break;
    if (other.id !== item.id) found.push(other);
  }
  return found;
}

function useBusinessList() {
  const client = useWorkItemClient();
  return useMemo(() => client.workItems.list({ order: byBusiness }), [client]);
}

/** The number of the item that this may be a duplicate of, live; `null` for none. */
export function useOriginal(item: Item): number | null {
  const list = useBusinessList();
  return useSyncExternalStore(list.subscribe, () => originalOf(list.items, item)?.id ?? null);
}

/** {@link duplicatesOf}, live. */
export function useDuplicates(item: Item, most: number): readonly Item[] {
  const list = useBusinessList();
  return useSteady(list.subscribe, () => duplicatesOf(list.items, item, most));
}

/** What is made of something that changes often; the same for as long as the same things are in it, so that nothing is drawn anew. */
export function useSteady<T>(subscribe: (listener: () => void) => () => void, make: () => readonly T[]): readonly T[] {
  const last = useRef<readonly T[]>([]);
  return useSyncExternalStore(subscribe, () => {
    const next = make();
    const same = next.length === last.current.length && next.every((one, at) => one === last.current[at]);
    if (!same) last.current = next;
    return last.current;
  });
}
