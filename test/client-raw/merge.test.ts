// A list that is fetched while events go on coming: the newer version wins, and what left meanwhile stays away.
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { makeItem } from '../sockets/events.js';
import { until } from '../support/until.js';
import { openDesk } from './desk.js';
import { type FakeHub, page, startFakeHub, type Visit } from './fake-hub.js';

const getToken = (): string => 'a.token';

describe('raw client: a list under live events', () => {
  let hub: FakeHub;
  let held: ServerResponse[];
  beforeEach(async () => {
    hub = await startFakeHub();
    held = [];
    hub.onList = (_query, res) => void held.push(res);
  });
  afterEach(() => hub.close());

  const assigned = (visit: Visit, seq: number, item: ReturnType<typeof makeItem>): void =>
    visit.say('workitem_assigned', { id: item.id, version: item.version, item }, seq);

  async function answer(body: string): Promise<void> {
    await until(() => held.length > 0);
    held.shift()?.end(body);
  }

  it('keeps away an item that left for somebody else', async () => {
    const desk = openDesk({ url: hub.url, getToken });
    const visit = await hub.visit(1);
    await until(() => held.length > 0);
    assigned(visit, 1, makeItem({ id: 5, version: 2, assigned_to: 'bob' }));
    await until(() => desk.events.length === 1);
    await answer(page([makeItem({ id: 6 }), makeItem({ id: 5, version: 1 })]));
    await desk.is('connected');
    expect(desk.snapshots).to.deep.equal([{ ids: [6], missed: false, reason: undefined }]);
    expect(desk.events[0]).to.include({ visible: false });
    desk.client.close();
  });

  it('keeps away an item that its filter does not pass any more', async () => {
    const desk = openDesk({ url: hub.url, getToken, filter: { status: ['pending'] } });
    const visit = await hub.visit(1);
    await until(() => held.length > 0);
    const item = makeItem({ id: 5, version: 2, status: 'in_progress', assigned_to: 'alice' });
    visit.say('status_update', { id: 5, version: 2, item }, 1);
    await until(() => desk.events.length === 1);
    await answer(page([makeItem({ id: 5, version: 1 })]));
    await desk.is('connected');
    expect(desk.snapshots[0]?.ids).to.deep.equal([]);
    desk.client.close();
  });

  it('adds what came, prefers what is newer, on either side', async () => {
    const desk = openDesk({ url: hub.url, getToken });
    const visit = await hub.visit(1);
    await until(() => held.length > 0);
    visit.say('new_workitem', makeItem({ id: 9 }), 1);
    assigned(visit, 2, makeItem({ id: 7, version: 3, assigned_to: 'alice' }));
    assigned(visit, 3, makeItem({ id: 6, version: 2, assigned_to: 'bob' }));
    await until(() => desk.events.length === 3);
    await answer(page([makeItem({ id: 7, version: 2 }), makeItem({ id: 6, version: 3 })]));
    await desk.is('connected');
    expect(desk.snapshots[0]?.ids).to.deep.equal([9, 7, 6]);
    expect(desk.items.get(7)?.version).to.equal(3);
    expect(desk.items.get(6)?.version).to.equal(3);
    desk.client.close();
  });

  it('keeps what it is fetching when the connection is lost and the stream resumes', async () => {
    hub.onVisit = (visit) => {
      if (hub.visits.length === 1) visit.ready();
      else visit.ready(1, { verdict: 'resumed' });
    };
    const desk = openDesk({ url: hub.url, getToken });
    const visit = await hub.visit(1);
    await until(() => held.length > 0);
    assigned(visit, 1, makeItem({ id: 5, version: 2, assigned_to: 'bob' }));
    await until(() => desk.events.length === 1);
    visit.socket.terminate();
    const again = await hub.visit(2);
    expect(again.query.get('since')).to.equal('e1:1:s');
    await answer(page([makeItem({ id: 5, version: 1 })]));
    await desk.is('connected');
    expect(hub.lists).to.have.lengthOf(1);
    expect(desk.snapshots).to.deep.equal([{ ids: [], missed: false, reason: undefined }]);
    desk.client.close();
  });

  it('begins anew when the stream does, and does not forget that events were missed', async () => {
    const desk = openDesk({ url: hub.url, getToken, position: { epoch: 'old', seq: 4 } });
    const visit = await hub.visit(1);
    await until(() => held.length > 0);
    visit.say('resync_required', { reason: 'rights_changed', lowest_seq: 0, scope: 't' }, 3);
    await until(() => held.length > 1);
    await answer(page([makeItem({ id: 1 })]));
    await answer(page([makeItem({ id: 2 })]));
    await desk.is('connected');
    expect(desk.snapshots).to.deep.equal([{ ids: [2], missed: true, reason: 'rights_changed' }]);
    expect(desk.client.position).to.deep.equal({ epoch: 'e1', seq: 3, scope: 't' });
    desk.client.close();
  });

  it('does not take the list of another log', async () => {
    const desk = openDesk({ url: hub.url, getToken });
    await answer(page([makeItem({ id: 1 })], null, 'e0'));
    await answer(page([makeItem({ id: 2 })]));
    await desk.is('connected');
    expect(desk.snapshots.map(({ ids }) => ids)).to.deep.equal([[2]]);
    desk.client.close();
  });
});
