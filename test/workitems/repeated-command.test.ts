// A command with a `command_id`, sent again: it gets its first answer, whatever has happened in between.
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { failCommand, type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person, refusal } from './desk.js';

const alice = person('alice');
const bob = person('bob');
const chief = person('chief', ['supervisor']);

describe('a repeated command', () => {
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

  it('gets the item of its own version after the item moved on and out of sight', async () => {
    const { id } = await desk.receive();
    const body = { version: 1, command_id: randomUUID() };
    const first = await desk.commands.claim(alice, id, body);
    await desk.commands.assign(chief, id, { assigned_to: 'bob', version: 2 });
    await desk.commands.setStatus(bob, id, { status: 'quoted', version: 3 });
    await refusal(desk.snapshot.get(alice, id), 'not_found');
    expect(await desk.commands.claim(alice, id, body)).to.deep.equal(first);
    expect(await desk.history(id)).to.have.length(4);
  });

  it('works for every kind of command', async () => {
    const { id, submission_ref: ref } = await desk.receive();
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const start = () => desk.commands.confirm(chief, ref, { underwriter_email: 'bob@hub.example', command_id: ids[0] });
    const refer = () =>
      desk.commands.setStatus(bob, id, { status: 'referred', reason: 'size', version: 2, command_id: ids[1] });
    const release = () => desk.commands.assign(bob, id, { assigned_to: null, version: 3, command_id: ids[2] });
    const first = [await start(), await refer(), await release()];
    await desk.commands.claim(alice, id);
    expect([await start(), await refer(), await release()]).to.deep.equal(first);
  });

  it('gets its refusal again when it would succeed by now', async () => {
    const { id } = await desk.receive({ assigned_to: 'bob', team: 'marine' });
    const hidden = { command_id: randomUUID() };
    await refusal(desk.commands.claim(alice, id, hidden), 'not_found');
    const unknown = { assigned_to: 'carol', version: 1, command_id: randomUUID() };
    await refusal(desk.commands.assign(chief, id, unknown), 'invalid');
    const forbidden = { assigned_to: 'alice', version: 1, command_id: randomUUID() };
    await refusal(desk.commands.assign(bob, id, forbidden), 'forbidden');
    desk.people.seen(person('carol'));
    await desk.commands.assign(chief, id, { assigned_to: null, team: null, version: 1 });
    // Alice sees it now, and nobody has it.
    await refusal(desk.commands.claim(alice, id, hidden), 'not_found');
    const stale = { version: 1, command_id: randomUUID() };
    const conflict = await refusal(desk.commands.claim(alice, id, stale), 'conflict');
    expect(conflict.details).to.deep.include({ version: 2, assigned_to: null });
    await desk.commands.claim(alice, id);

    await refusal(desk.commands.assign(chief, id, unknown), 'invalid');
    await refusal(desk.commands.assign(bob, id, forbidden), 'forbidden');
    const again = await refusal(desk.commands.claim(alice, id, stale), 'conflict');
    expect(again.toWire()).to.deep.equal(conflict.toWire());
  });

  it('that had nothing to change still has nothing to change', async () => {
    const { id } = await desk.receive();
    const mine = await desk.commands.claim(alice, id);
    const body = { command_id: randomUUID() };
    expect(await desk.commands.claim(alice, id, body)).to.deep.equal(mine);
    // Carried out anew, it would take the item again.
    await desk.commands.assign(chief, id, { assigned_to: null, version: 2 });
    expect(await desk.commands.claim(alice, id, body)).to.deep.equal(mine);
    expect(await desk.history(id)).to.have.length(3);
  });

  it('is another command when somebody else sends it, or for another item, or of another kind', async () => {
    const command_id = randomUUID();
    const one = await desk.receive();
    const two = await desk.receive();
    await desk.commands.claim(alice, one.id, { command_id });
    await refusal(desk.commands.claim(bob, one.id, { command_id }), 'conflict');
    expect((await desk.commands.claim(alice, two.id, { command_id })).id).to.equal(two.id);
    const quoted = await desk.commands.setStatus(alice, one.id, { status: 'quoted', version: 2, command_id });
    expect(quoted.status).to.equal('quoted');
  });

  it('is carried out once when it is sent twenty times at once', async () => {
    const { id } = await desk.receive();
    const body = { version: 1, command_id: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.commands.claim(alice, id, body)));
    expect(new Set(answers.map((item) => JSON.stringify(item))).size).to.equal(1);
    expect(await desk.history(id)).to.have.length(2);
  });

  it('is carried out once when the answer to its write was lost', async () => {
    const { id } = await desk.receive();
    await desk.appender.help(id);
    const fault = await failCommand(database.mongo, {
      commands: ['findAndModify'],
      collection: 'workitems',
      times: 1,
      writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' },
    });
    const body = { version: 1, command_id: randomUUID() };
    const first = await desk.commands.claim(alice, id, body);
    await fault.struck();
    expect(await desk.commands.claim(alice, id, body)).to.deep.equal(first);
    expect((await desk.events(id)).map(({ version }) => version)).to.deep.equal([1, 2]);
  });

  it('without an id is a command of its own', async () => {
    const { id } = await desk.receive();
    await desk.commands.claim(alice, id, { version: 1 });
    await refusal(desk.commands.claim(alice, id, { version: 1 }), 'conflict');
  });
});
