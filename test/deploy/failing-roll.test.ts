// A deploy of something that does not start: it ends at the first hub.
import { expect } from 'chai';
import { until } from '../support/until.js';
import { startTestCluster, type TestCluster } from './test-cluster.js';

describe('a rolling deploy of a hub that does not come up', function () {
  this.timeout(90_000);
  let cluster: TestCluster;
  before(async () => {
    cluster = await startTestCluster();
  });
  after(() => cluster?.remove());

  it('stops there, the others serve on, and it comes back when it can', async () => {
    const second = cluster.hubs[1]?.pid;
    const env = cluster.env as Record<string, string | undefined>;
    env.LOG_LEVEL = 'loud';
    const failure = await cluster.roll().catch((error: unknown) => error);
    expect((failure as Error).message).to.match(/^it ended: .*LOG_LEVEL/);
    expect(cluster.hubs[1]?.pid).to.equal(second);
    expect((await cluster.mail('meanwhile@x')).status).to.equal(200);

    env.LOG_LEVEL = 'info';
    await until(() => cluster.said.some((line) => line.startsWith('hub-1 is up again')), 40_000);
    expect((await fetch(`${cluster.hubs[0]?.url}/readyz`)).status).to.equal(200);
  });
});
