// The live store: the items that one may see, in sorted, immutable lists that change at most once a frame.
import { audienceOf, roomsOf } from './audience.js';
import type { Filter, Item, Principal } from './contract.js';
import { canonicalFilter, compileFilter, type ItemPredicate } from './filter.js';
import { createChanges, createList, type ItemList, type ItemOrder, type LiveList, newestFirst } from './item-list.js';
import { createSchedule } from './schedule.js';

export { type ItemList, type ItemOrder, newestFirst };

export interface WorkItems extends ItemList {
  /** Whether nothing is missing in the lists: a snapshot was merged, and events have been applied since. Listeners are told. */
  readonly complete: boolean;
  readonly size: number;
  /** The same object for as long as nothing about the item changed. */
  get(id: number): Item | undefined;
  /**
   * A part of the items in an order of its own, kept up to date. The same arguments give the same list for as long as somebody
   * has it; one that nobody has costs nothing.
   */
  list(options?: { filter?: Filter | null; order?: ItemOrder }): ItemList;
}

/** What the client does with the store. */
export interface WorkItemStore extends WorkItems {
  /** Who looks, and through which filter. What is not to be seen any more goes at once; another person begins with nothing. */
  setView(principal: Principal, filter: Filter | null): void;
  /** Applies an item as an event shows it; an older version than is known changes nothing. */
  apply(item: Item): void;
  /**
   * Shows an item as a command left it, until its event comes. Unlike events, answers come in no order: one that is late must not
   * bring back an item that has left, nor count against a snapshot that lacks it.
   */
  answer(item: Item): void;
  /**
   * From here on, what events say counts against the snapshot that is being fetched. Returns what merges it; does nothing
   * when another snapshot was begun, or the view was changed.
   * @param epoch of the log that it is taken from: versions of items in another log do not count
   */
  beginSnapshot(epoch?: string): (items: readonly Item[]) => void;
  /** Shows an item otherwise until this is taken back, or a newer version comes: commands show before they are answered. */
  guess(id: number, change: Partial<Item>): () => void;
}

/** A list that is behind by fewer changes than this is mended, not made anew. */
const FEW = 1_000;
/** So many items that left are remembered: an answer to a command may be ahead of events that show them once more. */
const MAX_LEFT = 1_000;

interface Guess {
  changes: readonly Partial<Item>[];
  /** The item with the changes. */
  item: Item;
  /** Whether one would see it like this. */
  seen: boolean;
}

