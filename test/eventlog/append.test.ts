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
import { type TestDatabase, testDatabase } from '../support/mongo.js';

describe('the appender', () => {
  let db: TestDatabase;
  let process: LogProcess;

  before(async () => {
    db = await testDatabase();
    await prepareLog(db);
    process = await startLogProcess(db);
  });
  after(async () => {
    await process.stop();
    await db.drop();
  });

  it('answers a mail when its event is in the log, and repeats of it with the same ids', async () => {
    const { appender } = process;
    const [first, repeat] = await Promise.all([appender.create('a', draftOf('a')), appender.create('a', draftOf('a'))]);
    const later = await appender.create('a', draftOf('a'));
    expect([first.outcome, repeat.outcome].sort()).to.deep.equal(['created', 'duplicate']);
    expect(later.outcome).to.equal('duplicate');
    expect(new Set([first, repeat, later].map(({ submission }) => submission.ref)).size).to.equal(1);
    const facts = await readLogFacts(db);
    expect(facts.events.filter(({ type }) => type === 'new_workitem')).to.have.length(1);
  });

  it('commits a version once: of many onto the same version one wins', async () => {
    const { appender } = process;
    const { submission } = await appender.create('b', draftOf('b'));
    const wins = await raceUntilWon(submission._id, 20);
    expect(wins).to.equal(1);

    async function raceUntilWon(id: number, racers: number): Promise<number> {
      const results = await Promise.all(
        Array.from({ length: racers }, () => appender.change(changeOf({ _id: id, version: 1 }))),
      );
      return results.filter((item) => item !== null).length;
    }
  });

  it('keeps one bad document from failing its round', async () => {
    const { appender } = process;
    const huge = 'x'.repeat(17 << 20);
    const [bad, good] = await Promise.allSettled([
      appender.create('bad', draftOf('bad', { body_text: huge })),
      appender.create('good', draftOf('good')),
    ]);
    expect(bad.status).to.equal('rejected');
    expect(good.status).to.equal('fulfilled');
  });

  it('hands the relay everything in order, and leaves no outbox, hole or spare behind', async () => {
    const { appender, relay, delivered } = process;
    await Promise.all(Array.from({ length: 300 }, (_, n) => appender.create(`many-${n}`, draftOf(`many-${n}`))));
    const seq = await appender.control('user_drain', { sub: 'nobody' });
    await process.reached(seq);
    await process.stop();
    const facts = await readLogFacts(db);
    expect(faultsOf(facts)).to.deep.equal([]);
    expect(delivered.map((event) => event.seq)).to.deep.equal(facts.events.map(({ _id }) => _id));
    expect(relay.position).to.equal(facts.events.length);
  });
});
