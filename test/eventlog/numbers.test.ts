import { expect } from 'chai';
import { logs } from '../../src/eventlog/collections.js';
import { createNumbers, type Numbers } from '../../src/eventlog/numbers.js';
import { draftOf, faultsOf, prepareLog, readLogFacts, startLogProcess } from '../support/log-process.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';

describe('numbers', () => {
  let db: TestDatabase;
  let now = 0;
  let numbers: Numbers;
  beforeEach(async () => {
    db = await testDatabase();
    await prepareLog(db);
    now = 0;
    numbers = createNumbers(logs.of(db.mongo), () => now);
  });
  afterEach(() => db.drop());

  const taken = async () => (await readLogFacts(db)).log.submissions;

  /** One mail after the other, so many milliseconds apart. */
  async function mails(count: number, apart: number): Promise<number[]> {
    const given: number[] = [];
    for (let mail = 0; mail < count; mail++) {
      given.push(...(await numbers.submissions(1)));
      await numbers.seqs(1);
      now += apart;
    }
    return given;
  }

  it('of submissions have no gaps at a calm pace', async () => {
    expect(await mails(3, 1_000)).to.deep.equal([1, 2, 3]);
    expect(await taken()).to.equal(3);
  });

  it('of submissions are taken along with seqs when mails come fast', async () => {
    expect(await mails(5, 20)).to.deep.equal([1, 2, 3, 4, 5]);
    // The sixth is there already: nothing is reserved for it.
    expect(await taken()).to.equal(6);
    expect(await numbers.submissions(1)).to.deep.equal([6]);
    expect(await taken()).to.equal(6);
  });

  it('of submissions that were not used soon are dropped', async () => {
    await mails(2, 20);
    now += 10_000;
    expect(await numbers.submissions(1)).to.deep.equal([4]);
  });

  it('of submissions that a fail-over may have given to others are dropped', async () => {
    await mails(2, 20);
    await numbers.raise({ submissions: 8 });
    expect(await numbers.submissions(2)).to.deep.equal([9, 10]);
  });

  it('of submissions that two processes were given are sorted out by who is first', async () => {
    const process = await startLogProcess(db);
    for (const key of ['a', 'b']) await process.appender.create(key, draftOf(key));
    // The counter loses what the first process has taken ahead.
    await logs.of(db.mongo).updateOne({ _id: 'log' }, { $set: { submissions: 2 } });
    const other = await startLogProcess(db);
    const mine = await other.appender.create('c', draftOf('c'));
    const theirs = await process.appender.create('d', draftOf('d'));
    expect([mine, theirs].map(({ submission }) => submission._id)).to.deep.equal([3, 4]);
    for (const one of [process, other]) await one.stop();
    expect(faultsOf(await readLogFacts(db))).to.deep.equal([]);
  });
});
