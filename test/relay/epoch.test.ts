import { expect } from 'chai';
import { events, logs } from '../../src/eventlog/collections.js';
import { rotateEpoch } from '../../src/eventlog/log-document.js';
import { draftOf, type LogProcess, prepareLog, startLogProcess } from '../support/log-process.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { until } from '../support/until.js';

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

    const replaced = new Promise<void>((resolve) => process.relay.onBreak(() => resolve()));
    const epoch = await rotateEpoch(logs.of(db.mongo), events.of(db.mongo));
    await replaced;
    expect(process.relay.trouble()).to.equal(null);
    expect(process.relay.epoch).to.equal(epoch);
    expect(process.relay.position).to.equal(2);
  });

  /** A backup of the first two events is restored under the process. */
  async function restore(): Promise<void> {
    await Promise.all(Array.from({ length: 5 }, (_, n) => process.appender.create(`${n}`, draftOf(`${n}`))));
    await process.reached(5);
    await events.of(db.mongo).deleteMany({ _id: { $gt: 2 } });
    await logs.of(db.mongo).updateOne({ _id: 'log' }, { $set: { counter: 2, contiguous_to: 2 } });
  }

  it('takes nothing more into it, also in the moment before it has noticed', async () => {
    await restore();
    const refused = await process.appender.create('later', draftOf('later')).catch((error: unknown) => error);
    expect(refused).to.have.property('code', 'unavailable');
    expect(await events.of(db.mongo).countDocuments()).to.equal(2);
    await until(() => process.relay.trouble() !== null);
  });

  it('notices when others have written other events at the same seqs meanwhile', async () => {
    await restore();
    const other = await startLogProcess(db);
    await Promise.all(Array.from({ length: 9 }, (_, n) => other.appender.create(`new ${n}`, draftOf(`new ${n}`))));
    await other.stop();
    await until(() => process.relay.trouble() !== null);
    expect(process.relay.position).to.equal(5);
  });

  it('follows a new epoch also when the backup says that the log reaches further than it does', async () => {
    await restore();
    await logs.of(db.mongo).updateOne({ _id: 'log' }, { $set: { counter: 5, contiguous_to: 5 } });
    await until(() => process.relay.trouble() !== null);
    await rotateEpoch(logs.of(db.mongo), events.of(db.mongo));
    await until(() => process.relay.trouble() === null);
    const { submission } = await process.appender.create('after', draftOf('after'));
    await until(() => process.delivered.some(({ item }) => item === submission._id));
  });
});
