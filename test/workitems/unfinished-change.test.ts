// A process died after it committed a change and before the event was in the log: the next command finishes that first.
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { changeOf } from '../../src/workitems/change.js';
import { workItems } from '../../src/workitems/work-item.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person } from './desk.js';

const alice = person('alice');

describe('a change whose process died', () => {
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

  /** Commits a claim as the appender does, and nothing more. */
  async function dieAfterClaim(commandId: string | null): Promise<number> {
    const { id } = await desk.receive();
    await desk.appender.help(id);
    const next = { status: 'in_progress', assigned_to: 'alice', team: null } as const;
    const change = changeOf(await desk.stored(id), { action: 'claimed', next }, alice, commandId, Date.now());
    const { set, push, addToSet, outbox } = change;
    await workItems
      .of(database.mongo)
      .updateOne(
        { _id: id },
        { $set: { ...set, version: 2, outbox }, $push: push as object, $addToSet: addToSet as object },
      );
    return id;
  }

  it('is finished by the next command', async () => {
    const id = await dieAfterClaim(null);
    const item = await desk.commands.setStatus(alice, id, { status: 'quoted', version: 2 });
    expect(item.version).to.equal(3);
    expect((await desk.events(id)).map(({ version }) => version)).to.deep.equal([1, 2, 3]);
  });

  it('is the first answer of its repeated command', async () => {
    const commandId = randomUUID();
    const id = await dieAfterClaim(commandId);
    const item = await desk.commands.claim(alice, id, { version: 1, command_id: commandId });
    expect(item).to.deep.include({ version: 2, assigned_to: 'alice', status: 'in_progress' });
    expect(await desk.history(id)).to.have.length(2);
    expect((await desk.events(id)).map(({ version }) => version)).to.deep.equal([1, 2]);
  });

  it('is in the log before the same command without an id is answered', async () => {
    const id = await dieAfterClaim(null);
    expect((await desk.commands.claim(alice, id)).version).to.equal(2);
    expect((await desk.events(id)).map(({ version }) => version)).to.deep.equal([1, 2]);
  });
});
