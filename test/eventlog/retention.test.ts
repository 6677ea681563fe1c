import { expect } from 'chai';
import { events, logs } from '../../src/eventlog/collections.js';
import { createRetention } from '../../src/eventlog/retention.js';
import { draftOf, prepareLog, readLogFacts, startLogProcess } from '../support/log-process.js';
import { quiet, type TestDatabase, testDatabase } from '../support/mongo.js';

describe('retention', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await testDatabase();
    await prepareLog(db);
    const process = await startLogProcess(db);
    await Promise.all(Array.from({ length: 10 }, (_, n) => process.appender.create(`${n}`, draftOf(`${n}`))));
    await process.reached(10);
    await process.stop();
    await events.of(db.mongo).updateMany({ _id: { $lte: 6 } }, { $set: { at: new Date(0) } });
  });
  afterEach(() => db.drop());

  const retention = () =>
    createRetention({ events: events.of(db.mongo), logs: logs.of(db.mongo), days: 7, logger: quiet });

  it('deletes what is old, and says so by the floor', async () => {
    expect(await retention().run()).to.equal(6);
    const facts = await readLogFacts(db);
    expect(facts.events.map(({ _id }) => _id)).to.deep.equal([7, 8, 9, 10]);
    expect(facts.log.floor).to.equal(6);
  });

  it('never goes past what relays have agreed on', async () => {
    await logs.of(db.mongo).updateOne({ _id: 'log' }, { $set: { contiguous_to: 4 } });
    expect(await retention().run()).to.equal(4);
    expect((await readLogFacts(db)).events[0]?._id).to.equal(5);
  });

  it('leaves it to the process that is at it', async () => {
    await logs.of(db.mongo).updateOne({ _id: 'log' }, { $set: { retention_until: new Date(Date.now() + 60_000) } });
    expect(await retention().run()).to.equal(0);
    expect((await readLogFacts(db)).events).to.have.length(10);
  });

  it('is no hole for a relay that starts, even when the position was rolled back below the floor', async () => {
    await retention().run();
    await logs.of(db.mongo).updateOne({ _id: 'log' }, { $set: { contiguous_to: 2 } });
    const process = await startLogProcess(db);
    await process.reached(10);
    expect(process.delivered.map(({ seq }) => seq)).to.deep.equal([7, 8, 9, 10]);
    expect(process.relay.floor).to.equal(6);
    await process.stop();
  });
});
