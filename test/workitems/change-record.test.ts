// What one change leaves behind: a version, a history entry and an event that agree with each other.
import { expect } from 'chai';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person } from './desk.js';

const alice = person('alice', ['underwriter'], ['property']);
const bob = person('bob');
const chief = person('chief', ['supervisor']);

describe('the record of a change', () => {
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

  it('of a claim goes to those who lose the item, too', async () => {
    const first = await desk.receive({ team: 'property' });
    const item = await desk.commands.claim(alice, first.id);
    const [, event] = await desk.events(first.id);
    expect(event).to.deep.include({
      type: 'workitem_assigned',
      item: item.id,
      version: 2,
      rooms: ['team:property', 'supervisors', 'underwriter:alice'],
      before: { status: 'pending', assigned_to: null, version: 1, updated_at: first.updated_at },
    });
    expect(event?.data).to.deep.equal({
      id: item.id,
      submission_ref: item.submission_ref,
      assigned_to: 'alice',
      team: 'property',
      previous_assigned_to: null,
      previous_status: 'pending',
      by: 'alice',
      version: 2,
      item,
    });
    expect(event?.at.toISOString()).to.equal(item.updated_at);
  });

  it('of a status names the reason and who gave it', async () => {
    const { id } = await desk.receive({ assigned_to: 'alice' });
    const before = await desk.commands.claim(alice, id);
    const body = { status: 'declined', reason: ' Flood zone ', version: 2 } as const;
    const item = await desk.commands.setStatus(alice, id, body);
    const event = (await desk.events(id)).at(-1);
    expect(event).to.deep.include({ type: 'status_update', rooms: ['underwriter:alice', 'supervisors'] });
    expect(event?.before).to.deep.include({ status: 'in_progress', version: 2 });
    expect({ ...item, ...event?.before }).to.deep.equal(before);
    expect(Object.entries(event?.data ?? {})).to.deep.equal(
      Object.entries({
        submission_ref: item.submission_ref,
        status: 'declined',
        updated_at: item.updated_at,
        id,
        version: 3,
        previous_status: 'in_progress',
        by: 'alice',
        reason: 'Flood zone',
        item,
      }),
    );
  });

  it('stands in the history, which those who see the item can read', async () => {
    const { id } = await desk.receive({ team: 'property' });
    await desk.commands.claim(alice, id);
    await desk.commands.assign(chief, id, { assigned_to: null, version: 2 });
    const history = await desk.snapshot.history(alice, id);
    expect(history.map(({ version, action, by, by_name }) => ({ version, action, by, by_name }))).to.deep.equal([
      { version: 1, action: 'created', by: null, by_name: null },
      { version: 2, action: 'claimed', by: 'alice', by_name: 'Name of alice' },
      { version: 3, action: 'released', by: 'chief', by_name: 'Name of chief' },
    ]);
    expect(history[2]).to.deep.include({
      before: { status: 'in_progress', assigned_to: 'alice', team: 'property' },
      after: { status: 'pending', assigned_to: null, team: 'property' },
    });
    expect(history[2]).to.not.have.any.keys('command_id', 'change_id');
  });

  it('never goes back in time, whatever the clock of the process says', async () => {
    const ahead = new Date(Date.now() + 3_600_000);
    const { id } = await desk.receive({ created_at: ahead });
    const item = await desk.commands.claim(bob, id);
    expect(item.updated_at).to.equal(ahead.toISOString());
  });

  it('remembers every room in which the item ever was', async () => {
    const { id } = await desk.receive({ team: 'property' });
    await desk.commands.assign(chief, id, { assigned_to: 'bob', version: 1 });
    await desk.commands.assign(chief, id, { assigned_to: null, team: null, version: 2 });
    const { rooms, past_rooms } = await desk.stored(id);
    expect(rooms).to.deep.equal(['pool', 'supervisors']);
    expect(past_rooms).to.have.members(['team:property', 'supervisors', 'underwriter:bob', 'pool']);
  });
});
