// Claiming: whose, from which status, and what it answers when there is nothing to do.
import { STATUSES } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person, refusal } from './desk.js';

const alice = person('alice');
const bob = person('bob');

describe('claim', () => {
  let database: TestDatabase;
  let desk: Desk;
  before(async () => {
    database = await testDatabase();
    desk = await openDesk(database.mongo);
  });
  after(async () => {
    await desk.close();
    await database.drop();
  });

  it('makes a new item the caller’s, in progress', async () => {
    const item = await desk.receive();
    const mine = await desk.commands.claim(alice, item.id, { version: 1 });
    expect(mine).to.deep.include({ id: item.id, assigned_to: 'alice', status: 'in_progress', version: 2 });
    expect(await desk.snapshot.get(alice, item.id)).to.deep.equal(mine);
  });

  it('starts an item that was assigned to the caller', async () => {
    const item = await desk.receive({ assigned_to: 'alice' });
    expect(await desk.commands.claim(alice, item.id)).to.deep.include({ status: 'in_progress', version: 2 });
  });

  it('of one’s own item in progress is no change', async () => {
    const { id } = await desk.receive();
    const mine = await desk.commands.claim(alice, id);
    expect(await desk.commands.claim(alice, id)).to.deep.equal(mine);
    expect(await desk.history(id)).to.have.length(2);
  });

  it('is refused with who has the item', async () => {
    const { id } = await desk.receive();
    await desk.commands.claim(bob, id);
    const { details } = await refusal(desk.commands.claim(alice, id), 'conflict');
    expect(details).to.deep.equal({ id, version: 2, status: 'in_progress', assigned_to: 'bob' });
    const both = person('chief', ['underwriter', 'supervisor']);
    await refusal(desk.commands.claim(both, id), 'conflict');
  });

  it('is refused on a stale version', async () => {
    const { id } = await desk.receive();
    const { details } = await refusal(desk.commands.claim(alice, id, { version: 7 }), 'conflict');
    expect(details).to.deep.equal({ id, version: 1, status: 'pending', assigned_to: null });
  });

  it('takes what nobody has while it is open, and starts one’s own only from pending', async () => {
    const open = ['pending', 'in_progress', 'needs_info', 'referred', 'quoted'];
    for (const status of STATUSES) {
      const free = await desk.receive();
      await desk.force(free.id, { status });
      const own = await desk.receive({ assigned_to: 'alice' });
      await desk.force(own.id, { status });
      const takesFree = desk.commands.claim(alice, free.id);
      if (open.includes(status)) expect((await takesFree).status, status).to.equal('in_progress');
      else await refusal(takesFree, 'conflict');
      const startsOwn = desk.commands.claim(alice, own.id);
      if (['pending', 'in_progress'].includes(status)) expect((await startsOwn).status, status).to.equal('in_progress');
      else await refusal(startsOwn, 'conflict');
    }
  });
});
