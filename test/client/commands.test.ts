// Commands on a network that loses answers: applied once, or reported.
import { WorkItemError } from '@workitem-hub/client';
import { expect } from 'chai';
import { readLogFacts } from '../support/log-process.js';
import { until } from '../support/until.js';
import { type Desk, eventually, openDesk } from './desk.js';

describe('a command of a client', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  const histories = async () => (await readLogFacts(desk.hub.database)).items.map(({ history }) => history);
  const codeOf = (sent: Promise<unknown>): Promise<string> =>
    sent.then(
      () => 'done',
      (error: unknown) => (error instanceof WorkItemError ? error.code : String(error)),
    );

  it('whose answer was lost is asked again, and is applied once', async () => {
    const { client, network, ids } = await desk.seated('alice');
    const { submission_id: id } = await desk.hub.item();
    await until(() => ids().length === 1);
    network.muffle();
    const sent = client.claim(id);
    await eventually(async () => (await histories())[0]?.length === 2);
    network.cut();
    expect(await sent).to.include({ version: 2, assigned_to: 'alice' });
    expect(await histories()).to.have.nested.property('[0].length', 2);
  });

  it('whose first answer comes after the item has left does not bring it back', async () => {
    const { client, network, ids, keys } = await desk.seated('alice');
    const { submission_id: id } = await desk.hub.item();
    await until(() => ids().length === 1);
    network.muffle();
    const sent = client.claim(id);
    await eventually(async () => (await histories())[0]?.length === 2);
    const carol = await desk.hub.token('carol', { roles: ['supervisor'] });
    await desk.hub.token('bob');
    const bob = await desk.seated('bob');
    const { status } = await desk.hub.call('POST', `/api/workitems/${id}/assign`, carol, {
      assigned_to: 'bob',
      version: 2,
    });
    expect(status).to.equal(200);
    await until(() => bob.ids().length === 1);
    network.cut();
    expect(await sent).to.include({ version: 2 });
    await until(() => keys().includes(`${id}:3`));
    const { submission_id: last } = await desk.hub.item();
    await until(() => ids().includes(last));
    expect(ids()).to.deep.equal([last]);
  });

  it('made without a connection is refused, or waits for one, as the caller likes', async () => {
    const { client, network, ids, leave } = await desk.seated('alice');
    const { submission_id: id } = await desk.hub.item();
    await until(() => ids().length === 1);
    await leave();
    expect(await codeOf(client.claim(id))).to.equal('offline');
    const queued = client.claim(id, { whenOffline: 'queue' });
    // Shown before it is sent.
    expect(client.workItems.get(id)).to.include({ assigned_to: 'alice', version: 1 });
    network.allow();
    expect(await queued).to.include({ version: 2, assigned_to: 'alice' });
    expect((await histories())[0]).to.have.length(2);
  });

  it('that waited in vain says so, and is not sent later', async () => {
    const { client, network, ids, leave, connected } = await desk.seated('alice');
    const { submission_id: id } = await desk.hub.item();
    await until(() => ids().length === 1);
    await leave();
    const sent = client.claim(id, { whenOffline: 'queue', timeoutMs: 50 });
    const error = await sent.catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'timeout' });
    expect((error as WorkItemError).details).to.include({ sent: false });
    expect(client.workItems.get(id)).to.include({ assigned_to: null });
    network.allow();
    await connected();
    await client.claim((await desk.hub.item()).submission_id);
    expect((await histories()).map(({ length }) => length)).to.deep.equal([1, 2]);
  });

  it('that somebody else was faster with is a conflict, and the list shows what is', async () => {
    const { client, network, ids } = await desk.seated('alice');
    const { submission_id: id } = await desk.hub.item();
    await until(() => ids().length === 1);
    // Alice's screen is behind.
    network.freeze();
    const sent = codeOf(client.claim(id));
    expect(client.workItems.get(id)).to.include({ assigned_to: 'alice' });
    await desk.hub.call('POST', `/api/workitems/${id}/claim`, await desk.hub.token('bob'), {});
    network.thaw();
    expect(await sent).to.equal('conflict');
    await until(() => client.workItems.size === 0);
  });
});
