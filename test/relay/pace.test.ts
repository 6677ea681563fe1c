// How often the log is read: seldom by a process that is alone, often as soon as another has started.
import { expect } from 'chai';
import { type LogProcess, prepareLog, startLogProcess } from '../support/log-process.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';

describe('a relay that is alone', () => {
  let db: TestDatabase;
  let alone: LogProcess;
  const processes: LogProcess[] = [];
  beforeEach(async () => {
    db = await testDatabase();
    await prepareLog(db);
    alone = await startLogProcess(db, { isAlone: () => true });
    processes.push(alone);
  });
  afterEach(async () => {
    for (const process of processes.splice(0)) await process.stop();
    await db.drop();
  });

  /** Milliseconds until it hands on what another process writes just after it has read the log. */
  async function delayOf(writer: LogProcess): Promise<number> {
    await alone.reached(await writer.appender.control('user_drain', {}));
    const written = await writer.appender.control('user_drain', {});
    const start = performance.now();
    await alone.reached(written);
    return performance.now() - start;
  }

  it('reads the log once a second', async () => {
    const silent = await startLogProcess(db, { follow: false });
    processes.push(silent);
    expect(await delayOf(silent)).to.be.greaterThan(500);
  });

  it('reads it at the usual pace when another process has started, before that one’s first heartbeat', async () => {
    const other = await startLogProcess(db);
    processes.push(other);
    expect(await delayOf(other)).to.be.lessThan(600);
  });
});
