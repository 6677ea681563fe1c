// A snapshot is older than what came while it was under way: neither may undo the other.
import type { Item } from '@workitem-hub/client';
import { expect } from 'chai';
import { until } from '../support/until.js';
import { type Desk, holdLists, openDesk } from './desk.js';

describe('a snapshot that is under way', () => {
  let desk: Desk;
  let lists: ReturnType<typeof holdLists> | undefined;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(async () => {
    lists?.end();
    await desk.close();
  });

  it('keeps what events tell meanwhile, and brings back nothing that has left', async () => {
    const { client, network, leave, connected, heard, ids, reports } = await desk.seated('alice');
    const [left, changed] = [(await desk.hub.item()).submission_id, (await desk.hub.item()).submission_id];
    await until(() => client.workItems.size === 2);
    await leave();
    const { submission_id: missed } = await desk.hub.item();
    await desk.forget();
    lists = holdLists();
    const seen: number[][] = [];
    client.workItems.subscribe(() => seen.push(ids()));
    network.allow();
    // The list is on its way, and says that both are as they were.
    await until(() => lists?.held === 1);
    const bob = await desk.hub.token('bob');
    await desk.hub.call('POST', `/api/workitems/${left}/claim`, bob, {});
    await client.claim(changed);
    const { submission_id: fresh } = await desk.hub.item();
    await until(() => heard.at(-1)?.data.id === fresh);
    expect(client.state.name).to.equal('catching_up');
    expect(ids()).to.deep.equal([changed, fresh]);
    lists.release();
    await connected();
    expect(ids()).to.deep.equal([changed, missed, fresh]);
    expect((client.workItems.get(changed) as Item).version).to.equal(2);
    expect(reports.at(-1)).to.include({ missed: true });
    // Once it had left it stayed away, whoever looked.
    const gone = seen.findIndex((list) => !list.includes(left));
    expect(seen.slice(gone).some((list) => list.includes(left))).to.equal(false);
  });

  it('that was given up by `close` is taken again by `connect`', async () => {
    const { client, connected, ids } = await desk.seated('alice', {}, { filter: { assigned: 'me' } });
    const { submission_id } = await desk.hub.item();
    lists = holdLists();
    await client.setFilter(null);
    await until(() => lists?.held === 1);
    client.close();
    lists.end();
    // The stream goes on where it was; the list was never whole.
    client.connect();
    await connected();
    expect(ids()).to.deep.equal([submission_id]);
  });
});
