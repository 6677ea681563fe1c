// View and open item in the address: `#/team/42?status=pending`, or `#/monitor`. Behind the `#`, so that what people look for is in no server's log.
import { useCallback, useSyncExternalStore } from 'react';
import { tabStore } from '../session/tab-store';
import { PLAIN_VIEW, type View, viewFromParams, viewToParams } from './view';

export interface Place {
  view: View;
  /** The item that is open. */
  open: number | null;
  /** Whether the monitor stands in place of the list; the view is the one to come back to. */
  monitor?: boolean;
}

const MONITOR = 'monitor';

/** Where the tab keeps whose the places in its history are. */
const OWNER = 'place.owner';
const START: Place = { view: PLAIN_VIEW, open: null, monitor: false };

let text = location.hash;
let place = placeOf(text);
let owner = tabStore.getItem(OWNER);
/** Nobody knows yet who comes, and whether they may see what the one before looked for. */
let held = false;
const listeners = new Set<() => void>();

/** What an address says, from `#` on. */
export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [queue = '', id = ''] = path.split('/');
  return {
    view: viewFromParams(queue, new URLSearchParams(query)),
    open: /^[1-9]\d{0,14}$/.test(id) ? Number(id) : null,
    monitor: queue === MONITOR,
  };
}

/** The address of a place, from `#` on; empty for the usual one. */
export function hashOf({ view, open, monitor }: Place): string {
  if (monitor) return `#/${MONITOR}`;
  const params = viewToParams(view).toString();
  if (view.queue === PLAIN_VIEW.queue && open === null && !params) return '';
  return `#/${view.queue}${open === null ? '' : `/${open}`}${params ? `?${params}` : ''}`;
}

function read(): Place {
  if (held) return START;
  if (location.hash !== text) {
    text = location.hash;
    const next = placeOf(text);
    place = next.monitor ? { ...next, view: place.view } : next;
  }
  return place;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  window.addEventListener('hashchange', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
    window.removeEventListener('hashchange', listener);
  };
}

/** Whether the way back in the history is being gone, which takes the browser a moment. */
let goingBack = false;

/** Goes there; to the list, unless to the monitor is said. What is only refined, such as a search at each key, takes the place of what it was in the history. */
export function goTo(change: Partial<Place>, how: 'push' | 'replace' = 'push'): void {
  // An entry made now would be gone back from.
  if (goingBack) return window.addEventListener('popstate', () => goTo(change, how), { once: true });
  const next = hashOf({ ...read(), monitor: false, ...change });
  if (next === location.hash) return;
  const address = location.pathname + location.search + next;
  if (how === 'push') history.pushState({ owner, from: location.hash }, '', address);
  else history.replaceState({ ...history.state, owner }, '', address);
  for (const listener of listeners) listener();
}

/** Whether the entry before this one in the history is the same place. */
function isBefore(hash: string): boolean {
  const { from } = (history.state ?? {}) as { from?: unknown };
  return typeof from === 'string' && hashOf(placeOf(from)) === hash;
}

/** Has the address say nothing: what somebody looked for, who has signed out, is not for the next one. */
export function forgetPlace(): void {
  tabStore.removeItem(OWNER);
  owner = null;
  clear();
}

function clear(): void {
  history.replaceState(owner && { owner }, '', location.pathname + location.search);
  for (const listener of listeners) listener();
}

const ownerHere = (): unknown => (history.state as { owner?: unknown } | null)?.owner ?? null;

/** A place that is nobody's is that of whoever sits here, and one of somebody else is left. */
function takePlace(): void {
  if (owner === null || ownerHere() === owner) return;
  if (ownerHere() === null) history.replaceState({ ...history.state, owner }, '');
  else clear();
}
// Ahead of those who read it.
window.addEventListener('popstate', takePlace);
window.addEventListener('hashchange', takePlace);
takePlace();

/** Somebody is about to sign in: what the one before looked for is shown when it is theirs. */
export function holdPlace(): void {
  held = owner !== null || ownerHere() !== null;
}

/** It is this one. */
export function claimPlace(sub: string): void {
  if (owner === sub && !held) return;
  const other = owner !== null && owner !== sub;
  held = false;
  owner = sub;
  tabStore.setItem(OWNER, sub);
  if (other) clear();
  else takePlace();
  for (const listener of listeners) listener();
}

/** The open item's id, for what is not drawn. */
export const readOpenItem = (): number | null => read().open;

export const usePlace = (): Place => useSyncExternalStore(subscribe, read);

/** The view, and how to change a part of it. */
export function useView(): [View, (change: Partial<View>, how?: 'push' | 'replace') => void] {
  const { view } = usePlace();
  const change = useCallback(
    (part: Partial<View>, how: 'push' | 'replace' = 'replace') => goTo({ view: { ...read().view, ...part } }, how),
    [],
  );
  return [view, change];
}

/** The open item's id, and how to open another, or none. */
export function useOpenItem(): [number | null, (id: number | null) => void] {
  const { open } = usePlace();
  return [open, openItem];
}

export function openItem(id: number | null): void {
  // From item to item is one step in the history: back closes.
  const here = read().open;
  goTo({ open: id }, id !== null && here === null ? 'push' : 'replace');
  // Opened and closed, an item leaves no entry that leads nowhere.
  if (id !== null || here === null || !isBefore(location.hash)) return;
  goingBack = true;
  window.addEventListener('popstate', () => (goingBack = false), { once: true });
  history.back();
}
