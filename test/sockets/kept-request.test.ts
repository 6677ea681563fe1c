// An idle connection does not hold what it was opened with, and what namespaces ask for later is still there.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { gone } from '../support/gone.js';
import { type Edge, startEdge } from './edge.js';
import { DEADLINE_MS, listen, refusalOf } from './wait.js';

describe('the request of a connection', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge({ env: { TRUST_PROXY: 'true', LIMIT_FAILED_AUTH_PER_MINUTE: '1' } });
  });
  after(() => edge.close());

  /** The next request of one of these kinds, held by nobody here. */
  async function nextOf(kind: 'request' | 'upgrade'): Promise<WeakRef<object>> {
    const [request] = (await once(edge.httpServer, kind)) as [IncomingMessage];
    return new WeakRef(request);
  }

  it('is let go when a Socket.IO client has joined over WebSocket', async () => {
    const request = nextOf('upgrade');
    const client = edge.socketio({ token: await edge.token() });
    await listen(client).named('caught_up');
    await gone(await request);
    expect(client.connected).to.equal(true);
  });

  it('is let go when a Socket.IO client has joined over polling', async () => {
    const request = nextOf('request');
    const client = edge.socketio({ token: await edge.token() }, { transports: ['polling'] });
    await listen(client).named('caught_up');
    await gone(await request);
    expect(client.connected).to.equal(true);
  });

  it('is let go when a raw WebSocket has its stream', async () => {
    const request = nextOf('upgrade');
    const client = edge.raw(`?v=2&token=${await edge.token()}`);
    await once(client, 'message', { signal: AbortSignal.timeout(DEADLINE_MS) });
    await gone(await request);
    expect(client.readyState).to.equal(client.OPEN);
  });

  it('takes the handshake with it, in which the token is', async () => {
    const client = edge.socketio({ token: await edge.token() });
    await listen(client).named('caught_up');
    const socket = edge.io.of('/workitems').sockets.get(client.id as never);
    expect(socket?.handshake).to.deep.include({ auth: {}, headers: {}, query: {} });
  });

  it('leaves its token to a namespace that is joined later', async () => {
    const token = await edge.token({ roles: ['supervisor'] });
    const client = edge.socketio(null, { extraHeaders: { Authorization: `Bearer ${token}` } });
    await listen(client).named('caught_up');
    await listen(client.io.socket('/monitor')).named('stats');
  });

  it('leaves the address by which refusals are counted', async () => {
    const join = async (address: string) => {
      const extraHeaders = { 'X-Forwarded-For': address };
      const client = edge.socketio({ token: await edge.token() }, { extraHeaders });
      await listen(client).named('caught_up');
      const refreshed = async () => client.timeout(DEADLINE_MS).emitWithAck('refresh_token', { token: 'none' });
      return async (): Promise<string> => (await refreshed()).error.code;
    };
    const one = await join('203.0.113.1');
    expect([await one(), await one()]).to.deep.equal(['unauthenticated', 'rate_limited']);
    expect(await (await join('203.0.113.2'))()).to.equal('unauthenticated');
    const again = edge.socketio({ token: 'none' }, { extraHeaders: { 'X-Forwarded-For': '203.0.113.1' } });
    expect((await refusalOf(again)).message).to.equal('rate_limited');
  });
});
