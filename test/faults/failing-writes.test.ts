// MongoDB refuses or does not confirm writes while senders and sockets are at work: the whole history stays right.
import { expect } from 'chai';
import { type Crowd, gather } from '../support/crowd.js';
import { startHub, type TestHub } from '../support/hub.js';
import { type FaultOptions, failCommand, type TestDatabase, testDatabase } from '../support/mongo.js';
import { UNLIMITED } from './unlimited.js';

const STEPS = ['submissions', 'workitems', 'events', 'log'] as const;
const FAULTS: [name: string, effect: Partial<FaultOptions>][] = [
  ['says that its disk is full', { errorCode: 14_031 }],
  ['does not confirm', { writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } }],
];

describe('a hub whose database', () => {
  let database: TestDatabase;
  let hub: TestHub;
  let crowd: Crowd;
  beforeEach(async () => {
    database = await testDatabase();
    hub = await startHub(UNLIMITED, database);
    crowd = await gather({ urls: () => [hub.url], mongoUrl: database.url, database: database.name });
  });
  afterEach(async () => {
    crowd.close();
    // Drops the database, too.
    await hub.close();
  });

  for (const [what, effect] of FAULTS) {
    it(`${what} at one step after the other keeps every mail and command once, and its sockets in order`, async function () {
      this.timeout(90_000);
      for (const collection of STEPS) {
        await crowd.served(10);
        const fault = await failCommand(database.mongo, {
          commands: ['insert', 'update', 'findAndModify'],
          collection,
          times: 8,
          ...effect,
        });
        await fault.struck(8);
      }
      await crowd.served(10);
      expect(await crowd.judge()).to.deep.equal([]);
      for (const { verdicts } of crowd.watchers) expect(verdicts).to.deep.equal(['fresh']);
    });
  }
});
