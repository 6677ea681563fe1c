// One of two hubs goes, with or without a word: what nginx sends to the other.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { signToken } from '../../src/auth/sign.js';
import { listenRaw } from '../sockets/wait.js';
import { INTAKE_KEY, SECRET } from '../support/hub.js';
import { until } from '../support/until.js';
import { startTestCluster, type TestCluster } from './test-cluster.js';

describe('when one of two hubs goes, nginx', function () {
  this.timeout(90_000);
  let cluster: TestCluster;
  let token: string;
  before(async () => {
    cluster = await startTestCluster({ env: { DRAIN_SECONDS: '40', SHUTDOWN_SECONDS: '60' } });
    token = await signToken(SECRET, { sub: 'alice', name: 'Alice', roles: ['underwriter'], teams: [] }, '1h');
  });
  after(() => cluster?.remove());
  // Whoever went in the test before is up again, and nginx has found that out.
  beforeEach(async () => {
    for (const { url } of cluster.hubs) await until(async () => (await statusOf(`${url}/readyz`)) === 200, 30_000);
    for (const { port } of cluster.hubs) {
      const before = await answeredBy(port, '/healthz');
      await until(async () => {
        await statusOf(`${cluster.url}/healthz`);
        return (await answeredBy(port, '/healthz')) > before;
      });
    }
  });

  const statusOf = (url: string): Promise<number | null> =>
    fetch(url).then(
      async (response) => {
        await response.text();
        return response.status;
      },
      () => null,
    );
  /** Requests that nginx has sent to this hub alone, and that were answered well. */
  const answeredBy = async (port: number, path = ''): Promise<number> =>
    (await cluster.nginxLogs())
      .split('\n')
      .filter(
        (line) => line.includes(`"path":"${path}`) && line.includes(`"hub":"127.0.0.1:${port}","hub_status":"200"`),
      ).length;
  /** Resolves when it has been started again since now. */
  const isUpAgain = (name: string): (() => Promise<void>) => {
    const from = cluster.said.length;
    return () => until(() => cluster.said.slice(from).some((line) => line.startsWith(`${name} is up again`)), 30_000);
  };
  const connect = (base: string): WebSocket =>
    new WebSocket(`${base.replace('http', 'ws')}/ws/workitems?v=2&token=${token}`).on('error', () => {});

  it('keeps kill -9 in the midst of mails from every sender', async () => {
    const statuses: number[] = [];
    let sending = true;
    const senders = Array.from({ length: 8 }, async (_, sender) => {
      for (let n = 0; sending; n++) {
        statuses.push((await cluster.mail(`${sender}-${n}@x`)).status);
        // There are some under way always, and the machine is left to those who start.
        await delay(40);
      }
    });
    for (const hub of cluster.hubs) {
      const enough = statuses.length + 50;
      await until(() => statuses.length >= enough);
      const upAgain = isUpAgain(hub.name);
      process.kill(hub.pid, 'SIGKILL');
      await upAgain();
      // nginx looks at it again after a second; until then the other is the only one.
      const before = await answeredBy(hub.port);
      await until(async () => (await answeredBy(hub.port)) > before, 30_000);
    }
    sending = false;
    await Promise.all(senders);
    expect(statuses.filter((status) => status !== 200)).to.deep.equal([]);
  });

  it('gives new sockets of every kind to the other while it drains, and goes on giving it mails', async () => {
    const [leaving, staying] = cluster.hubs;
    if (!leaving || !staying) throw new Error('two hubs');
    // What holds the drain open: of so many, one at least stays for long.
    const holders = Array.from({ length: 40 }, () => connect(leaving.url));
    await Promise.all(holders.map((client) => listenRaw(client).named('caught_up')));
    process.kill(leaving.pid, 'SIGTERM');
    await until(async () => (await fetch(`${leaving.url}/readyz`)).status === 503);
    expect((await fetch(`${leaving.url}/socket.io/?EIO=4&transport=polling`)).status).to.equal(503);

    for (let n = 0; n < 8; n++) {
      const client = connect(cluster.url);
      await listenRaw(client).named('caught_up');
      client.terminate();
      const polling = await fetch(`${cluster.url}/socket.io/?EIO=4&transport=polling`);
      expect(polling.status).to.equal(200);
      await polling.text();
      expect((await cluster.mail(`drain-${n}@x`)).status).to.equal(200);
      expect((await fetch(`${cluster.url}/healthz`)).status).to.equal(200);
    }
    expect((await fetch(`${leaving.url}/healthz`)).headers.get('connection')).to.equal('close');
    for (const client of holders) client.terminate();
    // Its drain would go on, and it has yet to serve the next test.
    process.kill(leaving.pid, 'SIGKILL');
  });

  it('lets in every socket when one hub went after the other, and nobody asks for anything but sockets', async () => {
    const come = async (): Promise<WebSocket> => {
      const client = connect(cluster.url);
      await listenRaw(client).named('ready');
      return client;
    };
    const clients = [await come(), await come()];
    const [first, second] = cluster.hubs as [TestCluster['hubs'][number], TestCluster['hubs'][number]];
    const upAgain = isUpAgain(first.name);
    process.kill(first.pid, 'SIGKILL');
    // Some of these meet it dead, and nginx has something to remember.
    for (let n = 0; n < 4; n++) clients.push(await come());
    await upAgain();
    for (let n = 0; n < 4; n++) clients.push(await come());
    process.kill(second.pid, 'SIGKILL');
    // Each at its first attempt.
    for (let n = 0; n < 10; n++) clients.push(await come());
    for (const client of clients) client.terminate();
  });

  it('says 503 in the hub’s format, with Retry-After, when no hub is left', async () => {
    const exits = cluster.hubs.map(({ exited }) => exited);
    for (const { pid } of cluster.hubs) process.kill(pid, 'SIGKILL');
    await Promise.all(exits);
    const post = (body: string) =>
      fetch(`${cluster.url}/api/email/intake`, { method: 'POST', headers: { 'x-api-key': INTAKE_KEY }, body });
    const answers = await Promise.all([
      fetch(`${cluster.url}/api/workitems`),
      post('{}'),
      post('a mail with an attachment'.repeat(100_000)),
    ]);
    for (const response of answers) {
      expect(response.status).to.equal(503);
      expect(response.headers.get('retry-after')).to.equal('2');
      expect(((await response.json()) as { error: object }).error).to.include({ code: 'unavailable' });
    }
  });
});
