// A process ends in order whatever Redis does; what it wrote last reaches the others.
import { expect } from 'chai';
import { newItems, type TestHub } from '../support/hub.js';
import { type Cluster, startCluster } from './cluster.js';

describe('a process that ends', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster(2);
  });
  afterEach(() => cluster.end());

  for (const [state, bring] of [
    ['is there', async () => {}],
    ['is away', () => cluster.redis.kill()],
    ['hangs', async () => cluster.redis.pause()],
  ] as const) {
    it(`does so in order while Redis ${state}, and leaves nothing undelivered`, async () => {
      const [ending, staying] = cluster.hubs as [TestHub, TestHub];
      const alice = await staying.socket('alice');
      await alice.named('caught_up');
      await bring();
      const { submission_id: last } = await ending.item();
      await ending.hub.drain();
      await ending.hub.close();
      await alice.until(({ data }) => data.id === last);
      expect(newItems(alice)).to.deep.equal([last]);
      expect(ending.log.filter((line) => JSON.parse(line).level >= 50)).to.deep.equal([]);
      expect(staying.log.filter((line) => JSON.parse(line).level >= 50)).to.deep.equal([]);
    });
  }
});
