// In which order a command is checked: form, sight, role, people, version and step. Each case breaks one rule and all
// the later ones, so the answer tells which came first.
import { expect } from 'chai';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person, refusal } from './desk.js';

const alice = person('alice', ['underwriter'], ['property']);
const bob = person('bob', ['underwriter'], ['marine']);
const chief = person('chief', ['supervisor']);

describe('the order of checks', () => {
  let database: TestDatabase;
  let desk: Desk;
  /** Never in a room of bob's. */
  let hidden: number;
  /** Seen by bob before alice took it; in progress, version 2. */
  let gone: number;
  before(async () => {
    database = await testDatabase();
    desk = await openDesk(database.mongo);
    for (const one of [alice, bob, chief]) desk.people.seen(one);
    hidden = (await desk.receive({ team: 'property' })).id;
    gone = (await desk.receive()).id;
    await desk.commands.claim(alice, gone);
  });
  after(async () => {
    await desk.close();
    await database.drop();
  });
  const declined = (reason?: string) => ({ status: 'declined' as const, version: 99, ...(reason ? { reason } : {}) });

  it('puts form before sight', async () => {
    await refusal(desk.commands.setStatus(bob, hidden, declined()), 'invalid');
    await refusal(desk.commands.setStatus(bob, 4_000_000, declined()), 'invalid');
  });

  it('puts sight before role, people and version', async () => {
    const errors = [
      await refusal(desk.commands.setStatus(bob, hidden, declined('no')), 'not_found'),
      await refusal(desk.commands.assign(bob, hidden, { assigned_to: 'nobody', version: 99 }), 'not_found'),
      await refusal(desk.commands.claim(bob, hidden, { version: 99 }), 'not_found'),
      // What never was must look the same.
      await refusal(desk.commands.claim(bob, 4_000_000), 'not_found'),
    ];
    expect(new Set(errors.map((error) => JSON.stringify(error.toWire()))).size).to.equal(1);
  });

  it('tells somebody who could see the item where it is', async () => {
    const details = { id: gone, version: 2, status: 'in_progress', assigned_to: 'alice' };
    for (const work of [
      () => desk.commands.setStatus(bob, gone, declined('no')),
      () => desk.commands.assign(bob, gone, { assigned_to: 'nobody', version: 99 }),
      () => desk.commands.claim(bob, gone),
    ]) {
      expect((await refusal(work(), 'conflict')).details).to.deep.equal(details);
    }
  });

  it('puts role before people and version', async () => {
    await refusal(desk.commands.assign(alice, hidden, { assigned_to: 'nobody', version: 99 }), 'forbidden');
    await refusal(desk.commands.setStatus(alice, hidden, declined('no')), 'forbidden');
    await refusal(desk.commands.claim(chief, hidden, { version: 99 }), 'forbidden');
  });

  it('puts people before version', async () => {
    await refusal(desk.commands.assign(chief, gone, { assigned_to: 'nobody', version: 99 }), 'invalid');
  });

  it('puts the version before the step', async () => {
    const error = await refusal(desk.commands.setStatus(alice, gone, { status: 'bound', version: 99 }), 'conflict');
    expect(error.message).to.contain('version 2');
    await refusal(desk.commands.setStatus(alice, gone, { status: 'bound', version: 2 }), 'conflict');
  });

  it('refuses whoever has no role that sees items, whatever the item', async () => {
    for (const id of [hidden, gone, 4_000_000])
      await refusal(desk.commands.claim(person('robot', ['intake']), id), 'forbidden');
  });
});
