// MongoDB carries out what it is told, and the hub does not hear of it: nothing is lost by that, and nothing done twice.
import { expect } from 'chai';
import { type Crowd, gather } from '../support/crowd.js';
import { startHub, type TestHub } from '../support/hub.js';
import { type LossyProxy, lossyProxy } from '../support/lossy-proxy.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { UNLIMITED } from './unlimited.js';

describe('a hub that loses answers of its database', () => {
  let database: TestDatabase;
  let proxy: LossyProxy;
  let hub: TestHub;
  let crowd: Crowd;
  beforeEach(async () => {
    database = await testDatabase();
    proxy = await lossyProxy(database.url);
    hub = await startHub(UNLIMITED, { ...database, url: proxy.url });
    crowd = await gather({ urls: () => [hub.url], mongoUrl: database.url, database: database.name });
  });
  afterEach(async () => {
    crowd.close();
    // Drops the database, too.
    await hub.close();
    await proxy.close();
  });

  for (const [what, commands] of [
    ['to reservations and commands', ['findAndModify']],
    ['to inserts', ['insert']],
    ['of every kind', ['insert', 'findAndModify', 'update', 'find', 'aggregate']],
  ] as const) {
    it(`${what} stores every answered mail once, carries out every command once, and shows all of it in order`, async function () {
      this.timeout(60_000);
      await crowd.served(20);
      proxy.lose(commands, 0.03);
      await crowd.served(100);
      proxy.lose([], 0);
      expect(proxy.lost()).to.be.at.least(1);
      expect(await crowd.judge()).to.deep.equal([]);
    });
  }
});
