// The store against a plain one that does everything anew at each look: the same contents whatever happens in whatever
// order, arrays and items that stay the same objects while nothing changes, and one call of listeners per frame and change.
import type { Filter, Item, Principal } from '@workitem-hub/client/contract';
import { compileFilter } from '@workitem-hub/client/filter';
import { expect } from 'chai';
import fc from 'fast-check';
import { audienceOf, roomsOf } from '../../client-sdk/src/audience.js';
import { type ItemList, type ItemOrder, newestFirst, type WorkItemStore } from '../../client-sdk/src/work-items.js';
import { fakeFrames, type Frames } from './frames.js';
import { makeItem, openStore, person } from './items.js';

const IDS = 6;
const VERSIONS = 6;
const EPOCHS = ['one', 'two'];

const bySubject: ItemOrder = (a, b) => a.subject.localeCompare(b.subject);
/** Nearly everything is equal by it, and goes by id. */
const byStatus: ItemOrder = (a, b) => (a.status < b.status ? -1 : a.status > b.status ? 1 : 0);

const PEOPLE: Principal[] = [
  person('alice', ['cyber']),
  person('alice', []),
  person('bob', ['cyber', 'property']),
  person('sam', [], ['supervisor']),
];
const VIEWS: (Filter | null)[] = [null, null, { status: ['pending'] }, { assigned: 'me' }];
const PARTS: { filter?: Filter | null; order?: ItemOrder }[] = [
  {},
  { filter: { status: ['pending'] } },
  { filter: { assigned: 'me' }, order: byStatus },
  { filter: { text: 'odd' }, order: bySubject },
  { order: byStatus },
];

type Step =
  | { do: 'event' | 'answer'; id: number; version: number }
  | { do: 'begin'; epoch: number }
  | { do: 'merge'; which: number; items: { id: number; version: number }[] }
  | { do: 'guess'; id: number; change: Partial<Item> }
  | { do: 'takeBack'; which: number }
  | { do: 'view'; who: number; filter: number }
  | { do: 'list'; part: number }
  | { do: 'listen' | 'leave' | 'drop' | 'look'; which: number }
  | { do: 'paint' };

const ids = fc.integer({ min: 1, max: IDS });
const versions = fc.integer({ min: 1, max: VERSIONS });
const which = fc.nat(5);
const place = fc.record({ id: ids, version: versions });
const make = <D extends Step['do'], R extends object>(name: D, rest: fc.Arbitrary<R>) =>
  rest.map((fields) => ({ do: name, ...fields }) as unknown as Step);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: make('event', place) },
  { weight: 3, arbitrary: make('answer', place) },
  { weight: 2, arbitrary: make('begin', fc.record({ epoch: fc.constantFrom(0, 0, 0, 1) })) },
  {
    weight: 3,
    arbitrary: make(
      'merge',
      fc.record({ which: fc.constant(0), items: fc.uniqueArray(place, { selector: ({ id }) => id }) }),
    ),
  },
  {
    weight: 3,
    arbitrary: make(
      'guess',
      fc.record({
        id: ids,
        change: fc.oneof(
          fc.record({ assigned_to: fc.constantFrom('alice', 'bob', null) }),
          fc.record({ status: fc.constantFrom('pending' as const, 'quoted' as const) }),
        ),
      }),
    ),
  },
  { weight: 2, arbitrary: make('takeBack', fc.record({ which })) },
  { weight: 1, arbitrary: make('view', fc.record({ who: fc.nat(3), filter: fc.nat(3) })) },
  { weight: 3, arbitrary: make('list', fc.record({ part: fc.nat(4) })) },
  { weight: 2, arbitrary: make('listen', fc.record({ which })) },
  { weight: 1, arbitrary: make('leave', fc.record({ which })) },
  { weight: 1, arbitrary: make('drop', fc.record({ which })) },
  { weight: 6, arbitrary: make('look', fc.record({ which })) },
  { weight: 3, arbitrary: make('paint', fc.record({})) },
);

/** What an item is at a version of a log: always the same, so that an equal version is an equal item. */
function contentOf(epoch: number, id: number, version: number): Item {
  const mix = (id * 7 + version * 13 + epoch * 5) % 12;
  return makeItem(id, version, {
    subject: `${mix % 2 ? 'odd' : 'even'} ${mix} ${epoch} ${id} ${version}`,
    // All of a kind, so that orders have ties.
    created_at: id % 2 ? '2026-01-01T00:00:00.000Z' : '2026-01-02T00:00:00.000Z',
    status: mix % 3 ? 'pending' : 'quoted',
    assigned_to: mix % 4 === 0 ? 'alice' : mix % 4 === 1 ? 'bob' : null,
    team: mix % 5 === 0 ? 'cyber' : mix % 5 === 1 ? 'property' : null,
  });
}

