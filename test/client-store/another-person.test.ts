// Who signs in after somebody else sees nothing of theirs, and all of their own, also where both may see the same.
import { CONTRACT, type Item, type Ready } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { createStream } from '../../client-sdk/src/stream.js';
import { until } from '../support/until.js';
import { makeItem, openStore, person } from './items.js';

describe('another person at the same client', () => {
  it('gets a list of their own, even when the hub resumes the stream', async () => {
    const store = openStore();
    const reports: boolean[] = [];
    let there: Item[] = [makeItem(1), makeItem(2)];
    const stream = createStream({
      store,
      fetchSnapshot: () => Promise.resolve(there),
      filter: () => null,
      onItemEvent() {},
      onControl() {},
      onMissed() {},
      onCaughtUp: () => reports.push(store.complete),
      onBehind() {},
      onError(error) {
        throw error;
      },
      onFatal(error) {
        throw error;
      },
    });
    const connect = (sub: string, verdict: Ready['verdict']): void => {
      const meta = { epoch: 'log', seq: 5, at: '2026-01-01T00:00:00.000Z' };
      stream.pause();
      const ready: Ready = {
        epoch: 'log',
        seq: 5,
        scope: 'rooms.all',
        verdict,
        principal: person(sub, [], ['supervisor']),
        expires_at: '2026-01-01T01:00:00.000Z',
        contract: CONTRACT,
      };
      stream.take('ready', ready, meta);
      stream.take('caught_up', { epoch: 'log', seq: 5, count: 0 }, meta);
    };

    connect('sam', 'fresh');
    await until(() => store.complete);
    expect(store.items.map(({ id }) => id)).to.deep.equal([2, 1]);
    const before = store.items;

    // The same person, after a cut: nothing is fetched, nothing changes.
    there = [];
    connect('sam', 'resumed');
    await until(() => reports.length === 2);
    expect(store.items).to.equal(before);

    // Both are supervisors: their streams show the same, and the position is good for either.
    there = [makeItem(1), makeItem(2), makeItem(3)];
    connect('sally', 'resumed');
    expect(store.items).to.deep.equal([]);
    expect(store.complete).to.equal(false);
    await until(() => reports.length === 3);
    expect(store.items.map(({ id }) => id)).to.deep.equal([3, 2, 1]);
    expect(reports).to.deep.equal([true, true, true]);
  });
});
