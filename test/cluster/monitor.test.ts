// A supervisor sees every process, whichever he is connected to.
import { expect } from 'chai';
import { io as connect } from 'socket.io-client';
import type { NodeReport } from '../../src/ops/nodes.js';
import type { MonitorStats } from '../../src/sockets/monitor-namespace.js';
import { listen } from '../sockets/wait.js';
import type { TestHub } from '../support/hub.js';
import { until } from '../support/until.js';
import { type Cluster, startCluster } from './cluster.js';

describe('the monitor of several processes', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster(2);
  });
  after(() => cluster.end());

  it('lists them all with their sockets and positions; one that ends drops out', async () => {
    const [here, there] = cluster.hubs as [TestHub, TestHub];
    const third = await cluster.start();
    await (await there.socket('alice')).named('caught_up');
    await here.item();
    const client = connect(`${here.url}/monitor`, {
      auth: { token: await here.token('sue', { roles: ['supervisor'] }) },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    try {
      const ear = listen(client);
      const newest = (): MonitorStats | undefined => ear.heard.at(-1)?.data as MonitorStats | undefined;
      await until(() => newest()?.processes.length === 3 && newest()?.connections.total === 1, 30_000);
      const { processes, connections, relay, rates } = newest() as MonitorStats;
      expect(processes.filter(({ self }) => self)).to.have.length(1);
      expect(processes.find(({ self }) => self)).to.deep.include({
        position: relay.position,
        lag: relay.lag,
        rates,
        connections: 0,
      });
      expect(new Set(processes.map(({ id }) => id)).size).to.equal(3);
      expect(connections).to.deep.equal({ process: 0, total: 1 });
      for (const { pid, host, started_at: started, lag, position } of processes) {
        expect(pid).to.equal(process.pid);
        expect(host).to.be.a('string').that.is.not.empty;
        expect(Math.abs(Date.now() - Date.parse(started))).to.be.below(600_000);
        expect(lag).to.be.at.least(0);
        expect(position).to.be.at.least(0);
      }
      await third.hub.close();
      const isCaughtUp = ({ position }: NodeReport): boolean => position === relay.position;
      await until(() => newest()?.processes.length === 2 && newest()?.processes.every(isCaughtUp) === true, 30_000);
    } finally {
      client.close();
    }
  });
});