/** The plain store. It remembers of each item the newest version, and whether it was to be seen. */
class Plain {
  latest = new Map<number, { version: number; item: Item | null; foreign: boolean }>();
  /** How often each item came, or came anew. */
  readonly comings = new Map<number, number>();
  guesses: { id: number; change: Partial<Item> }[] = [];
  /** Counts what was done with guesses. */
  guessed = 0;
  since: Set<number> | null = null;
  principal: Principal = PEOPLE[0] as Principal;
  filter: Filter | null = null;
  epoch: number | null = null;

  sees(item: Item): boolean {
    const rooms = roomsOf(this.principal);
    return (
      audienceOf(item).some((room) => rooms.includes(room)) && compileFilter(this.filter, this.principal.sub)(item)
    );
  }

  /** The same text for as long as an item is to be the same object. */
  identityOf(id: number): string {
    // Without guesses it is what the hub said, also after some were taken back.
    const guesses = this.guesses.some((guess) => guess.id === id) ? this.guessed : 0;
    return `${this.comings.get(id)} ${guesses}`;
  }

  guess(entry: { id: number; change: Partial<Item> }): () => void {
    this.guesses.push(entry);
    this.guessed++;
    return () => {
      this.guesses = this.guesses.filter((guess) => guess !== entry);
      this.guessed++;
    };
  }

  set(id: number, version: number, item: Item | null): void {
    this.latest.set(id, { version, item, foreign: false });
    this.comings.set(id, (this.comings.get(id) ?? 0) + 1);
    this.guesses = this.guesses.filter((one) => one.id !== id);
  }

  apply(item: Item): void {
    const now = this.latest.get(item.id);
    const newest = now && !now.foreign ? now.version : 0;
    if (item.version < newest) return;
    this.since?.add(item.id);
    if (item.version > newest || !now?.item || !this.sees(item)) {
      this.set(item.id, item.version, this.sees(item) ? item : null);
    }
  }

  answer(item: Item): void {
    const now = this.latest.get(item.id);
    if (!now?.item || now.foreign || item.version <= now.version) return;
    if (this.sees(item)) this.set(item.id, item.version, item);
    else this.apply(item);
  }

  begin(epoch: number): void {
    this.since = new Set();
    if (this.epoch !== null && this.epoch !== epoch) {
      for (const [id, one] of this.latest) {
        if (one.item) one.foreign = true;
        else this.latest.delete(id);
      }
    }
    this.epoch = epoch;
  }

  merge(items: Item[]): void {
    const since = this.since as Set<number>;
    this.since = null;
    for (const item of items) {
      const now = this.latest.get(item.id);
      if (!now || now.foreign || item.version > now.version || (!now.item && item.version === now.version)) {
        if (now && !now.foreign && since.has(item.id) && item.version <= now.version) continue;
        this.set(item.id, item.version, item);
      }
    }
    for (const [id, one] of this.latest) {
      if (!since.has(id) && one.item && !items.some((item) => item.id === id)) {
        // It is not known at which version it left.
        this.latest.delete(id);
        this.guesses = this.guesses.filter((guess) => guess.id !== id);
      }
    }
  }

  view(principal: Principal, filter: Filter | null): void {
    const other = principal.sub !== this.principal.sub;
    const rooms = roomsOf(principal).join();
    if (other || rooms !== roomsOf(this.principal).join() || filter !== this.filter) this.since = null;
    this.principal = principal;
    this.filter = filter;
    for (const [id, one] of this.latest) {
      if (other || (one.item && !this.sees(one.item))) {
        this.latest.delete(id);
        this.guesses = this.guesses.filter((guess) => guess.id !== id);
      }
    }
  }

  get all(): Item[] {
    return [...this.latest.values()]
      .flatMap(({ item }) => (item ? [item] : []))
      .map((item) => Object.assign({}, item, ...this.guesses.filter(({ id }) => id === item.id).map((g) => g.change)))
      .filter((item) => this.sees(item));
  }

  part({ filter = null, order = newestFirst }: (typeof PARTS)[number]): Item[] {
    const passes = compileFilter(filter, this.principal.sub);
    return this.all.filter(passes).sort((a, b) => order(a, b) || b.id - a.id);
  }
}

interface Holder {
  list: ItemList;
  part: (typeof PARTS)[number];
  stop: (() => void) | null;
  calls: number;
  /** What stood there when it began to listen, or was told last. */
  told: readonly Item[] | null;
}

