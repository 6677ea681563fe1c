// What a page gets that stays: the list first, then each event once and in order.
import { expect } from 'chai';
import type { Item } from '@workitem-hub/client';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';
import { type Desk, openDesk } from './desk.js';

describe('raw client: the stream', () => {
  let hub: TestHub;
  const desks: Desk[] = [];
  const desk: typeof openDesk = (options) => {
    const opened = openDesk(options);
    desks.push(opened);
    return opened;
  };
  before(async () => {
    hub = await startHub({ LIMIT_TEST_PER_MINUTE: '0' });
  });
  after(async () => {
    for (const { client } of desks) client.close();
    await hub.close();
  });

  it('begins with the list, and goes on with each event once and in order', async () => {
    const { submission_id: old } = await hub.item();
    const { client, is, events, snapshots, items, states } = desk({
      url: hub.url,
      getToken: () => hub.token('alice'),
    });
    expect(client.state).to.equal('idle');
    await is('connected');
    expect(states).to.deep.equal(['connecting', 'catching_up', 'connected']);
    expect(snapshots).to.deep.equal([{ ids: [old], missed: false, reason: undefined }]);
    expect(client.principal).to.include({ sub: 'alice' });

    const made = [];
    for (let i = 0; i < 20; i++) made.push((await hub.item()).submission_id);
    await until(() => events.length >= made.length);
    expect(events.map(({ item }) => item.id)).to.deep.equal(made);
    expect(events.every(({ event, visible }) => event === 'new_workitem' && visible)).to.equal(true);
    expect(client.position).to.include({ seq: events.at(-1)?.seq });
    expect([...items.keys()].sort((a, b) => a - b)).to.deep.equal([old, ...made]);
  });

  it('says when an item leaves the list', async () => {
    const { submission_id: id } = await hub.item();
    const { is, events, items } = desk({ url: hub.url, getToken: () => hub.token('bob') });
    await is('connected');
    expect(items.has(id)).to.equal(true);
    await hub.call('POST', `/api/workitems/${id}/claim`, await hub.token('alice'), {});
    await until(() => events.some(({ item }) => item.id === id));
    expect(events.at(-1)).to.include({ event: 'workitem_assigned', visible: false });
    expect(items.has(id)).to.equal(false);
  });

  it('shows what passes its filter, and says what stops passing', async () => {
    const { submission_id: id } = await hub.item({ assigned_to: 'carol' });
    const { is, events, items, snapshots } = desk({
      url: hub.url,
      getToken: () => hub.token('carol'),
      filter: { assigned: 'me', status: ['pending'] },
    });
    await is('connected');
    expect(snapshots[0]?.ids).to.deep.equal([id]);
    await hub.item();
    await hub.call('POST', `/api/workitems/${id}/claim`, await hub.token('carol'), {});
    await until(() => events.length > 0);
    expect(events.map(({ item, visible }) => [item.id, visible])).to.deep.equal([[id, false]]);
    expect(items.size).to.equal(0);
  });

  it('reads long lists page by page', async () => {
    await Promise.all(
      Array.from({ length: 11 }, () => hub.call('POST', '/api/test/workitem', undefined, { count: 50 })),
    );
    const { is, items, snapshots } = desk({ url: hub.url, getToken: () => hub.token('dora') });
    await is('connected');
    expect(items.size).to.be.greaterThan(550);
    const ids = snapshots[0]?.ids ?? [];
    expect(ids).to.deep.equal([...ids].sort((a, b) => b - a));
    const { body } = await hub.call<{ items: Item[] }>('GET', '/api/workitems?limit=500', await hub.token('dora'));
    expect(body.items.map((item) => items.get(item.id))).to.deep.equal(body.items);
  });

  it('ends with close, and says nothing after it', async () => {
    const { client, is, events, states } = desk({ url: hub.url, getToken: () => hub.token('alice') });
    await is('connected');
    client.close();
    client.close();
    expect(states.at(-1)).to.equal('closed:closed');
    expect(states.filter((state) => state.startsWith('closed'))).to.have.lengthOf(1);
    const other = desk({ url: hub.url, getToken: () => hub.token('alice') });
    await other.is('connected');
    await hub.item();
    await until(() => other.events.length > 0);
    expect(events).to.have.lengthOf(0);
  });
});
