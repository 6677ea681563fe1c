// What an event costs with 10,000 items on the screen, counted instead of timed: how often items are compared and judged.
import type { Item } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { type ItemOrder, newestFirst } from '../../client-sdk/src/work-items.js';
import { makeItem, storeOf } from './items.js';

const ITEMS = 10_000;
const EVENTS = 1_000;
/** A binary search among 10,000. */
const SEARCH = Math.ceil(Math.log2(ITEMS + EVENTS));

/** Counts comparisons and, by the texts that it folds, how many items a filter judges. */
function counted(): { order: ItemOrder; counts: { compared: number; judged: number }; restore(): void } {
  const counts = { compared: 0, judged: 0 };
  const { normalize } = String.prototype;
  // The rule of filters is shared with the hub: there is nowhere else to count.
  String.prototype.normalize = function (this: string, form?: string) {
    counts.judged++;
    return normalize.call(this, form);
  };
  return {
    counts,
    order(a, b) {
      counts.compared++;
      return newestFirst(a, b);
    },
    restore() {
      String.prototype.normalize = normalize;
    },
  };
}

describe('an event in a list of 10,000', () => {
  const items: Item[] = Array.from({ length: ITEMS }, (_, at) => makeItem(at + 1));
  /** Changes all over the list, some of them of the same item, and new items. */
  const event = (at: number): Item =>
    at % 3 === 0 ? makeItem(ITEMS + at + 1) : makeItem(((at * 7_919) % ITEMS) + 1, at + 2, { status: 'quoted' });

  for (const looks of [0, 1, EVENTS]) {
    it(`costs no pass over it (${looks} looks at ${EVENTS} events)`, () => {
      const store = storeOf(items);
      const { order, counts, restore } = counted();
      try {
        const list = store.list({ filter: { text: 'item' }, order });
        expect(list.items).to.have.length(ITEMS);
        counts.compared = 0;
        counts.judged = 0;
        for (let at = 0; at < EVENTS; at++) {
          store.apply(event(at));
          if (at >= EVENTS - looks) void list.items;
        }
        if (looks === 0) {
          expect(counts).to.deep.equal({ compared: 0, judged: 0 });
          return;
        }
        // To where it was, to where it goes, and among the others that are new.
        expect(counts.compared).to.be.at.most(EVENTS * 3 * SEARCH);
        expect(counts.judged).to.be.at.most(EVENTS);
        expect(list.items).to.have.length(ITEMS + Math.ceil(EVENTS / 3));
      } finally {
        restore();
      }
    });
  }

  it('costs no more however many lists there are, and a list that nobody looked at for long is mended by one look', () => {
    const store = storeOf(items);
    const { order, counts, restore } = counted();
    try {
      const lists = Array.from({ length: 50 }, (_, at) => store.list({ filter: { text: `item ${at}` }, order }));
      for (const list of lists) void list.items;
      counts.compared = 0;
      counts.judged = 0;
      for (let at = 0; at < EVENTS; at++) store.apply(event(at));
      expect(counts).to.deep.equal({ compared: 0, judged: 0 });

      // More changes than are remembered one by one.
      const [list] = lists;
      for (let at = EVENTS; at < ITEMS * 3; at++) store.apply(makeItem((at % ITEMS) + 1, at + EVENTS));
      expect(counts).to.deep.equal({ compared: 0, judged: 0 });
      expect(list?.items).to.deep.equal(store.items.filter(({ subject }) => subject.toLowerCase().includes('item 0')));
    } finally {
      restore();
    }
  });
});
