// The live store: the items that one may see, sorted, as immutable lists that change at most once a frame.
import type { Filter, Item, Principal } from './contract.js';
import { canSee } from './audience.js';
import { canonicalFilter, compileFilter, type ItemPredicate } from './filter.js';
import { createSchedule } from './schedule.js';

/** Order of a list: negative when `a` comes first. Items that are equal by it stand by id, newest first. */
export type ItemOrder = (a: Item, b: Item) => number;

/** Newest first. */
export const newestFirst: ItemOrder = (a, b) =>
  a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0;

/** One list of items, as a screen shows it. */
export interface ItemList {
  /** Present, and the same array for as long as nothing in it changed. Never written to. */
  readonly items: readonly Item[];
  /** Calls after changes, at most once a frame; returns what ends that. */
  readonly subscribe: (onChange: () => void) => () => void;
}

export interface WorkItems extends ItemList {
  /** Whether the list is complete: a snapshot was merged, and events have been applied since. */
  readonly complete: boolean;
  readonly size: number;
  /** The same object for as long as nothing about the item changed. */
  get(id: number): Item | undefined;
  /**
   * A part of the items in an order of its own, kept up to date for as long as somebody holds it. The same arguments give the same
   * list for as long as somebody listens to it.
   */
  list(options?: { filter?: Filter | null; order?: ItemOrder }): ItemList;
}

/** What the client does with the store. */
export interface WorkItemStore extends WorkItems {
  /** Who looks, and through which filter. */
  setView(principal: Principal, filter: Filter | null): void;
  /** Applies an item as an event shows it; an older version than is known changes nothing. */
  apply(item: Item): void;
  /**
   * Shows an item as a command left it, until its event comes. Unlike events, answers come in no order: one that is late must not
   * bring back an item that has left, nor count against a snapshot that lacks it.
   */
  answer(item: Item): void;
  /** From here on, what events say counts against the snapshot that is being fetched. Returns what merges it. */
  beginSnapshot(): (items: readonly Item[]) => void;
  /** Puts a guess over an item until it is taken back: commands show before they are answered. */
  guess(id: number, change: Partial<Item>): () => void;
}

interface List extends ItemList {
  /** Takes the change of one item along. */
  change(id: number): void;
  reset(): void;
  /** Is not told of changes from here on; until somebody listens to it, it looks at everything whenever it is looked at. */
  forget(): void;
  readonly used: boolean;
}

export function createWorkItems(): WorkItemStore {
  /** As the hub said. */
  const known = new Map<number, Item>();
  /** Guesses by item, in the order in which they were made. */
  const guesses = new Map<number, Partial<Item>[]>();
  /** Items with the guesses over them, as they were last asked for. */
  const guessed = new Map<number, { item: Item; over: Partial<Item>[]; shown: Item }>();
  /** Told of every change. */
  const lists = new Map<string | symbol, List>();
  const ordersSeen = new WeakMap<ItemOrder, number>();
  let orderCount = 0;
  let principal: Principal | null = null;
  let visible: ItemPredicate = () => true;
  let complete = false;
  /** Versions that events have shown since the snapshot that is being fetched was begun, also of items that left. */
  let touched: Map<number, number> | null = null;

  function get(id: number): Item | undefined {
    const item = known.get(id);
    const over = guesses.get(id);
    if (!item || !over) return item;
    const last = guessed.get(id);
    if (last?.item === item && last.over === over) return last.shown;
    const shown: Item = Object.assign({}, item, ...over);
    guessed.set(id, { item, over, shown });
    return shown;
  }

  function changed(id: number): void {
    for (const list of lists.values()) list.change(id);
  }

  function put(item: Item): void {
    known.set(item.id, item);
    changed(item.id);
  }

  function remove(id: number): void {
    if (known.delete(id)) changed(id);
  }

  function apply(item: Item): void {
    const version = Math.max(known.get(item.id)?.version ?? 0, touched?.get(item.id) ?? 0);
    if (item.version < version) return;
    touched?.set(item.id, item.version);
    if (!visible(item)) remove(item.id);
    else if (known.get(item.id)?.version !== item.version) put(item);
  }

  function answer(item: Item): void {
    const old = known.get(item.id);
    if (old === undefined || item.version <= old.version) return;
    if (visible(item)) put(item);
    else apply(item);
  }

  function beginSnapshot() {
    const mine = new Map<number, number>();
    touched = mine;
    return (items: readonly Item[]): void => {
      // Another one was begun since: this one is of no more use.
      if (touched !== mine) return;
      touched = null;
      const there = new Set<number>();
      for (const item of items) {
        there.add(item.id);
        // An event told more: perhaps also that the item left, which the list did not know yet.
        if ((mine.get(item.id) ?? 0) >= item.version) continue;
        if (item.version >= (known.get(item.id)?.version ?? 0)) put(item);
      }
      for (const id of known.keys()) if (!there.has(id) && !mine.has(id)) remove(id);
      complete = true;
    };
  }

  function listOf(filter: Filter | null, order: ItemOrder): List {
    if (!ordersSeen.has(order)) ordersSeen.set(order, orderCount++);
    const key = `${ordersSeen.get(order)} ${JSON.stringify(canonicalFilter(filter))}`;
    const existing = lists.get(key);
    if (existing) return existing;
    // Lists that nobody listens to are forgotten as others come.
    for (const [name, list] of lists) {
      if (list.used) continue;
      lists.delete(name);
      list.forget();
    }
    const made: List = createList({
      order,
      all: () => known.keys(),
      get,
      predicate: () => compileFilter(filter, principal?.sub ?? ''),
      // Another one may have its key by now.
      remember: () => lists.set(lists.has(key) ? Symbol(key) : key, made),
    });
    lists.set(key, made);
    return made;
  }

  const everything = listOf(null, newestFirst);
  // Somebody always does: the list of everything is never forgotten.
  everything.subscribe(() => {});

  return {
    get items() {
      return everything.items;
    },
    get complete() {
      return complete;
    },
    get size() {
      return known.size;
    },
    subscribe: (onChange) => everything.subscribe(onChange),
    get,
    list: ({ filter = null, order = newestFirst } = {}) => listOf(filter, order),
    setView(next, filter) {
      const passes = compileFilter(filter, next.sub);
      if (principal?.sub !== next.sub && principal !== null) {
        for (const id of known.keys()) remove(id);
        complete = false;
      }
      const sameEyes = principal?.sub === next.sub;
      principal = next;
      visible = (item) => canSee(next, item) && passes(item);
      // What one may not see any more goes at once; what one may see now comes with the snapshot.
      for (const item of Array.from(known.values())) if (!visible(item)) remove(item.id);
      if (!sameEyes) for (const list of lists.values()) list.reset();
    },
    apply,
    answer,
    beginSnapshot,
    guess(id, change) {
      guesses.set(id, [...(guesses.get(id) ?? []), change]);
      changed(id);
      return () => {
        const left = (guesses.get(id) ?? []).filter((one) => one !== change);
        if (left.length > 0) guesses.set(id, left);
        else {
          guesses.delete(id);
          guessed.delete(id);
        }
        changed(id);
      };
    },
  };
}

