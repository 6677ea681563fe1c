// Events that are told in another order than they were written: a gap is not left to the next poll.
import { expect } from 'chai';
import type { LogEvent } from '../../src/eventlog/event.js';
import { type LogProcess, prepareLog, startLogProcess } from '../support/log-process.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';

describe('a relay that is told of an event behind a gap', () => {
  let db: TestDatabase;
  const processes: LogProcess[] = [];
  before(async () => {
    db = await testDatabase();
    await prepareLog(db);
  });
  after(async () => {
    for (const process of processes) await process.stop();
    await db.drop();
  });

  it('reads the log for it long before it would have', async () => {
    const [alone, silent] = [
      await startLogProcess(db, { isAlone: () => true }),
      await startLogProcess(db, { follow: false }),
    ];
    processes.push(alone, silent);
    await alone.reached(await silent.appender.control('user_drain', {}));
    // It has just read the log, and would do so again in a second.
    await silent.appender.control('user_drain', { sub: 'first' });
    const second = await silent.appender.control('user_drain', { sub: 'second' });
    const start = performance.now();
    const event: LogEvent = {
      seq: second,
      type: 'user_drain',
      item: null,
      version: null,
      data: { sub: 'second' },
      rooms: [],
      before: null,
      at: new Date().toISOString(),
    };
    alone.relay.offer([event]);
    await alone.reached(second);
    expect(performance.now() - start).to.be.lessThan(600);
    expect(alone.delivered.slice(-2).map(({ data }) => (data as { sub: string }).sub)).to.deep.equal([
      'first',
      'second',
    ]);
  });
});
