// `npm run rotate-epoch`: what an operator runs after a restore.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { readConfig } from '../../src/config.js';
import { events, logs } from '../../src/eventlog/collections.js';
import { runRotateEpochCommand } from '../../src/eventlog/rotate-epoch-command.js';
import { prepareLog } from '../support/log-process.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';

describe('the command that rotates the epoch', () => {
  let db: TestDatabase;
  before(async () => {
    db = await testDatabase();
  });
  after(() => db.drop());
  const settings = () => ({ MONGODB_URL: db.url, MONGODB_DATABASE: db.name });

  it('refuses a database that no hub has ever run on, and one that it is not told of', async () => {
    const failure = (env: Record<string, string>): Promise<unknown> =>
      runRotateEpochCommand(readConfig(env)).catch((error: Error) => error.message);
    expect(await failure(settings())).to.match(/has no log/);
    expect(await failure({})).to.match(/MONGODB_URL is not set/);
    expect(await logs.of(db.mongo).countDocuments()).to.equal(0);
  });

  it('gives the log another epoch and brings its document in line with the events that are there', async () => {
    await prepareLog(db);
    const before = await logs.of(db.mongo).findOne({ _id: 'log' });
    await logs.of(db.mongo).updateOne({ _id: 'log' }, { $set: { contiguous_to: 9, counter: 1 } });
    const event = { type: 'void' as const, data: {}, rooms: [], before: null, at: new Date() };
    await events.of(db.mongo).insertMany([1, 2, 3].map((_id) => ({ _id, ...event })));
    const epoch = await runRotateEpochCommand(readConfig(settings()));
    expect(epoch).not.to.equal(before?.epoch);
    expect(await logs.of(db.mongo).findOne({ _id: 'log' })).to.include({ epoch, contiguous_to: 3, counter: 3 });
  });

  it('is run by npm, and says what it did', async function () {
    this.timeout(60_000);
    const env = { ...process.env, ...settings() };
    const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'rotate-epoch'], { env });
    const log = await logs.of(db.mongo).findOne({ _id: 'log' });
    expect(stdout).to.equal(`The log has the new epoch ${log?.epoch}.\n`);
  });
});