/** A list that takes single changes into account when it is looked at: an event costs it next to nothing. */
function createList(source: {
  order: ItemOrder;
  all: () => Iterable<number>;
  get: (id: number) => Item | undefined;
  predicate: () => ItemPredicate;
  /** Has it told of changes again. */
  remember: () => void;
}): List {
  const compare: ItemOrder = (a, b) => source.order(a, b) || b.id - a.id;
  const listeners = new Set<() => void>();
  let passes = source.predicate();
  let items: readonly Item[] = [];
  /** What stands in `items`, by id. */
  let shown = new Map<number, Item>();
  let dirty = new Set<number>(source.all());
  let notified = items;
  let forgotten = false;
  const schedule = createSchedule(() => {
    if (look() === notified) return;
    notified = items;
    for (const listener of Array.from(listeners)) listener();
  });

  function suspectAll(): void {
    passes = source.predicate();
    dirty = new Set([...shown.keys(), ...source.all()]);
  }

  /** Merges what changed: linear in the list only when it is looked at, whatever has happened since. */
  function look(): readonly Item[] {
    if (forgotten) suspectAll();
    if (dirty.size === 0) return items;
    const fresh: Item[] = [];
    const stale = new Set<number>();
    for (const id of dirty) {
      const item = source.get(id);
      const next = item && passes(item) ? item : undefined;
      const old = shown.get(id);
      if (next === old) continue;
      if (old) stale.add(id);
      if (next) {
        fresh.push(next);
        shown.set(id, next);
      } else shown.delete(id);
    }
    dirty = new Set();
    if (fresh.length === 0 && stale.size === 0) return items;
    fresh.sort(compare);
    const merged: Item[] = [];
    let next = 0;
    for (const item of items) {
      if (stale.has(item.id)) continue;
      while (next < fresh.length && compare(fresh[next] as Item, item) < 0) merged.push(fresh[next++] as Item);
      merged.push(item);
    }
    while (next < fresh.length) merged.push(fresh[next++] as Item);
    items = Object.freeze(merged);
    return items;
  }

  return {
    get items() {
      return look();
    },
    get used() {
      return listeners.size > 0;
    },
    change(id) {
      dirty.add(id);
      schedule();
    },
    reset() {
      suspectAll();
      schedule();
    },
    forget() {
      forgotten = true;
    },
    subscribe(onChange) {
      const own = (): void => onChange();
      if (forgotten) {
        forgotten = false;
        suspectAll();
        source.remember();
      }
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
