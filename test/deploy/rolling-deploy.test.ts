// Every hub process is replaced under load, and nobody has reason to notice.
import { expect } from 'chai';
import { signToken } from '../../src/auth/sign.js';
import { events } from '../../src/eventlog/collections.js';
import { createReader } from '../../src/eventlog/reader.js';
import { openMongo } from '../../src/mongo/connection.js';
import { gather } from '../support/crowd.js';
import { SECRET } from '../support/hub.js';
import { quiet } from '../support/mongo.js';
import { watch } from '../support/watcher.js';
import { startLogicApp } from './logic-app.js';
import { DATABASE, startTestCluster, type TestCluster } from './test-cluster.js';

const HUBS = 3;
const DRAIN_MS = 2_000;
const ONLOOKERS = 30;

/** Reads of the log that serve one stream, which name its rooms, as mongod itself has noted them. */
async function countReplays(cluster: TestCluster) {
  const mongo = await openMongo({ url: cluster.mongo.url, database: DATABASE, logger: quiet });
  const filter = {
    ns: `${DATABASE}.events`,
    $or: [{ 'command.filter.rooms': { $exists: true } }, { 'command.aggregate': 'events' }],
  };
  await mongo.db.command({ profile: 1, filter });
  return {
    reads: () => mongo.db.collection('system.profile').countDocuments({}),
    readOne: () => createReader(events.of(mongo)).read({ after: 0, upTo: 1, rooms: ['pool'], limit: 1 }),
    close: () => mongo.close(),
  };
}

describe('a rolling deploy', () => {
  let cluster: TestCluster;
  beforeEach(async function () {
    this.timeout(60_000);
    cluster = await startTestCluster({ hubs: HUBS, env: { DRAIN_SECONDS: String(DRAIN_MS / 1_000) } });
  });
  afterEach(async function () {
    this.timeout(60_000);
    await cluster?.remove();
  });

  it('loses, doubles, reorders and leaks nothing, fails no mail, and reads no stream from MongoDB', async function () {
    this.timeout(180_000);
    const before = cluster.hubs.map(({ pid }) => pid);
    const crowd = await gather({
      urls: () => [cluster.url],
      mongoUrl: cluster.mongo.url,
      database: DATABASE,
      senders: 4,
      // Always some under way, and something left of the machine for the hubs that start.
      restMs: 200,
    });
    const token = await signToken(SECRET, { sub: 'olga', name: 'Olga', roles: ['underwriter'], teams: [] }, '1h');
    const onlookers = Array.from({ length: ONLOOKERS }, (_, n) =>
      watch({ name: `onlooker ${n}`, kind: 'raw', url: () => cluster.url, token, rooms: [] }),
    );
    await Promise.all(onlookers.map((one) => one.reached(0, 30_000)));
    const replays = await countReplays(cluster);
    const senders = startLogicApp(cluster.url, 2);
    try {
      await crowd.served(20);
      await cluster.roll();
      await crowd.served(20);
      await senders.stop();
      expect(cluster.hubs.filter(({ pid }) => before.includes(pid))).to.deep.equal([]);

      expect(await replays.reads()).to.equal(0);
      const replayed = await Promise.all(cluster.hubs.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
      expect(replayed.join('')).to.match(/hub_replays_total\{source="ring"\} [1-9]/);
      expect(replayed.join('')).to.not.include('hub_replays_total{source="log"}');

      expect(senders.failed).to.deep.equal([]);
      expect(senders.repeated).to.deep.equal([]);
      expect(await crowd.judge()).to.deep.equal([]);

      const announced = [...crowd.watchers, ...onlookers].flatMap((watcher) => watcher.announced);
      expect(announced.length).to.be.at.least(ONLOOKERS);
      for (const third of [0, 1, 2]) {
        const [from, to] = [(third * DRAIN_MS) / 3, ((third + 1) * DRAIN_MS) / 3];
        expect(announced.filter((ms) => ms >= from && ms < to)).to.not.deep.equal([]);
      }
      expect(announced.filter((ms) => ms < 0 || ms >= DRAIN_MS)).to.deep.equal([]);
      expect(
        onlookers.flatMap(({ verdicts }) => verdicts.slice(1)).filter((verdict) => verdict !== 'resumed'),
      ).to.deep.equal([]);

      // Such a read, as a hub makes it, would have been noted.
      await replays.readOne();
      expect(await replays.reads()).to.equal(1);
    } finally {
      await senders.stop();
      crowd.close();
      for (const one of onlookers) one.close();
      await replays.close();
    }
  });
});
