// Assigning: who may give an item to whom, what a team means, and what a release does.
import { STATUSES } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person, refusal } from './desk.js';

const alice = person('alice', ['underwriter'], ['property']);
const bob = person('bob', ['underwriter'], ['marine']);
const chief = person('chief', ['supervisor']);

describe('assign', () => {
  let database: TestDatabase;
  let desk: Desk;
  before(async () => {
    database = await testDatabase();
    desk = await openDesk(database.mongo);
    for (const one of [alice, bob, chief]) desk.people.seen(one);
  });
  after(async () => {
    await desk.close();
    await database.drop();
  });

  it('gives an item to a known underwriter and keeps its status and team', async () => {
    const { id } = await desk.receive({ team: 'marine' });
    const item = await desk.commands.assign(chief, id, { assigned_to: 'alice', version: 1 });
    expect(item).to.deep.include({ assigned_to: 'alice', team: 'marine', status: 'pending', version: 2 });
  });

  it('moves an item to a team, and with null to none', async () => {
    const { id } = await desk.receive();
    const moved = await desk.commands.assign(chief, id, { assigned_to: null, team: 'marine', version: 1 });
    expect(moved).to.deep.include({ team: 'marine', version: 2 });
    await refusal(desk.snapshot.get(alice, id), 'not_found');
    const freed = await desk.commands.assign(chief, id, { assigned_to: null, team: null, version: 2 });
    expect(freed).to.deep.include({ team: null, version: 3 });
    await desk.snapshot.get(alice, id);
  });

  it('refuses people whom the hub has never seen, and those who are no underwriters', async () => {
    const { id } = await desk.receive();
    await refusal(desk.commands.assign(chief, id, { assigned_to: 'nobody', version: 1 }), 'invalid');
    await refusal(desk.commands.assign(chief, id, { assigned_to: 'chief', version: 1 }), 'invalid');
  });

  it('is for supervisors; an assignee may only release, within the team', async () => {
    const { id } = await desk.receive({ assigned_to: 'alice', team: 'property' });
    await refusal(desk.commands.assign(alice, id, { assigned_to: 'bob', version: 1 }), 'forbidden');
    await refusal(desk.commands.assign(alice, id, { assigned_to: null, team: 'marine', version: 1 }), 'forbidden');
    await refusal(desk.commands.assign(alice, id, { assigned_to: null, team: null, version: 1 }), 'forbidden');
    const free = await desk.receive();
    await refusal(desk.commands.assign(alice, free.id, { assigned_to: null, version: 1 }), 'forbidden');
    const released = await desk.commands.assign(alice, id, { assigned_to: null, team: 'property', version: 1 });
    expect(released).to.deep.include({ assigned_to: null, team: 'property', status: 'pending' });
  });

  it('keeps every status, and a release puts an open item back to pending', async () => {
    const open = ['pending', 'in_progress', 'needs_info', 'referred', 'quoted'];
    for (const status of STATUSES) {
      const { id } = await desk.receive({ assigned_to: 'alice' });
      await desk.force(id, { status });
      const given = await desk.commands.assign(chief, id, { assigned_to: 'bob', version: 1 });
      expect(given.status).to.equal(status);
      const released = await desk.commands.assign(chief, id, { assigned_to: null, version: 2 });
      expect(released.status, status).to.equal(open.includes(status) ? 'pending' : status);
    }
  });

  it('that changes nothing makes no version', async () => {
    const { id } = await desk.receive({ assigned_to: 'alice', team: 'property' });
    const same = await desk.commands.assign(chief, id, { assigned_to: 'alice', team: 'property', version: 1 });
    expect(same.version).to.equal(1);
    expect(await desk.events(id)).to.have.length(1);
  });

  it('is refused on a stale version', async () => {
    const { id } = await desk.receive();
    const { details } = await refusal(
      desk.commands.assign(chief, id, { assigned_to: 'alice', version: 2 }),
      'conflict',
    );
    expect(details).to.deep.equal({ id, version: 1, status: 'pending', assigned_to: null });
  });
});
