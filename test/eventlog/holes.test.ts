import { expect } from 'chai';
import fc from 'fast-check';
import { events, logs } from '../../src/eventlog/collections.js';
import type { Entry } from '../../src/eventlog/write-once.js';
import { createNumbers } from '../../src/eventlog/numbers.js';
import { createWriteOnce } from '../../src/eventlog/write-once.js';
import { beforeFirstInsert } from '../support/before-first-insert.js';
import { changeOf, draftOf, faultsOf, prepareLog, readLogFacts, startLogProcess } from '../support/log-process.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';

describe('holes', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await testDatabase();
    await prepareLog(db);
  });
  afterEach(() => db.drop());

  it('are filled, so that what lies behind them is delivered', async () => {
    await logs.of(db.mongo).updateOne({ _id: 'log' }, { $inc: { counter: 3 } });
    let clock = 0;
    const process = await startLogProcess(db, { now: () => (clock += 500) });
    const seq = await process.appender.control('user_drain', {});
    expect(seq).to.equal(4);
    await process.reached(seq);
    expect(process.delivered.map(({ type }) => type)).to.deep.equal(['void', 'void', 'void', 'user_drain']);
    await process.stop();
  });

  it('at the end of the log are filled too, before anything comes behind them', async () => {
    await logs.of(db.mongo).updateOne({ _id: 'log' }, { $inc: { counter: 2 } });
    let clock = 0;
    const process = await startLogProcess(db, { now: () => (clock += 500) });
    await process.reached(2);
    await process.stop();
  });

  it('that a late writer meets filled make it take another seq; its event stays once, and in version order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.boolean(), fc.boolean(), async (many, filled, helped) => {
        const own = await testDatabase();
        try {
          await prepareLog(own);
          const other = await startLogProcess(own, { follow: false });
          const items = await Promise.all(
            Array.from(
              { length: many },
              async (_, n) => (await other.appender.create(`${n}`, draftOf(`${n}`))).submission,
            ),
          );
          await Promise.all(items.map(({ _id }) => other.appender.help(_id)));
          const reader = createWriteOnce({
            events: events.of(own.mongo),
            numbers: createNumbers(logs.of(own.mongo)),
            delivered: () => 0,
            isLogIntact: async () => true,
            floor: async () => 0,
            owed: async () => new Set(),
            onCollision: () => {},
          });
          // Between its reservation and its write, a reader fills the seqs and a helper finishes the items.
          const wrap = beforeFirstInsert(async () => {
            const counter = (await logs.of(own.mongo).findOne({ _id: 'log' }))?.counter ?? 0;
            if (filled) await reader.fill(Array.from({ length: many }, (_, n) => counter - n));
            if (helped) await Promise.all(items.map(({ _id }) => other.appender.help(_id)));
          });
          const late = await startLogProcess(own, { wrap, follow: false });
          const changed = await Promise.all(
            items.map(({ _id }) => late.appender.change(changeOf({ _id, version: 1 }))),
          );
          expect(changed.every((item) => item?.version === 2)).to.equal(true);
          await Promise.all(items.map(({ _id }) => late.appender.help(_id)));
          await late.stop();
          await other.stop();
          expect(faultsOf(await readLogFacts(own))).to.deep.equal([]);
        } finally {
          await own.drop();
        }
      }),
      { numRuns: 12 },
    );
  });

  it('do not come from a counter that was rolled back', async () => {
    const process = await startLogProcess(db);
    await Promise.all(Array.from({ length: 20 }, (_, n) => process.appender.create(`${n}`, draftOf(`${n}`))));
    await logs.of(db.mongo).updateOne({ _id: 'log' }, { $set: { counter: 7, submissions: 3 } });
    const { submission } = await process.appender.create('after', draftOf('after'));
    const last = await process.appender.control('user_drain', {});
    await process.reached(last);
    await process.stop();
    const facts = await readLogFacts(db);
    expect(faultsOf(facts)).to.deep.equal([]);
    expect(submission._id).to.equal(21);
  });

  it('are voided by the writer itself when its version is in the log already', async () => {
    const process = await startLogProcess(db, { follow: false });
    const { submission } = await process.appender.create('a', draftOf('a'));
    const event = (await readLogFacts(db)).events[0];
    const writeOnce = createWriteOnce({
      events: events.of(db.mongo),
      numbers: createNumbers(logs.of(db.mongo)),
      delivered: () => 0,
      isLogIntact: async () => true,
      floor: async () => 0,
      owed: async () => new Set(),
      onCollision: () => {},
    });
    const entry: Entry = {
      item: submission._id,
      version: 1,
      lastSeq: 0,
      outbox: { version: 1, type: 'new_workitem', data: {}, rooms: [], before: null, at: new Date() },
    };
    const [found] = await writeOnce.append([entry]);
    expect(found?.seq).to.equal(event?._id);
    await process.stop();
    const facts = await readLogFacts(db);
    expect(faultsOf(facts)).to.deep.equal([]);
    expect(facts.events.map(({ type }) => type)).to.deep.equal(['new_workitem', 'void']);
  });
});
