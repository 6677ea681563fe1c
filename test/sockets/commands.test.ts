// Commands over a socket change the real item, and everybody concerned hears of it, each in the form of their socket.
import type { Ack, Item } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import type { Socket } from 'socket.io-client';
import { startHub, type TestHub } from '../support/hub.js';
import { DEADLINE_MS } from './wait.js';

describe('commands over Socket.IO', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub();
  });
  after(() => hub.close());

  const ask = (client: Socket, event: string, body: object): Promise<Ack<{ item: Item }>> =>
    client.timeout(DEADLINE_MS).emitWithAck(event, body);

  it('are seen by whom they concern', async () => {
    const alice = await hub.socket('alice');
    const bob = await hub.socket('bob');
    const page = hub.raw(`?token=${await hub.token('carol')}`);
    await Promise.all([alice, bob].map((ear) => ear.named('caught_up')));
    const { submission_id: id } = await hub.item();
    await Promise.all([alice, bob, page].map((ear) => ear.until(({ data }) => data.id === id)));

    const claimed = await ask(alice.client, 'claim', { id });
    if (!claimed.ok) throw new Error(claimed.error.message);
    expect(claimed.item).to.include({ id, assigned_to: 'alice', status: 'in_progress', version: 2 });
    expect((await bob.named('workitem_assigned')).data).to.include({ id, assigned_to: 'alice', by: 'alice' });
    expect((await page.named('status_update')).data).to.include({ status: 'in_progress' });

    const lost = await ask(bob.client, 'claim', { id });
    if (lost.ok) throw new Error('was not refused');
    expect(lost.error).to.include({ code: 'conflict' });
    expect(lost.error.details).to.include({ id, assigned_to: 'alice' });

    const quoted = await ask(alice.client, 'set_status', { id, status: 'quoted', version: 2 });
    expect(quoted.ok).to.be.true;
    expect((await alice.named('status_update')).data).to.include({
      id,
      status: 'quoted',
      previous_status: 'in_progress',
    });

    // Released, it is new to everybody who could not see it any more.
    const released = await ask(alice.client, 'assign', { id, assigned_to: null, version: 3 });
    expect(released.ok).to.be.true;
    await page.until(() => page.heard.filter(({ event }) => event === 'new_workitem').length === 2);
    expect(page.heard.map(({ event }) => event)).to.deep.equal(['new_workitem', 'status_update', 'new_workitem']);
  });

  it('do not reach items that one cannot see', async () => {
    const alice = await hub.socket('alice');
    await alice.named('caught_up');
    const { submission_id: id } = await hub.item({ team: 'marine' });
    const answer = await ask(alice.client, 'claim', { id });
    if (answer.ok) throw new Error('was not refused');
    expect(answer.error.code).to.equal('not_found');
  });
});
