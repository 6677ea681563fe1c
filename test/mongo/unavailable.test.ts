// What counts as "MongoDB is away", asked of a real server that is made to fail.
import { expect } from 'chai';
import mongoose from 'mongoose';
import { HubError } from '../../src/errors.js';
import { openMongo } from '../../src/mongo/connection.js';
import { isMongoUnavailable, whenAvailable } from '../../src/mongo/unavailable.js';
import { lossyProxy } from '../support/lossy-proxy.js';
import { failCommand, type FaultOptions, quiet, type TestDatabase, testDatabase } from '../support/mongo.js';

describe('MongoDB away', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
    await database.mongo.db.createCollection('any');
  });
  after(() => database.drop());

  const thrown = (work: Promise<unknown>) =>
    work.then(
      () => expect.fail('it should have failed'),
      (error: unknown) => error,
    );
  const insertUnder = async (fault: Omit<FaultOptions, 'commands'>, many = false) => {
    await failCommand(database.mongo, { commands: ['insert'], ...fault });
    const collection = database.mongo.db.collection('any');
    return thrown(many ? collection.insertMany([{}, {}], { ordered: false }) : collection.insertOne({}));
  };

  const outages: Record<string, Omit<FaultOptions, 'commands'>> = {
    'closed connections': { closeConnection: true },
    'no primary': { errorCode: 10107 },
    'a shutdown': { errorCode: 11600 },
    'a step-down': { errorCode: 189 },
    'a write concern that is not met': { writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } },
    'a full disk': { errorCode: 14031 },
  };
  for (const [name, fault] of Object.entries(outages)) {
    it(`is told by ${name}, for one document and for many`, async () => {
      expect(isMongoUnavailable(await insertUnder(fault))).to.equal(true);
      expect(isMongoUnavailable(await insertUnder(fault, true))).to.equal(true);
    });
  }

  it('is told by every one of many bulks whose connections break at once', async () => {
    const proxy = await lossyProxy(database.url);
    const mongo = await openMongo({ url: proxy.url, database: database.name, logger: quiet });
    try {
      proxy.lose(['insert'], 1);
      const collection = mongo.db.collection('any');
      const errors = await Promise.all(
        Array.from({ length: 20 }, () => thrown(collection.insertMany([{}, {}], { ordered: false }))),
      );
      for (const error of errors) expect(isMongoUnavailable(error), String(error)).to.equal(true);
    } finally {
      await mongo.close();
      await proxy.close();
    }
  });

  it('is told by a connection that ended under a write, which the driver does not dress up', () => {
    const ended = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });
    expect(isMongoUnavailable(ended)).to.equal(true);
  });

  it('is not told by a duplicate, a bad command or a defect', async () => {
    const collection = database.mongo.db.collection<{ _id: number }>('any');
    await collection.insertOne({ _id: 1 });
    const faults = [
      await thrown(collection.insertOne({ _id: 1 })),
      await thrown(collection.insertMany([{ _id: 1 }, { _id: 1 }], { ordered: false })),
      await thrown(database.mongo.db.command({ nonsense: 1 })),
      new TypeError('x is not a function'),
      'text',
      undefined,
    ];
    for (const fault of faults) expect(isMongoUnavailable(fault)).to.equal(false);
  });

  it('is told by duplicates that come along with a write-concern error', async () => {
    const collection = database.mongo.db.collection<{ _id: number }>('any');
    await collection.insertOne({ _id: 7 });
    await failCommand(database.mongo, { commands: ['insert'], writeConcernError: { code: 64, errmsg: 'timed out' } });
    const error = await thrown(collection.insertMany([{ _id: 7 }, { _id: 8 }], { ordered: false }));
    expect(isMongoUnavailable(error)).to.equal(true);
  });

  it('becomes a refusal that names a time to come back, and no internals', async () => {
    await failCommand(database.mongo, { commands: ['insert'], closeConnection: true });
    const error = await thrown(whenAvailable(() => database.mongo.db.collection('any').insertOne({})));
    expect(error).to.be.instanceOf(HubError).and.include({ code: 'unavailable', retryAfterMs: 2000 });
    expect((error as HubError).message).not.to.match(/127|connection|socket/);
    expect((error as HubError).cause).to.be.instanceOf(mongoose.mongo.MongoError);
  });

  it('is what a passed deadline means; what fails later troubles nobody', async () => {
    let fail: (error: Error) => void = () => {};
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const error = await thrown(whenAvailable(() => work, 10));
    expect(error).to.include({ code: 'unavailable', retryAfterMs: 2000 });
    // An unhandled rejection would fail the run.
    fail(new Error('late'));
  });

  it('leaves results and other errors as they are', async () => {
    expect(await whenAvailable(async () => 5)).to.equal(5);
    const refusal = new HubError('conflict', 'no');
    expect(await thrown(whenAvailable(() => Promise.reject(refusal)))).to.equal(refusal);
  });

  it('strikes only clients of the test database', async () => {
    const other = await testDatabase();
    try {
      const fault = await failCommand(database.mongo, { commands: ['insert'], errorCode: 11600 });
      await other.mongo.db.collection('any').insertOne({});
      await thrown(database.mongo.db.collection('any').insertOne({}));
      await fault.struck();
    } finally {
      await other.drop();
    }
  });
});
