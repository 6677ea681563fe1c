// Retention in one process must never make a replay or a stream of another look whole when it is not.
import { expect } from 'chai';
import { events, logs } from '../../src/eventlog/collections.js';
import { openDesk, sessionOf } from '../delivery/desk.js';
import { draftOf, type LogProcess, prepareLog, startLogProcess } from '../support/log-process.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';

/** What retention does, in another process. */
async function deleteUpTo(db: TestDatabase, floor: number): Promise<void> {
  await logs.of(db.mongo).updateOne({ _id: 'log' }, { $max: { floor, contiguous_to: floor } });
  await events.of(db.mongo).deleteMany({ _id: { $lte: floor } });
}

async function append(process: LogProcess, count: number): Promise<void> {
  const keys = Array.from({ length: count }, (_, n) => `${process.relay.position}-${n}`);
  await Promise.all(keys.map((key) => process.appender.create(key, draftOf(key))));
}

describe('the floor of the log', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await testDatabase();
    await prepareLog(db);
  });
  afterEach(() => db.drop());

  it('is known to whoever reads the log for a replay, as soon as events are missing from what was read', async () => {
    const process = await startLogProcess(db);
    await append(process, 10);
    await deleteUpTo(db, 6);
    const read = await process.relay.reader.read({ after: 2, upTo: 10, limit: 100 });
    expect(read.map(({ seq }) => seq)).to.deep.equal([7, 8, 9, 10]);
    expect(process.relay.floor).to.equal(6);
    await process.stop();
  });

  it('overtaking a client in the middle of its replay makes it take a snapshot', async () => {
    // The ring is too small to serve the replay, and pages come from the log.
    const desk = await openDesk({ ring: { count: 5, bytes: 1 << 20 } });
    try {
      for (let n = 0; n < 3; n++) await append(desk.process, 500);
      const { epoch } = desk.process.relay;
      const client = desk.open(sessionOf('alice'), { position: { epoch, seq: 0 } });
      client.setQueued(1 << 19);
      await client.control('ready');
      // It has the beginning, and holds back what comes after.
      while (client.events.length === 0) await new Promise((resolve) => setImmediate(resolve));
      await deleteUpTo(desk.database, 1_200);
      client.setQueued(0);
      expect(await client.control('resync_required')).to.include({ reason: 'below_floor', lowest_seq: 1_200 });
      const count = client.events.length;
      expect(count).to.be.below(1_200);
      expect(client.events.map(({ seq }) => seq)).to.deep.equal(Array.from({ length: count }, (_, n) => n + 1));
    } finally {
      await desk.close();
    }
  });

  it('above the position of a process that slept makes its clients take a snapshot, and fills nothing', async () => {
    const desk = await openDesk();
    try {
      await append(desk.process, 5);
      const client = desk.open(sessionOf('alice'));
      await client.control('caught_up');
      // While it sleeps, others write and delete: for this process, seqs 6 to 20 never were.
      const at = new Date();
      const later = Array.from({ length: 5 }, (_, n) => ({
        _id: 21 + n,
        type: 'void' as const,
        data: {},
        rooms: [],
        before: null,
        at,
      }));
      await logs
        .of(desk.database.mongo)
        .updateOne({ _id: 'log' }, { $set: { counter: 25, floor: 20, contiguous_to: 20 } });
      await events.of(desk.database.mongo).insertMany(later);
      await events.of(desk.database.mongo).deleteMany({ _id: { $lte: 20 } });
      expect(await client.control('resync_required')).to.include({ reason: 'below_floor', lowest_seq: 20 });
      await desk.process.reached(25);
      expect(await events.of(desk.database.mongo).countDocuments({ _id: { $lte: 20 } })).to.equal(0);
    } finally {
      await desk.close();
    }
  });
});
