import { expect } from 'chai';
import { events, logs } from '../../src/eventlog/collections.js';
import type { Outbox } from '../../src/eventlog/event.js';
import { readFloor } from '../../src/eventlog/log-document.js';
import { createNumbers } from '../../src/eventlog/numbers.js';
import { createRetention } from '../../src/eventlog/retention.js';
import { readOwed } from '../../src/eventlog/state.js';
import { createWriteOnce } from '../../src/eventlog/write-once.js';
import { workItems } from '../../src/workitems/work-item.js';
import { beforeFirstInsert } from '../support/before-first-insert.js';
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

  it('that overtook a writer between reserve and write, loses and doubles nothing of what that writes', async () => {
    const other = await startLogProcess(db);
    let clock = 0;
    const wrap = beforeFirstInsert(async () => {
      clock += 3_600_000;
      // A reader fills the seq, everything grows old, and all of it goes.
      await other.reached(13);
      await other.relay.stop();
      await events.of(db.mongo).updateMany({}, { $set: { at: new Date(0) } });
      expect(await retention().run()).to.equal(13);
    });
    const late = createWriteOnce({
      events: wrap(events.of(db.mongo)),
      numbers: createNumbers(logs.of(db.mongo)),
      delivered: () => 0,
      isLogIntact: async () => true,
      floor: () => readFloor(logs.of(db.mongo)),
      owed: (versions) => readOwed(workItems.of(db.mongo), versions),
      onCollision: () => {},
      now: () => clock,
    });
    const outbox: Outbox = { version: 2, type: 'status_update', data: {}, rooms: [], before: null, at: new Date() };
    // One is still owed; the other somebody has finished meanwhile, whose event has grown old.
    await workItems.of(db.mongo).updateOne({ _id: 1 }, { $set: { outbox: outbox as never } });
    const [control, owed] = await late.append([
      { item: null, control: { id: 'late', type: 'user_drain', data: {}, at: new Date() } },
      { item: 1, version: 2, lastSeq: 0, outbox },
      { item: 2, version: 2, lastSeq: 0, outbox },
    ]);
    await other.stop();
    expect([control?.seq, owed?.seq]).to.deep.equal([14, 15]);
    const written = (await readLogFacts(db)).events.map(({ _id, item }) => ({ _id, item }));
    expect(written).to.deep.equal([
      { _id: 14, item: undefined },
      { _id: 15, item: 1 },
    ]);
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
