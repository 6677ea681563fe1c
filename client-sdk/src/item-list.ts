// One sorted list over the store. It pulls: a change costs it nothing until somebody looks, and then a binary search.
import type { Item } from './contract.js';
import type { ItemPredicate } from './filter.js';

/**
 * Order of a list: negative when `a` comes first. It may look at the two items only. Items that are equal by it stand by id, newest
 * first.
 */
export type ItemOrder = (a: Item, b: Item) => number;

/** Newest first. */
export const newestFirst: ItemOrder = (a, b) =>
  a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0;

/** One list of items, as a screen shows it. */
export interface ItemList {
  /** Present, frozen, and the same array for as long as nothing in it changed; in it, an item is the same object until it changes. */
  readonly items: readonly Item[];
  /** Calls after changes, at most once a frame; returns what ends that. */
  readonly subscribe: (onChange: () => void) => () => void;
}

export interface LiveList extends ItemList {
  /** Calls the listeners, if what they saw last is not what stands there now. */
  notify(): void;
  /** Has the listeners called next time, whatever stands there. */
  touch(): void;
}

/** Which items changed, in the order in which they did. */
export interface Changes {
  /** Counts the changes. */
  readonly revision: number;
  record(id: number): void;
  /** The items that changed after a revision; `null` when that is too long ago to tell. */
  since(revision: number): ReadonlySet<number> | null;
  /** All items may have changed. */
  forget(): void;
}

/** @param enough how many changes are worth remembering: with more of them, a list is made anew as fast as it is mended. */
export function createChanges(enough: () => number): Changes {
  let ids: number[] = [];
  let first = 0;
  return {
    get revision() {
      return first + ids.length;
    },
    record(id) {
      ids.push(id);
      if (ids.length <= 2 * enough()) return;
      const dropped = ids.length >> 1;
      ids = ids.slice(dropped);
      first += dropped;
    },
    since: (revision) => (revision < first ? null : new Set(ids.slice(revision - first))),
    forget() {
      // One more, so that even who had seen everything sees that there is something new.
      first += ids.length + 1;
      ids = [];
    },
  };
}

export interface ListSource {
  order: ItemOrder;
  changes: Changes;
  /** What stands in the store, in any order. */
  all(): Iterable<Item>;
  get(id: number): Item | undefined;
  /** What passes from now on; asked again whenever the list is made anew. */
  predicate(): ItemPredicate;
  /** Told of each array that is handed out. */
  onMade(list: LiveList, items: readonly Item[]): void;
  /** Somebody listens, or nobody does any more. */
  onUse(list: LiveList, used: boolean): void;
  /** Has `notify` called soon. */
  schedule(): void;
  onThrow(thrown: unknown): void;
}

export function createList(source: ListSource): LiveList {
  const { changes } = source;
  const compare: ItemOrder = (a, b) => source.order(a, b) || b.id - a.id;
  const listeners = new Set<() => void>();
  let passes: ItemPredicate = () => true;
  let items: readonly Item[] = Object.freeze([]);
  /** What stands in `items`, by id. */
  let shown = new Map<number, Item>();
  /** Up to here changes are in `items`. */
  let seen = -1;
  /** What the listeners have been told of. */
  let told = items;
  let touched = false;

  function look(): readonly Item[] {
    if (seen === changes.revision) return items;
    const ids = changes.since(seen);
    if (ids === null || !merge(ids)) rebuild();
    seen = changes.revision;
    return items;
  }

  /** Takes changes of single items along. `false` when the list is not in its order, and has to be made anew. */
  function merge(ids: ReadonlySet<number>): boolean {
    const moves = new Map<number, Item | undefined>();
    const fresh: Item[] = [];
    /** Places of items that changed or left. */
    const gaps: number[] = [];
    for (const id of ids) {
      const item = source.get(id);
      const next = item && passes(item) ? item : undefined;
      const old = shown.get(id);
      if (next === old) continue;
      moves.set(id, next);
      if (next) fresh.push(next);
      if (old) {
        const place = placeOf(old, 0);
        if (items[place] !== old) return false;
        gaps.push(place);
      }
    }
    if (moves.size === 0) return true;
    fresh.sort(compare);
    gaps.sort((a, b) => a - b);

    const merged: Item[] = [];
    let at = 0;
    let gap = 0;
    const copyTo = (end: number): void => {
      for (; at < end; at++) {
        if (at === gaps[gap]) gap++;
        else merged.push(items[at] as Item);
      }
    };
    for (const item of fresh) {
      copyTo(placeOf(item, at));
      merged.push(item);
    }
    copyTo(items.length);
    for (const [id, next] of moves) {
      if (next) shown.set(id, next);
      else shown.delete(id);
    }
    hand(merged);
    return true;
  }

  /** Where an item stands, or would stand, at or behind `low`. */
  function placeOf(item: Item, low: number): number {
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(items[middle] as Item, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function rebuild(): void {
    passes = source.predicate();
    const found = [...source.all()].filter(passes).sort(compare);
    if (found.length === items.length && found.every((item, place) => item === items[place])) return;
    shown = new Map(found.map((item) => [item.id, item]));
    hand(found);
  }

  function hand(made: Item[]): void {
    items = Object.freeze(made);
    source.onMade(list, items);
  }

  const list: LiveList = {
    get items() {
      return look();
    },
    notify() {
      try {
        if (look() === told && !touched) return;
      } catch (thrown) {
        // The application's order failed.
        source.onThrow(thrown);
        return;
      }
      told = items;
      touched = false;
      for (const listener of Array.from(listeners)) {
        // One of those before may have ended it.
        if (!listeners.has(listener)) continue;
        try {
          listener();
        } catch (thrown) {
          source.onThrow(thrown);
        }
      }
    },
    touch() {
      touched = true;
    },
    subscribe(onChange) {
      // One of its own, so that the same function may listen twice.
      const own = (): void => onChange();
      if (listeners.size === 0) {
        source.onUse(list, true);
        told = items;
        touched = false;
      }
      listeners.add(own);
      // What changed since somebody last looked was told to nobody.
      if (seen !== changes.revision) source.schedule();
      return () => {
        if (listeners.delete(own) && listeners.size === 0) source.onUse(list, false);
      };
    },
  };
  source.onMade(list, items);
  return list;
}
