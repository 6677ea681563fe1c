import { expect } from 'chai';
import fc from 'fast-check';
import { changeOf, draftOf, faultsOf, prepareLog, readLogFacts, startLogProcess } from '../support/log-process.js';
import { createMortality } from '../support/mortal.js';
import { testDatabase } from '../support/mongo.js';

describe('a process that dies between any two steps', () => {
  it('leaves nothing that the next one does not finish, and loses nothing that it answered', async function () {
    this.timeout(120_000);
    const schedule = fc.record({
      diesAt: fc.integer({ min: 1, max: 14 }),
      applied: fc.boolean(),
      mails: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 6 }),
      repeats: fc.boolean(),
    });
    await fc.assert(fc.asyncProperty(schedule, check), { numRuns: 25 });

    async function check({
      diesAt,
      applied,
      mails,
      repeats,
    }: typeof schedule extends fc.Arbitrary<infer T> ? T : never) {
      const db = await testDatabase();
      try {
        await prepareLog(db);
        const mortality = createMortality(diesAt, applied);
        const first = await startLogProcess(db, { wrap: mortality.wrap, follow: false });
        const answered: string[] = [];
        const committed: { id: number; version: number }[] = [];
        const life = (async () => {
          await Promise.all(
            mails.map(async (n) => {
              const key = `mail-${n}`;
              const { submission } = await first.appender.create(key, draftOf(key));
              answered.push(key);
              const item = await first.appender.change(changeOf({ _id: submission._id, version: 1 }));
              if (item) committed.push({ id: item._id, version: item.version });
            }),
          );
        })();
        await Promise.race([life, mortality.died]);

        // The clock of the second process runs ahead of its holes, so that no test waits for patience.
        let clock = 0;
        const second = await startLogProcess(db, { now: () => (clock += 10_000) });
        if (repeats) await Promise.all(mails.map((n) => second.appender.create(`mail-${n}`, draftOf(`mail-${n}`))));
        // What stands for two sweeps in a row is finished.
        await second.sweeper.sweep();
        await second.sweeper.sweep();
        const last = await second.appender.control('user_drain', {});
        await second.reached(last);
        await second.stop();

        const facts = await readLogFacts(db);
        expect(faultsOf(facts)).to.deep.equal([]);
        for (const key of answered) expect(facts.submissions.filter((one) => one.key === key)).to.have.length(1);
        for (const { id, version } of committed) {
          expect(facts.events.filter((event) => event.item === id && event.version === version)).to.have.length(1);
        }
      } finally {
        await db.drop();
      }
    }
  });
});