/** @param onThrow told what a listener, or the order of a list, threw */
export function createWorkItems(onThrow: (thrown: unknown) => void): WorkItemStore {
  /** As the hub said. */
  const known = new Map<number, Item>();
  /** Over the versions that are known. */
  const guesses = new Map<number, Guess>();
  /** Versions at which items left, the earliest first. */
  const left = new Map<number, number>();
  const changes = createChanges(() => Math.max(FEW, known.size));
  const lists = new Map<string, WeakRef<LiveList>>();
  /** Whoever has an array of a list has the list: it is not made twice, nor is the array. */
  const listOfArray = new WeakMap<readonly Item[], LiveList>();
  const listened = new Set<LiveList>();
  const orders = new WeakMap<ItemOrder, number>();
  let orderCount = 0;
  let view: string | null = null;
  let sub: string | null = null;
  let visible: ItemPredicate = () => true;
  let complete = false;
  /** Versions that events have shown since the snapshot that is being fetched was begun, also of items that left. */
  let told: Map<number, number> | null = null;
  let log: string | null = null;
  /** Items known from another log. They stand until the snapshot of this one is there, and their versions mean nothing. */
  let foreign = new Set<number>();

  const notifyAll = createSchedule(() => {
    for (const list of Array.from(listened)) list.notify();
  });
  const schedule = (): void => {
    if (listened.size > 0) notifyAll();
  };

  function shown(id: number): Item | undefined {
    const guess = guesses.get(id);
    if (!guess) return known.get(id);
    return guess.seen ? guess.item : undefined;
  }

  function* all(): Generator<Item> {
    for (const id of known.keys()) {
      const item = shown(id);
      if (item) yield item;
    }
  }

  function changed(id: number): void {
    changes.record(id);
    schedule();
  }

  const versionOf = (id: number): number => (foreign.has(id) ? 0 : (known.get(id)?.version ?? 0));

  function put(item: Item): void {
    const { id } = item;
    // A copy: what the application is handed with an event is its own.
    known.set(id, Object.freeze({ ...item, extracted_fields: Object.freeze({ ...item.extracted_fields }) }));
    // A newer version knows better.
    guesses.delete(id);
    left.delete(id);
    foreign.delete(id);
    changed(id);
  }

  function remove(id: number): void {
    guesses.delete(id);
    foreign.delete(id);
    if (known.delete(id)) changed(id);
  }

  function leave({ id, version }: Item): void {
    remove(id);
    left.delete(id);
    left.set(id, version);
    if (left.size > MAX_LEFT) left.delete(left.keys().next().value as number);
  }

  function apply(item: Item): void {
    const { id, version } = item;
    if (version < Math.max(versionOf(id), left.get(id) ?? 0, told?.get(id) ?? 0)) return;
    told?.set(id, version);
    if (!visible(item)) leave(item);
    else if (version !== versionOf(id)) put(item);
  }

  function answer(item: Item): void {
    const { id, version } = item;
    if (!known.has(id) || foreign.has(id) || version <= versionOf(id)) return;
    if (visible(item)) put(item);
    else apply(item);
  }

  function setComplete(next: boolean): void {
    if (complete === next) return;
    complete = next;
    everything.touch();
    schedule();
  }

  function beginSnapshot(epoch?: string) {
    if (epoch !== undefined && epoch !== log) {
      if (log !== null) {
        foreign = new Set(known.keys());
        left.clear();
      }
      log = epoch;
    }
    const mine = new Map<number, number>();
    told = mine;
    return (items: readonly Item[]): void => {
      if (told !== mine) return;
      told = null;
      const there = new Set<number>();
      for (const item of items) {
        const { id, version } = item;
        there.add(id);
        // An event told as much or more: perhaps that the item left, which the snapshot did not know yet.
        if (version > Math.max(versionOf(id), mine.get(id) ?? 0) && version >= (left.get(id) ?? 0)) put(item);
      }
      for (const id of known.keys()) if (!there.has(id) && !mine.has(id)) remove(id);
      setComplete(true);
    };
  }

  function setView(principal: Principal, filter: Filter | null): void {
    const rooms = roomsOf(principal);
    const next = JSON.stringify([principal.sub, rooms, canonicalFilter(filter)]);
    if (next === view) return;
    view = next;
    const passes = compileFilter(filter, principal.sub);
    const mine = new Set(rooms);
    visible = (item) => audienceOf(item).some((room) => mine.has(room)) && passes(item);
    // A snapshot that was begun before shows something else.
    told = null;
    setComplete(false);
    if (principal.sub === sub) {
      for (const item of known.values()) if (!visible(item)) remove(item.id);
      for (const [id, one] of guesses) {
        one.seen = visible(one.item);
        changed(id);
      }
    } else {
      sub = principal.sub;
      known.clear();
      guesses.clear();
      left.clear();
      foreign.clear();
      // Filters may mean another person now.
      changes.forget();
      schedule();
    }
  }

  /** Lays guesses over an item, in the order in which they were made. */
  function lay(id: number, over: readonly Partial<Item>[]): void {
    if (over.length === 0) {
      guesses.delete(id);
    } else {
      const item = Object.freeze(Object.assign({}, known.get(id), ...over)) as Item;
      guesses.set(id, { changes: over, item, seen: visible(item) });
    }
    changed(id);
  }

  function guess(id: number, change: Partial<Item>): () => void {
    // Nothing stands there that it could lie over.
    if (!known.has(id)) return () => {};
    const own = { ...change };
    lay(id, [...(guesses.get(id)?.changes ?? []), own]);
    return () => {
      const over = guesses.get(id)?.changes;
      if (over?.includes(own)) {
        lay(
          id,
          over.filter((one) => one !== own),
        );
      }
    };
  }

  function list({ filter = null, order = newestFirst }: { filter?: Filter | null; order?: ItemOrder } = {}): LiveList {
    let number = orders.get(order);
    if (number === undefined) {
      number = orderCount++;
      orders.set(order, number);
    }
    const key = `${number} ${JSON.stringify(canonicalFilter(filter))}`;
    const existing = lists.get(key)?.deref();
    if (existing) return existing;
    for (const [name, ref] of lists) if (!ref.deref()) lists.delete(name);
    const made = createList({
      order,
      changes,
      all,
      get: shown,
      predicate: () => compileFilter(filter, sub ?? ''),
      onMade: (owner, items) => void listOfArray.set(items, owner),
      onUse: (owner, used) => void (used ? listened.add(owner) : listened.delete(owner)),
      schedule,
      onThrow,
    });
    lists.set(key, new WeakRef(made));
    return made;
  }

  const everything = list();

  return {
    get items() {
      return everything.items;
    },
    get complete() {
      return complete;
    },
    get size() {
      let hidden = 0;
      for (const { seen } of guesses.values()) if (!seen) hidden++;
      return known.size - hidden;
    },
    subscribe: (onChange) => everything.subscribe(onChange),
    get: shown,
    list,
    setView,
    apply,
    answer,
    beginSnapshot,
    guess,
  };
}
