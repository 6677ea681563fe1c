// Lists come and go with those who look at them: shared while somebody has them, and then gone without a trace.
import type { Item } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { newestFirst } from '../../client-sdk/src/work-items.js';
import { gone } from '../support/gone.js';
import { fakeFrames, type Frames } from './frames.js';
import { makeItem, storeOf } from './items.js';

describe('a list', () => {
  let frames: Frames;
  const items = [makeItem(1), makeItem(2, 1, { status: 'quoted' }), makeItem(3)];
  before(() => {
    frames = fakeFrames();
  });
  after(() => frames.restore());

  it('is one for all who want the same', () => {
    const store = storeOf(items);
    expect(store.list()).to.equal(store.list({ filter: {}, order: newestFirst }));
    expect(store.list({ filter: { status: ['quoted', 'pending'] } })).to.equal(
      store.list({ filter: { status: ['pending', 'quoted', 'pending'] } }),
    );
    expect(store.list({ filter: { status: ['quoted'] } })).not.to.equal(
      store.list({ filter: { status: ['pending'] } }),
    );
    expect(store.list({ order: () => 0 })).not.to.equal(store.list());
  });

  it('is forgotten when nobody has it any more, also one that was asked for and never listened to', async () => {
    const store = storeOf(items);
    const refs = Array.from({ length: 20 }, (_, at) => {
      const list = store.list({ filter: { text: `item ${at}` } });
      if (at % 2) list.subscribe(() => {})();
      return new WeakRef(list.items);
    });
    for (const ref of refs) await gone(ref);
    expect(store.list({ filter: { text: 'item 1' } }).items).to.deep.equal([items[0]]);
  });

  it('stays while somebody listens, who has nothing else of it', async () => {
    const store = storeOf(items);
    let calls = 0;
    const stop = store.list({ filter: { status: ['pending'] } }).subscribe(() => calls++);
    frames.paint();
    await gone(new WeakRef(store.list({ filter: { status: ['quoted'] } })));
    calls = 0;
    store.apply(makeItem(4));
    frames.paint();
    expect(calls).to.equal(1);
    stop();
  });

  it('keeps its array for those who have only the array', async () => {
    const store = storeOf(items);
    const before = store.list({ filter: { status: ['pending'] } }).items;
    await gone(new WeakRef(store.list({ filter: { status: ['quoted'] } })));
    expect(store.list({ filter: { status: ['pending'] } }).items).to.equal(before);
  });

  it('works on when it was left and is taken up again', () => {
    const store = storeOf(items);
    const list = store.list({ filter: { status: ['pending'] } });
    list.subscribe(() => {})();
    const before: readonly Item[] = list.items;
    frames.paint();
    store.apply(makeItem(4));
    frames.paint();
    // Nobody was there to be told; whoever comes now is, because what they saw is not what stands there.
    let calls = 0;
    const stop = list.subscribe(() => calls++);
    frames.paint();
    expect(calls).to.equal(1);
    expect(list.items.map(({ id }) => id)).to.deep.equal([4, 3, 1]);
    expect(before.map(({ id }) => id)).to.deep.equal([3, 1]);
    store.apply(makeItem(3, 2, { status: 'quoted' }));
    frames.paint();
    expect(calls).to.equal(2);
    expect(list.items.map(({ id }) => id)).to.deep.equal([4, 1]);
    stop();
    stop();
    store.apply(makeItem(5));
    expect(frames.waiting, 'nobody listens').to.equal(0);
  });
});
