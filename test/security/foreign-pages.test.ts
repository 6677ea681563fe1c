// Pages of other sites at every door that a browser opens without asking: none of them gets a socket or an item.
import { once } from 'node:events';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { startHub, type TestHub } from '../support/hub.js';

const DESK = 'https://desk.example';
const FOREIGN = [
  'https://evil.example',
  'null',
  '',
  'http://desk.example',
  'https://desk.example.evil.example',
  'https://evildesk.example',
  'https://sub.desk.example',
  'https://desk.example:8443',
  'https://desk.example@evil.example',
  'https://desk.example/',
  'file://',
  'chrome-extension://abcdefghijklmnop',
  `${DESK} https://evil.example`,
];
const DOORS: Record<string, string> = {
  'the raw WebSocket': '/ws/workitems',
  'Socket.IO': '/socket.io/?EIO=4&transport=websocket',
};

describe('a page of another site', () => {
  let hub: TestHub;
  before(async () => {
    // Where it would hurt most: strangers see the pool, and test items need no token.
    hub = await startHub({ ALLOWED_ORIGINS: DESK });
  });
  after(() => hub.close());

  async function upgrade(path: string, origin?: string): Promise<number> {
    const headers = origin === undefined ? {} : { origin };
    const client = new WebSocket(hub.url.replace('http', 'ws') + path, { headers });
    client.on('error', () => {});
    const status = await Promise.race([
      once(client, 'open').then(() => 101),
      once(client, 'unexpected-response').then(([, response]) => (response as { statusCode: number }).statusCode),
    ]);
    client.terminate();
    return status;
  }

  for (const [door, path] of Object.entries(DOORS)) {
    it(`gets no upgrade at ${door}`, async () => {
      for (const origin of FOREIGN) expect(await upgrade(path, origin), origin).to.equal(403);
      for (const origin of [undefined, DESK, hub.url]) expect(await upgrade(path, origin), origin).to.equal(101);
    });
  }

  it('gets nothing by polling, and may not read what it is told', async () => {
    const url = `${hub.url}/socket.io/?EIO=4&transport=polling`;
    for (const origin of FOREIGN) {
      const answer = await fetch(url, { headers: { origin } });
      expect(answer.status, origin).to.equal(403);
      expect(answer.headers.get('access-control-allow-origin'), origin).to.equal(null);
    }
    expect((await fetch(url, { headers: { origin: DESK } })).status).to.equal(200);
  });

  it('may not read answers of the API, with whatever credentials a browser would add', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      for (const origin of [...FOREIGN, DESK]) {
        const { headers } = await fetch(`${hub.url}/api/workitems`, {
          method,
          headers: { origin, cookie: 'session=x', 'access-control-request-method': 'GET' },
        });
        expect(headers.get('access-control-allow-origin'), origin).to.equal(origin === DESK ? DESK : null);
        expect(headers.get('access-control-allow-credentials'), origin).to.equal(null);
      }
    }
  });

  it('makes no test item with a form, on a hub in development', async () => {
    const post = (origin?: string) =>
      fetch(`${hub.url}/api/test/workitem`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain', ...(origin === undefined ? {} : { origin }) },
      });
    for (const origin of FOREIGN) expect((await post(origin)).status, origin).to.equal(403);
    for (const origin of [undefined, DESK, hub.url]) expect((await post(origin)).status, origin).to.equal(200);
  });
});
