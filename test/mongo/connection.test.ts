// The connection's promises: concerns that no URL weakens, servers that cannot keep them refused, outages noticed.
import { once } from 'node:events';
import { expect } from 'chai';
import { pino } from 'pino';
import { ConfigError } from '../../src/config.js';
import { openMongo, redact } from '../../src/mongo/connection.js';
import { isMongoUnavailable } from '../../src/mongo/unavailable.js';
import { ownMongod, quiet, testDatabase } from '../support/mongo.js';
import { bareMongod, remove, temporaryDirectory } from './servers.js';

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.fail('it should have failed'),
    (error: Error) => error,
  );
}

describe('connection to MongoDB', () => {
  it('reads from the primary with majority and writes with majority and journal, whatever the URL says', async () => {
    const database = await testDatabase();
    const url = `${database.url}&w=1&journal=false&wtimeoutMS=5&readConcernLevel=local&readPreference=secondary&retryWrites=false`;
    const mongo = await openMongo({ url, database: database.name, logger: quiet });
    try {
      const collection = mongo.db.collection('any');
      expect(collection.readPreference?.mode).to.equal('primary');
      expect(collection.readConcern?.level).to.equal('majority');
      expect(collection.writeConcern).to.include({ w: 'majority', journal: true, wtimeoutMS: 0 });
      expect(mongo.client.options.retryWrites).to.equal(true);
    } finally {
      await mongo.close();
      await database.drop();
    }
  });

  it('sends those concerns to the server', async () => {
    const database = await testDatabase();
    const mongo = await openMongo({ url: database.url, database: database.name, logger: quiet });
    try {
      await mongo.db.command({ profile: 2 });
      await mongo.db.collection('any').insertOne({ a: 1 });
      await mongo.db.collection('any').findOne({ a: 1 });
      const [insert, find] = await mongo.db.collection('system.profile').find({ ns: /any$/ }).sort({ ts: 1 }).toArray();
      expect(insert?.command.writeConcern).to.include({ w: 'majority', j: true });
      expect(find?.command.readConcern).to.include({ level: 'majority' });
      await mongo.db.command({ profile: 0 });
    } finally {
      await mongo.close();
      await database.drop();
    }
  });

  it('refuses a standalone server and says how to make it a replica set', async () => {
    const dbpath = await temporaryDirectory();
    const standalone = await bareMongod(dbpath);
    try {
      const error = await failureOf(openMongo({ url: standalone.url, database: 'x', logger: quiet }));
      expect(error).to.be.instanceOf(ConfigError);
      expect(error.message).to.match(/standalone.*--replSet.*rs\.initiate/);
    } finally {
      await standalone.end();
      await remove(dbpath);
    }
  });

  it('refuses a set that was never initiated, likewise', async () => {
    const dbpath = await temporaryDirectory();
    const server = await bareMongod(dbpath, '--replSet', 'rs0');
    try {
      const error = await failureOf(openMongo({ url: server.url, database: 'x', logger: quiet }));
      expect(error).to.be.instanceOf(ConfigError);
      expect(error.message).to.match(/not an initiated replica set.*rs\.initiate/);
    } finally {
      await server.end();
      await remove(dbpath);
    }
  });

  it('fails without the password when the URL is malformed or nobody answers', async () => {
    const urls = [
      'mongodb://ann:s3cret@',
      'mongodb://ann:a/s3cret@host',
      'mongodb://ann:s3cret@127.0.0.1:1/?replicaSet=x',
      'ann:s3cret@host',
    ];
    for (const url of urls) {
      const error = await failureOf(openMongo({ url, database: 'x', logger: quiet }));
      expect(error).to.be.instanceOf(ConfigError);
      expect(error.message, url).not.to.contain('s3cret');
    }
  });

  it('takes credentials out of texts', () => {
    expect(redact('cannot reach mongodb+srv://ann:p%40ss@db.example/x?y and mongodb://b:c@h')).to.equal(
      'cannot reach mongodb+srv://***@db.example/x?y and mongodb://***@h',
    );
  });

  it('notices that the server is away, and tells when it is back', async () => {
    const server = await ownMongod();
    const lines: string[] = [];
    const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
    const mongo = await openMongo({ url: server.url, database: 'x', logger });
    try {
      expect(mongo.isUp()).to.equal(true);
      const away = once(mongo.client, 'serverHeartbeatFailed', { signal: AbortSignal.timeout(10_000) });
      server.pause();
      await away;
      expect(mongo.isUp()).to.equal(false);
      let calls = 0;
      const back = new Promise<void>((resolve) => {
        mongo.onUp(() => {
          calls++;
          resolve();
        });
      });
      const removed = mongo.onUp(() => expect.fail('a removed listener was called'));
      removed();
      server.resume();
      await back;
      expect(mongo.isUp()).to.equal(true);
      expect(calls).to.equal(1);
      expect(lines.join('')).to.contain('MongoDB is away').and.contain('MongoDB is back');
    } finally {
      await mongo.close();
      await mongo.close();
      expect(mongo.isUp()).to.equal(false);
      await server.remove();
    }
  });

  it('serves again after the server was killed and started', async () => {
    const server = await ownMongod();
    const mongo = await openMongo({ url: server.url, database: 'x', logger: quiet });
    try {
      await mongo.db.collection('any').insertOne({ a: 1 });
      const back = new Promise<void>((resolve) => mongo.onUp(resolve));
      const away = once(mongo.client, 'topologyDescriptionChanged', { signal: AbortSignal.timeout(10_000) });
      await server.kill();
      await away;
      const error = await failureOf(mongo.db.collection('any').insertOne({ a: 2 }));
      expect(isMongoUnavailable(error)).to.equal(true);
      expect(mongo.isUp()).to.equal(false);
      await server.start();
      await back;
      expect(await mongo.db.collection('any').countDocuments({ a: 1 })).to.equal(1);
    } finally {
      await mongo.close();
      await server.remove();
    }
  });
});
