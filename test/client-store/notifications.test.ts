// When listeners are called: once a frame, for what is new, each on its own.
import { expect } from 'chai';
import { createSchedule } from '../../client-sdk/src/schedule.js';
import { createWorkItems } from '../../client-sdk/src/work-items.js';
import { until } from '../support/until.js';
import { fakeFrames, type Frames } from './frames.js';
import { makeItem, openStore, person, storeOf } from './items.js';

describe('listeners of the store', () => {
  let frames: Frames;
  beforeEach(() => {
    frames = fakeFrames();
  });
  afterEach(() => frames.restore());

  it('are called once for a burst', () => {
    const store = storeOf([]);
    let calls = 0;
    store.subscribe(() => calls++);
    for (let id = 1; id <= 500; id++) store.apply(makeItem(id));
    expect(calls).to.equal(0);
    frames.paint();
    expect(calls).to.equal(1);
    expect(store.items).to.have.length(500);
    frames.paint();
    expect(calls).to.equal(1);
  });

  it('are not called for what changes nothing that they see', () => {
    const store = storeOf([makeItem(1), makeItem(2)]);
    const quoted = store.list({ filter: { status: ['quoted'] } });
    let calls = 0;
    quoted.subscribe(() => calls++);
    store.subscribe(() => calls++);
    frames.paint();
    calls = 0;
    const before = store.items;
    store.apply(makeItem(1));
    store.guess(2, { assigned_to: 'sam' })();
    // Every item once more, as after a reconnect.
    store.beginSnapshot('log')([makeItem(2), makeItem(1)]);
    store.setView(person('sam', [], ['supervisor']), {});
    frames.paint();
    expect(calls).to.equal(0);
    expect(store.items).to.equal(before);
    store.apply(makeItem(1, 2));
    frames.paint();
    expect(calls, 'the list of quoted ones stays empty').to.equal(1);
  });

  it('are told when the list is complete, even when nothing is in it', () => {
    const store = openStore();
    const seen: boolean[] = [];
    store.subscribe(() => seen.push(store.complete));
    store.setView(person('alice'), null);
    const merge = store.beginSnapshot('log');
    merge([]);
    frames.paint();
    expect(seen).to.deep.equal([true]);
    store.setView(person('alice'), { status: ['quoted'] });
    frames.paint();
    expect(seen, 'another filter').to.deep.equal([true, false]);
  });

  it('are called though others throw, and not after they have left', () => {
    const thrown: unknown[] = [];
    const store = createWorkItems((what) => thrown.push(what));
    let calls = 0;
    store.subscribe(() => {
      throw new Error('of a listener');
    });
    const stopOther = store.subscribe(() => stopThird());
    const stopThird = store.subscribe(() => calls++);
    store.subscribe(() => calls++);
    const broken = store.list({
      order: () => {
        throw new Error('of an order');
      },
    });
    broken.subscribe(() => {});
    store.apply(makeItem(1));
    store.apply(makeItem(2));
    frames.paint();
    expect(calls).to.equal(1);
    expect(thrown.map(String)).to.have.members(['Error: of a listener', 'Error: of an order']);
    stopOther();
  });

  it('are called in a tab that was hidden before its frame', async () => {
    let done = 0;
    const schedule = createSchedule(() => done++);
    schedule();
    schedule();
    // No frame comes.
    await until(() => done > 0);
    expect(frames.waiting).to.equal(0);
    schedule();
    frames.paint();
    expect(done).to.equal(2);
  });

  it('are called where there are no frames', async () => {
    frames.restore();
    let done = 0;
    createSchedule(() => done++)();
    await until(() => done > 0);
  });
});
