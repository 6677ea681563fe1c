// MongoDB answers wrongly or not at all at each step of the log: nothing answered is lost, nothing enters twice.
import { expect } from 'chai';
import {
  changeOf,
  draftOf,
  faultsOf,
  type LogProcess,
  prepareLog,
  readLogFacts,
  startLogProcess,
} from '../support/log-process.js';
import { type FaultOptions, failCommand, type TestDatabase, testDatabase } from '../support/mongo.js';

const COLLECTIONS = ['submissions', 'workitems', 'events', 'log'] as const;
const FAULTS: [name: string, effect: Partial<FaultOptions>][] = [
  ['closed connections', { closeConnection: true }],
  ['no primary', { errorCode: 10_107, errorLabels: ['RetryableWriteError'] }],
  ['an unconfirmed majority', { writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } }],
];

describe('a log whose database fails', () => {
  let db: TestDatabase;
  let process: LogProcess;
  beforeEach(async () => {
    db = await testDatabase();
    await prepareLog(db);
    process = await startLogProcess(db);
  });
  afterEach(async () => {
    await process.stop();
    await db.drop();
  });

  for (const collection of COLLECTIONS) {
    for (const [fault, effect] of FAULTS) {
      it(`at writes to ${collection} by ${fault} keeps every mail and every change once`, async function () {
        this.timeout(60_000);
        const { appender } = process;
        const old = await appender.create('old', draftOf('old'));
        const off = await failCommand(db.mongo, {
          commands: ['insert', 'update', 'findAndModify'],
          collection,
          times: 3,
          ...effect,
        });
        const answers = await Promise.allSettled([
          ...Array.from({ length: 8 }, (_, n) => appender.create(`mail-${n % 6}`, draftOf(`mail-${n % 6}`))),
          appender.change(changeOf({ _id: old.submission._id, version: 1 })),
        ]);
        await off.off();

        // Whoever was refused repeats, as the Logic App does.
        await Promise.all(Array.from({ length: 6 }, (_, n) => appender.create(`mail-${n}`, draftOf(`mail-${n}`))));
        await process.sweeper.sweep();
        await process.sweeper.sweep();
        const last = await appender.control('user_drain', {});
        await process.reached(last);
        await process.stop();
        const facts = await readLogFacts(db);
        expect(faultsOf(facts)).to.deep.equal([]);
        expect(facts.submissions.map(({ key }) => key).sort()).to.deep.equal([
          'mail-0',
          'mail-1',
          'mail-2',
          'mail-3',
          'mail-4',
          'mail-5',
          'old',
        ]);
        for (const answer of answers) {
          if (answer.status === 'rejected') expect(answer.reason).to.have.property('code', 'unavailable');
        }
        expect(process.delivered.map(({ seq }) => seq)).to.deep.equal(facts.events.map(({ _id }) => _id));
      });
    }
  }
});
