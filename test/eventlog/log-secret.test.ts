// What the processes of one log have in common: made once, also for a log that an older hub has made.
import { expect } from 'chai';
import { logs } from '../../src/eventlog/collections.js';
import { openLog } from '../../src/eventlog/log-document.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';

describe('the secret of a log', () => {
  let db: TestDatabase;
  before(async () => {
    db = await testDatabase();
  });
  after(() => db.drop());

  const openedBy = async (processes: number): Promise<Set<string>> => {
    const opened = await Promise.all(Array.from({ length: processes }, () => openLog(logs.of(db.mongo))));
    return new Set(opened.map(({ secret }) => secret));
  };

  it('is the same for all who open the log, at once or later', async () => {
    const [secret, ...others] = await openedBy(8);
    expect(others).to.deep.equal([]);
    expect(Buffer.from(secret as string, 'base64url')).to.have.length(32);
    expect(await openedBy(1)).to.deep.equal(new Set([secret]));
  });

  it('is added once to a log that has none', async () => {
    const { epoch } = await openLog(logs.of(db.mongo));
    await logs.of(db.mongo).updateOne({ _id: 'log' }, { $unset: { secret: '' } });
    const [secret, ...others] = await openedBy(8);
    expect(others).to.deep.equal([]);
    expect(Buffer.from(secret as string, 'base64url')).to.have.length(32);
    expect((await openLog(logs.of(db.mongo))).epoch).to.equal(epoch);
  });
});
