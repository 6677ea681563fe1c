// kill -9 of one of two hubs at random moments, again and again, under mails, commands and sockets.
import { expect } from 'chai';
import { gather } from '../support/crowd.js';
import { twoHubs } from './two-hubs.js';

const KILLS = 4;

describe('hubs that are killed with -9 again and again', () => {
  it('have every answered mail once, every command once, and every client saw its events once and in order', async function () {
    this.timeout(120_000);
    const hubs = await twoHubs();
    const crowd = await gather({
      urls: () => hubs.running.map(({ url }) => url),
      mongoUrl: hubs.database.url,
      database: hubs.database.name,
    });
    try {
      for (let n = 0; n < KILLS; n++) {
        await crowd.served(5 + Math.floor(Math.random() * 40));
        await hubs.kill();
        // The other one goes on alone meanwhile, every other time for a while.
        if (n % 2 === 0) await crowd.served(10);
        await hubs.start();
      }
      await crowd.served(10);
      expect(await crowd.judge()).to.deep.equal([]);
      expect(Math.max(...crowd.watchers.map(({ verdicts }) => verdicts.length))).to.be.greaterThan(1);
    } finally {
      crowd.close();
      await hubs.end();
    }
  });
});
