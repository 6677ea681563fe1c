// Foreign pages and floods of connects are turned away with an HTTP answer, before there is a connection.
import { expect } from 'chai';
import { WebSocket } from 'ws';
import type { IncomingMessage } from 'node:http';
import { type Edge, startEdge } from './edge.js';
import { poll, pollingSession } from './engine-client.js';
import { heardOnce, listen } from './wait.js';

const FOREIGN = 'https://evil.example';
const ALLOWED = 'https://desk.example';

/** The HTTP answer to an upgrade. */
async function upgrade(edge: Edge, path: string, origin?: string): Promise<{ status: number; retryAfter?: string }> {
  const client = new WebSocket(`ws://127.0.0.1:${edge.port}${path}`, origin === undefined ? {} : { origin });
  client.on('error', () => {});
  const answered = await Promise.race([
    heardOnce(client, 'unexpected-response').then(([, response]) => response as IncomingMessage),
    heardOnce(client, 'open').then(() => null),
  ]);
  client.terminate();
  if (!answered) return { status: 101 };
  const retryAfter = answered.headers['retry-after'];
  return { status: answered.statusCode ?? 0, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

const SOCKET_IO = '/socket.io/?EIO=4&transport=websocket';

describe('connects', () => {
  describe('from other pages', () => {
    let edge: Edge;
    before(async () => {
      edge = await startEdge({ env: { ALLOWED_ORIGINS: ALLOWED } });
    });
    after(() => edge.close());

    for (const path of [SOCKET_IO, '/ws/workitems']) {
      it(`are let through to ${path.slice(0, 14)} by origin`, async () => {
        expect(await upgrade(edge, path, FOREIGN)).to.deep.equal({ status: 403 });
        expect(await upgrade(edge, path, 'null')).to.deep.equal({ status: 403 });
        expect(await upgrade(edge, path, ALLOWED)).to.deep.equal({ status: 101 });
        expect(await upgrade(edge, path, edge.url)).to.deep.equal({ status: 101 });
        expect(await upgrade(edge, path)).to.deep.equal({ status: 101 });
      });
    }

    it('are let through to polling by origin, with CORS for those allowed', async () => {
      expect((await poll(edge, '', { headers: { Origin: FOREIGN } })).status).to.equal(403);
      const allowed = await poll(edge, '', { headers: { Origin: ALLOWED } });
      expect(allowed.status).to.equal(200);
      expect(allowed.headers.get('access-control-allow-origin')).to.equal(ALLOWED);
    });

    it('cannot take over the polling session of another page', async () => {
      const sid = await pollingSession(edge);
      expect((await poll(edge, `&sid=${sid}`, { headers: { Origin: FOREIGN } })).status).to.equal(403);
    });
  });

  describe('without end', () => {
    let edge: Edge;
    beforeEach(async () => {
      edge = await startEdge({ env: { LIMIT_CONNECTS_PER_MINUTE: '3' } });
    });
    afterEach(() => edge.close());

    for (const path of [SOCKET_IO, '/ws/workitems']) {
      it(`are refused by ${path.slice(0, 14)} with 429`, async () => {
        for (let i = 0; i < 3; i++) expect((await upgrade(edge, path)).status).to.equal(101);
        const { status, retryAfter } = await upgrade(edge, path);
        expect(status).to.equal(429);
        expect(Number(retryAfter)).to.be.within(1, 60);
      });
    }

    it('are refused to polling with 429', async () => {
      for (let i = 0; i < 3; i++) expect((await poll(edge, '')).status).to.equal(200);
      const refused = await poll(edge, '');
      expect(refused.status).to.equal(429);
      expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 60);
    });

    it('count once per connection, whatever it does on it', async () => {
      const client = edge.socketio({ token: await edge.token() }, { transports: ['polling', 'websocket'] });
      const ear = listen(client);
      await heardOnce(client.io.engine as never, 'upgrade');
      await ear.named('caught_up');
      expect((await upgrade(edge, SOCKET_IO)).status).to.equal(101);
      expect((await upgrade(edge, SOCKET_IO)).status).to.equal(101);
      expect((await upgrade(edge, SOCKET_IO)).status).to.equal(429);
    });
  });
});
