// What nginx, configured as shipped, makes of the hub's traffic when both hubs are well.
import { expect } from 'chai';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { signToken } from '../../src/auth/sign.js';
import { listen, listenRaw } from '../sockets/wait.js';
import { exchange } from '../security/raw-http.js';
import { INTAKE_KEY, SECRET } from '../support/hub.js';
import { until } from '../support/until.js';
import { startTestCluster, type TestCluster } from './test-cluster.js';

const POLLING = 'EIO=4&transport=polling';

describe('behind nginx', function () {
  this.timeout(60_000);
  let cluster: TestCluster;
  let token: string;
  before(async () => {
    cluster = await startTestCluster();
    token = await signToken(SECRET, { sub: 'alice', name: 'Alice', roles: ['underwriter'], teams: [] }, '1h');
  });
  after(() => cluster?.remove());

  it('the bridge takes its token from the subprotocols', async () => {
    const url = `${cluster.url.replace('http', 'ws')}/ws/workitems?v=2`;
    const client = new WebSocket(url, ['workitems', `bearer.${token}`]);
    const { data } = await listenRaw(client).named('caught_up');
    expect(data.count).to.equal(0);
    expect(client.protocol).to.equal('workitems');
    client.close();
  });

  for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
    it(`Socket.IO over ${transports.join(' and then ')} brings every mail once and in order`, async () => {
      const options = { auth: { token }, transports, forceNew: true, reconnection: false };
      const client = io(`${cluster.url}/workitems`, options);
      const ear = listen(client);
      await ear.named('caught_up');
      const posted: unknown[] = [];
      for (let n = 0; n < 20; n++)
        posted.push((await cluster.mail(`${transports.join('-')}-${n}@x`)).body.submission_id);
      await ear.until(({ data }) => data.id === posted.at(-1));
      const heard = ear.heard.filter(({ event }) => event === 'new_workitem').map(({ data }) => data.id);
      expect(heard).to.deep.equal(posted);
      client.close();
    });
  }

  it('a polling session is found on whichever hub it lives', async () => {
    for (const hub of cluster.hubs) {
      const opened = await (await fetch(`${hub.url}/socket.io/?${POLLING}`)).text();
      const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
      const session = `${cluster.url}/socket.io/?${POLLING}&sid=${sid}`;
      const joining = { method: 'POST', body: `40/workitems,${JSON.stringify({ token })}` };
      expect(await (await fetch(session, joining)).text()).to.equal('ok');
      expect(await (await fetch(session)).text()).to.match(/^40\/workitems,/);
    }
    expect((await fetch(`${cluster.url}/socket.io/?${POLLING}&sid=nobody`)).status).to.equal(404);
  });

  it('sockets are spread over the hubs', async () => {
    const clients = Array.from({ length: 10 }, () => {
      return new WebSocket(`${cluster.url.replace('http', 'ws')}/ws/workitems?v=2&token=${token}`);
    });
    await Promise.all(clients.map((client) => listenRaw(client).named('caught_up')));
    for (const { url } of cluster.hubs) {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(Number(/hub_connections\{kind="bridge"\} (\d+)/.exec(metrics)?.[1])).to.be.within(4, 6);
    }
    for (const client of clients) client.terminate();
  });

  it('a mail as large as the hub takes gets through, a larger one is refused in the hub’s format', async () => {
    const post = async (bytes: number) => {
      const mail = { subject: 's', from: 'a@example.com', body: 'b', attachments: [] as object[] };
      mail.attachments.push({ name: 'a.bin', contentType: 'application/octet-stream', contentBytes: '' });
      const empty = Buffer.byteLength(JSON.stringify(mail));
      // Base64 comes in fours.
      const content = 'A'.repeat(Math.floor((bytes - empty) / 4) * 4);
      (mail.attachments[0] as { contentBytes: string }).contentBytes = content;
      const response = await fetch(`${cluster.url}/api/email/intake`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': INTAKE_KEY },
        body: JSON.stringify(mail),
      });
      return { status: response.status, error: ((await response.json()) as { error?: unknown }).error };
    };
    const limit = 25 * 2 ** 20;
    expect(await post(limit)).to.deep.equal({ status: 200, error: undefined });
    // A little too large for the hub, and far too large for nginx.
    for (const bytes of [limit + 1_000, limit + 5_000_000]) {
      const { status, error } = await post(bytes);
      expect(status, JSON.stringify(error) + bytes).to.equal(413);
      expect(error).to.have.keys('code', 'message').and.to.include({ code: 'too_large' });
    }
  });

  it('the metrics are not shown, however they are spelled', async () => {
    for (const path of [
      '/metrics',
      '/METRICS',
      '/metrics/',
      '//metrics',
      '/%6detrics',
      '/metrics?a=b',
      '/x/../metrics',
    ]) {
      const response = await fetch(cluster.url + path);
      expect(response.status, path).to.equal(404);
      expect(((await response.json()) as { error: object }).error).to.include({ code: 'not_found' });
    }
    // As no well-behaved client writes it: Node takes a backslash for a slash when a `#` follows.
    for (const path of ['/metrics\\#', '/metrics\\?#', '\\metrics#', `${cluster.url}/metrics\\#`]) {
      const said = await exchange(cluster.url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(said, path).to.match(/^HTTP\/1\.1 4\d\d /);
    }
  });

  it('what nginx refuses itself has the hub’s format, and a request id', async () => {
    const refused: [string, RequestInit, number, string][] = [
      ['/api/workitems', { method: 'POST', body: 'x'.repeat(2 << 20) }, 413, 'too_large'],
      [`/api/workitems?x=${'x'.repeat(20_000)}`, {}, 413, 'too_large'],
      ['/api/workitems', { headers: { 'x-long': 'x'.repeat(20_000) } }, 413, 'too_large'],
    ];
    for (const [path, init, status, code] of refused) {
      const response = await fetch(cluster.url + path, init);
      expect(response.status).to.equal(status);
      expect(response.headers.get('content-type')).to.equal('application/json; charset=utf-8');
      expect(response.headers.get('x-request-id')).to.match(/^\w{32}$/);
      expect(((await response.json()) as { error: object }).error).to.include({ code });
    }
  });

  it('the hubs know the addresses of clients, the public host, and the id of the request', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.example', 'x-request-id': 'mine-1' };
    const response = await fetch(`${cluster.url}/healthz`, { headers });
    expect(response.headers.get('x-request-id')).to.equal('mine-1');
    const foreign = { ...headers, origin: 'http://evil.example' };
    expect(
      (await fetch(`${cluster.url}/healthz`, { headers: foreign })).headers.has('access-control-allow-origin'),
    ).to.equal(false);
  });

  it('no log of nginx has a token, whatever became of its request', async () => {
    const ws = cluster.url.replace('http', 'ws');
    const client = new WebSocket(`${ws}/ws/workitems?v=2&token=${token}`);
    await listenRaw(client).named('caught_up');
    client.terminate();
    for (const path of ['/ws/workitems/', '/ws/workitems', '/nothing', '/metrics'])
      await fetch(`${cluster.url}${path}?token=${token}`);
    for (const path of [`/ws/workitems%3Ftoken=${token}`, `/ws/workitems;token=${token}`, `/${token}`])
      await fetch(cluster.url + path);
    await fetch(`${cluster.url}/ws/workitems?token=${token}${'x'.repeat(20_000)}`);
    const [hub] = cluster.hubs;
    // Requests that meet a dead hub are those that nginx has most to say about.
    process.kill(hub?.pid as number, 'SIGKILL');
    for (let n = 0; n < 4; n++) await fetch(`${cluster.url}/nothing?token=${token}&n=${n}`);
    await until(async () => /"path":"\/nothing".*"hub":"[^"]+, [^"]+"/.test(await cluster.nginxLogs()));
    const logs = await cluster.nginxLogs();
    expect(logs).to.include('"path":"/ws/workitems","status":101');
    expect(logs).to.not.include(token.slice(0, 20));
    expect(logs).to.not.include('token=');
  });
});