function run(steps: Step[], frames: Frames): void {
  const store: WorkItemStore = openStore();
  const plain = new Plain();
  store.setView(plain.principal, plain.filter);
  let merge: ((items: readonly Item[]) => void) | null = null;
  let epoch = 0;
  let counter = 0;
  const takeBacks: (() => void)[] = [];
  let holders: Holder[] = [];
  /** What somebody saw last of each list, and how its items read. */
  const last = new Map<Holder['part'], { items: readonly Item[]; texts: Map<number, string> }>();
  const hold = (list: ItemList, part: Holder['part']): void =>
    void holders.push({ list, part, stop: null, calls: 0, told: null });
  hold(store, PARTS[0] as Holder['part']);

  function look({ list, part }: Holder): readonly Item[] {
    const { items } = list;
    expect(items).to.deep.equal(plain.part(part));
    expect(Object.isFrozen(items)).to.equal(true);
    expect(items.every((item) => Object.isFrozen(item) && Object.isFrozen(item.extracted_fields))).to.equal(true);
    // An item that left and came again in between is another object.
    const texts = new Map(items.map((item) => [item.id, `${plain.identityOf(item.id)} ${JSON.stringify(item)}`]));
    const before = last.get(part);
    if (before && [...before.texts.values()].join() === [...texts.values()].join()) {
      expect(items, 'the array of an unchanged list').to.equal(before.items);
    }
    for (const item of items) {
      const same = before?.items.find(({ id }) => id === item.id);
      if (before?.texts.get(item.id) === texts.get(item.id)) expect(item, 'an unchanged item').to.equal(same);
      expect(store.get(item.id)).to.equal(item);
    }
    last.set(part, { items, texts });
    expect(store.size).to.equal(plain.all.length);
    return items;
  }

  function paint(): void {
    const listening = holders.filter(({ stop }) => stop);
    for (const holder of listening) holder.calls = 0;
    frames.paint();
    for (const holder of listening) {
      const items = look(holder);
      expect(holder.calls, 'calls in a frame').to.be.at.most(1);
      // Somebody else who has the same list may have seen more, and less.
      if (holder.told !== items) expect(holder.calls, 'calls after a change').to.equal(1);
      holder.told = items;
    }
    expect(frames.waiting).to.equal(0);
  }

  for (const one of steps) {
    const holder = 'which' in one ? holders[one.which % holders.length] : undefined;
    switch (one.do) {
      case 'event':
      case 'answer': {
        const item = contentOf(epoch, one.id, one.version);
        const name = one.do === 'event' ? 'apply' : 'answer';
        store[name](item);
        plain[name](item);
        break;
      }
      case 'begin':
        epoch = Math.max(epoch, one.epoch);
        merge = store.beginSnapshot(EPOCHS[epoch]);
        plain.begin(epoch);
        break;
      case 'merge': {
        if (!merge) break;
        const items = one.items
          .map(({ id, version }) => contentOf(epoch, id, version))
          .filter((item) => plain.sees(item));
        merge(items);
        if (plain.since) plain.merge(items);
        merge = null;
        break;
      }
      case 'guess': {
        // No two guesses are alike, nor like what they lie over.
        const change = { ...one.change, subject: `odd guess ${counter++}` };
        if (!store.get(one.id)) break;
        const ends = [store.guess(one.id, change), plain.guess({ id: one.id, change })];
        takeBacks.push(() => ends.forEach((end) => end()));
        break;
      }
      case 'takeBack':
        takeBacks[one.which % Math.max(takeBacks.length, 1)]?.();
        break;
      case 'view': {
        const principal = PEOPLE[one.who] as Principal;
        const filter = VIEWS[one.filter] as Filter | null;
        store.setView(principal, filter);
        plain.view(principal, filter);
        break;
      }
      case 'list': {
        const part = PARTS[one.part] as Holder['part'];
        const list = store.list(part);
        for (const other of holders) {
          if (other.part === part && other.list !== store) expect(list, 'a shared list').to.equal(other.list);
        }
        hold(list, part);
        break;
      }
      case 'listen':
        if (!holder || holder.stop) break;
        // What came since somebody last looked is told as well.
        holder.told = last.get(holder.part)?.items ?? look(holder);
        holder.stop = holder.list.subscribe(() => holder.calls++);
        break;
      case 'leave':
        holder?.stop?.();
        if (holder) holder.stop = null;
        break;
      case 'drop':
        holder?.stop?.();
        if (holder) holder.stop = null;
        if (holders.length > 1) holders = holders.filter((other) => other !== holder);
        break;
      case 'look':
        if (holder) look(holder);
        break;
      case 'paint':
        paint();
        break;
    }
  }
  for (const holder of holders) look(holder);
  paint();
}

describe('the live store', () => {
  let frames: Frames;
  before(() => {
    frames = fakeFrames();
  });
  after(() => frames.restore());

  it('is what a plain one is, at every look', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 80, size: 'max' }), (steps) => {
        try {
          run(steps, frames);
        } finally {
          // Nothing of this run is called in the next one.
          frames.paint();
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
