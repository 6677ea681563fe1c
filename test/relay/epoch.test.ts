import { expect } from 'chai';
import { events, logs } from '../../src/eventlog/collections.js';
import { rotateEpoch } from '../../src/eventlog/log-document.js';
import { draftOf, type LogProcess, prepareLog, startLogProcess } from '../support/log-process.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';

/** Resolves when the condition holds; asked again at each turn of the relay. */
async function until(condition: () => boolean, deadlineMs = 10_000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the deadline passed');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a relay whose log was replaced', () => {
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

  it('stops delivering and says so when the log ends before its position, until the epoch changes', async () => {
    await Promise.all(Array.from({ length: 5 }, (_, n) => process.appender.create(`${n}`, draftOf(`${n}`))));
    await process.reached(5);

    // A backup is restored under it: two events, a counter of two.
    await events.of(db.mongo).deleteMany({ _id: { $gt: 2 } });
    await logs.of(db.mongo).updateOne({ _id: 'log' }, { $set: { counter: 2, contiguous_to: 2 } });
    await until(() => process.relay.trouble() !== null);
    expect(process.relay.position).to.equal(5);

    const replaced = new Promise<void>((resolve) => process.relay.onEpoch(resolve));
    const epoch = await rotateEpoch(logs.of(db.mongo));
    await replaced;
    expect(process.relay.trouble()).to.equal(null);
    expect(process.relay.epoch).to.equal(epoch);
    expect(process.relay.position).to.equal(2);
  });
});
