// Where it runs: with a WebSocket of one's own or the global one, below a path, and nowhere else.
import { execFile } from 'node:child_process';
import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createRawClient } from '@workitem-hub/client/raw';
import { WebSocket } from 'ws';
import { startHub, type TestHub } from '../support/hub.js';
import { openDesk } from './desk.js';

const RAW = createRequire(import.meta.url).resolve('@workitem-hub/client/raw');

describe('raw client: places', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub();
  });
  after(() => hub.close());

  for (const url of [
    '',
    'hub.example',
    '/hub',
    'ws://hub.example',
    'http://',
    'http://a b',
    'http://me:pw@hub.example',
  ]) {
    it(`refuses the address '${url}' at once`, () => {
      expect(() => createRawClient({ url, getToken: () => 'x', WebSocket, onEvent() {} }))
        .to.throw('url')
        .with.property('code', 'invalid');
    });
  }

  it('says so where there is no WebSocket', () => {
    const kept = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
    // Newer Node has one of its own.
    Reflect.deleteProperty(globalThis, 'WebSocket');
    try {
      expect(() => createRawClient({ url: hub.url, getToken: () => 'x', onEvent() {} }))
        .to.throw('WebSocket')
        .with.property('code', 'unsupported');
    } finally {
      if (kept) Object.defineProperty(globalThis, 'WebSocket', kept);
    }
  });

  it('runs on the global WebSocket, and lets the process end when it is closed', async () => {
    const { submission_id: id } = await hub.item();
    const script = `
      import { createRawClient } from ${JSON.stringify(`file://${RAW}`)};
      const client = createRawClient({
        url: process.env.HUB_URL,
        getToken: () => process.env.HUB_TOKEN,
        onEvent() {},
        onSnapshot: (items) => console.log(items.map(({ id }) => id).join()),
        onState: (state) => { console.log(state); if (state === 'connected') client.close(); },
      });`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--experimental-websocket', '--no-warnings', '--input-type=module', '--eval', script],
      { env: { HUB_URL: hub.url, HUB_TOKEN: await hub.token('alice') }, timeout: 15_000 },
    );
    expect(stdout.trim().split('\n')).to.deep.equal(['connecting', 'catching_up', `${id}`, 'connected', 'closed']);
  });

  it('finds the hub below a path, with or without a slash at the end', async () => {
    const proxy = createServer((req, res) => {
      const target = request(hub.url + (req.url ?? '').replace(/^\/some\/hub/, ''), {
        method: req.method,
        headers: req.headers,
      });
      target.on('response', (answer) => answer.pipe(res.writeHead(answer.statusCode ?? 500, answer.headers)));
      req.pipe(target);
    });
    proxy.on('upgrade', (req, socket) => {
      const target = connect(Number(new URL(hub.url).port), '127.0.0.1');
      const lines = req.rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
      target.write(`GET ${req.url?.replace(/^\/some\/hub/, '')} HTTP/1.1\r\n${lines}\r\n`);
      for (const [from, to] of [
        [socket, target],
        [target, socket],
      ] as const) {
        from.pipe(to);
        from.on('error', () => to.destroy());
      }
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    for (const slashes of ['', '/', '//']) {
      const desk = openDesk({ url: `http://127.0.0.1:${port}/some/hub${slashes}`, getToken: () => hub.token('alice') });
      await desk.is('connected');
      desk.client.close();
    }
    proxy.closeAllConnections();
    proxy.close();
  });
});
