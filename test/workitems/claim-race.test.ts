// Fifty underwriters reach for one item in two processes at once.
import { expect } from 'chai';
import type { HubError } from '../../src/errors.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person } from './desk.js';

describe('fifty simultaneous claims', () => {
  let database: TestDatabase;
  let desks: Desk[];
  before(async () => {
    database = await testDatabase();
    desks = [await openDesk(database.mongo), await openDesk(database.mongo)];
  });
  after(async () => {
    await Promise.all(desks.map((desk) => desk.close()));
    await database.drop();
  });

  for (const body of [{}, { version: 1 }]) {
    it(`have one winner, whom the others are told of (${JSON.stringify(body)})`, async () => {
      const [desk] = desks as [Desk, Desk];
      const { id } = await desk.receive();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, (_, i) => (desks[i % 2] as Desk).commands.claim(person(`u${i}`), id, body)),
      );
      const won = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const lost = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as HubError] : []));
      expect(won).to.have.length(1);
      expect(lost).to.have.length(49);
      const details = { id, version: 2, status: 'in_progress', assigned_to: won[0]?.assigned_to };
      for (const error of lost) expect(error).to.deep.include({ code: 'conflict', details });
      expect((await desk.events(id)).map(({ type }) => type)).to.deep.equal(['new_workitem', 'workitem_assigned']);
    });
  }
});
