// MongoDB is away in the middle: callers are told to come back, and what they repeat is done once.
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { failCommand, type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person, refusal } from './desk.js';

const alice = person('alice');
const bob = person('bob');
const INTERRUPTED = 11600;

describe('with MongoDB away', () => {
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

  it('reads and commands are unavailable for the moment', async () => {
    const { id } = await desk.receive();
    await failCommand(database.mongo, { commands: ['find'], collection: 'workitems', errorCode: INTERRUPTED });
    for (const work of [
      () => desk.snapshot.list(alice),
      () => desk.snapshot.get(alice, id),
      () => desk.commands.claim(alice, id),
    ]) {
      expect((await refusal(work(), 'unavailable')).retryAfterMs).to.equal(2_000);
    }
  });

  it('a refusal that could not be kept is not given', async () => {
    const { id } = await desk.receive();
    await desk.commands.claim(bob, id);
    const body = { command_id: randomUUID() };
    const fault = await failCommand(database.mongo, {
      commands: ['findAndModify'],
      collection: 'command_answers',
      errorCode: INTERRUPTED,
    });
    await refusal(desk.commands.claim(alice, id, body), 'unavailable');
    await fault.off();
    await refusal(desk.commands.claim(alice, id, body), 'conflict');
  });

  it('a command that is repeated until it is answered is done once', async () => {
    const { id } = await desk.receive();
    const body = { version: 1, command_id: randomUUID() };
    const fault = await failCommand(database.mongo, {
      commands: ['find'],
      collection: 'workitems',
      errorCode: INTERRUPTED,
    });
    await refusal(desk.commands.claim(alice, id, body), 'unavailable');
    await fault.off();
    const item = await desk.commands.claim(alice, id, body);
    expect(item.version).to.equal(2);
    expect(await desk.commands.claim(alice, id, body)).to.deep.equal(item);
    expect(await desk.events(id)).to.have.length(2);
  });
});
