// Whatever happens to Redis while mails and commands flow through three processes, every client sees the same history, whole.
import { expect } from 'chai';
import { UNLIMITED } from '../faults/unlimited.js';
import { type Crowd, gather } from '../support/crowd.js';
import { until } from '../support/until.js';
import { type Cluster, metricOf, startCluster } from './cluster.js';

describe('three processes under load', function () {
  this.timeout(180_000);
  let cluster: Cluster;
  let crowd: Crowd;
  beforeEach(async () => {
    cluster = await startCluster(3, UNLIMITED);
    crowd = await gather({
      urls: () => cluster.hubs.map(({ url }) => url),
      mongoUrl: cluster.database.url,
      database: cluster.database.name,
      // Enough to meet every moment, and something left of the machine for those who hurry: three hubs in one process.
      restMs: 60,
    });
    await crowd.served(30);
  });
  afterEach(async () => {
    crowd.close();
    await cluster.end();
  });

  it('lose and double nothing while all is well, and nearly everything comes by Redis', async () => {
    await crowd.served(60);
    expect(await crowd.judge()).to.deep.equal([]);
    for (const hub of cluster.hubs) {
      expect(await metricOf(hub, 'hub_bus_messages_total{direction="out",outcome="sent"}')).to.be.greaterThan(0);
      expect(await metricOf(hub, 'hub_bus_messages_total{direction="in",outcome="events"}')).to.be.greaterThan(0);
      expect(await metricOf(hub, 'hub_bus_messages_total{direction="in",outcome="foreign"}')).to.equal(0);
    }
  });

  it('lose and double nothing when Redis is killed and comes back empty, twice', async () => {
    for (let i = 0; i < 2; i++) {
      await cluster.redis.kill();
      await cluster.linked(false);
      await crowd.served(30);
      await cluster.redis.start();
      await cluster.linked();
      await crowd.served(30);
    }
    expect(await crowd.judge()).to.deep.equal([]);
  });

  it('lose and double nothing when Redis hangs, and answer everybody meanwhile', async () => {
    cluster.redis.pause();
    await crowd.served(30);
    await cluster.linked(false);
    await crowd.served(30);
    cluster.redis.resume();
    await cluster.linked();
    await crowd.served(30);
    expect(await crowd.judge()).to.deep.equal([]);
    expect(crowd.traffic.repeats(), 'requests that had to be repeated').to.equal(0);
  });

  it('lose and double nothing when Redis is flushed and its clients are cut', async () => {
    const admin = await cluster.redis.client();
    for (let i = 0; i < 5; i++) {
      await admin.flushAll();
      for (const { id, name } of await admin.clientList()) {
        if (name === 'workitem-hub') await admin.clientKill({ filter: 'ID', id });
      }
      await crowd.served(10);
    }
    await cluster.linked();
    expect(await crowd.judge()).to.deep.equal([]);
  });

  it('take in one that starts while Redis is away, and link it when Redis is back', async () => {
    await cluster.redis.kill();
    const late = await cluster.start(UNLIMITED);
    await crowd.served(30);
    const { checks } = (await (await fetch(`${late.url}/readyz`)).json()) as { checks: Record<string, string> };
    expect(checks).to.include({ redis: 'away: polling the log', log: 'ok' });
    await cluster.redis.start();
    await cluster.linked();
    await until(async () => (await fetch(`${late.url}/readyz`)).ok);
    await crowd.served(30);
    expect(await crowd.judge()).to.deep.equal([]);
    expect(await metricOf(late, 'hub_bus_messages_total{direction="in",outcome="events"}')).to.be.greaterThan(0);
  });
});
