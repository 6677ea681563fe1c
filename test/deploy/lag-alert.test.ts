// An operator watches two hubs with Prometheus; one of them hangs.
import { expect } from 'chai';
import { until } from '../support/until.js';
import { type Prometheus, startPrometheus } from './prometheus.js';
import { startTestCluster, type TestCluster } from './test-cluster.js';

describe('the alert of a hub that is behind', function () {
  this.timeout(90_000);
  let cluster: TestCluster;
  let prometheus: Prometheus;
  before(async () => {
    cluster = await startTestCluster();
    prometheus = await startPrometheus(cluster.hubs.map(({ port }) => port));
  });
  after(async () => {
    await prometheus.remove();
    await cluster.remove();
  });

  const isFiring = async (name: string, port: number): Promise<boolean> =>
    (await prometheus.alerts()).some(
      ({ labels, state }) => labels.alertname === name && state === 'firing' && labels.instance === `127.0.0.1:${port}`,
    );

  it('fires while it hangs and others go on, for that one alone, and clears', async () => {
    const [first, second] = cluster.hubs as [TestCluster['hubs'][number], TestCluster['hubs'][number]];
    let mails = 0;
    await cluster.mail(`before-${mails}`);
    process.kill(second.pid, 'SIGSTOP');
    try {
      await until(async () => {
        await cluster.mail(`during-${mails++}`, first.url);
        return (await isFiring('WorkitemHubBehind', second.port)) && (await isFiring('WorkitemHubDown', second.port));
      }, 45_000);
      expect(await isFiring('WorkitemHubBehind', first.port)).to.equal(false);
    } finally {
      process.kill(second.pid, 'SIGCONT');
    }
    await until(
      async () => !(await prometheus.alerts()).some(({ labels }) => /Behind|Down/.test(labels.alertname)),
      30_000,
    );
    expect(await prometheus.answering()).to.equal(2);
  });
});
