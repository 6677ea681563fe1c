// At the end of a process every raw WebSocket is told to come back, and those that do not react are let go of.
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import type { WebSocket } from 'ws';
import { type Edge, startEdge } from '../sockets/edge.js';
import { makeEvent } from '../sockets/events.js';
import { closeOf, DEADLINE_MS, heardOnce, listenRaw } from '../sockets/wait.js';

const RESTART = { code: 'restart', message: 'Come back.' } as const;

describe('the end of /ws/workitems', () => {
  let edge: Edge;
  beforeEach(async () => {
    edge = await startEdge({ env: { SOCKET_QUEUE_MAX_MB: '1' } });
  });
  afterEach(() => edge.close());

  it('is 1012 on a restart, also for those who still come', async () => {
    const token = await edge.token();
    const clients = [edge.raw(), edge.raw(`?v=2&token=${token}`)];
    await Promise.all(clients.map((client) => heardOnce(client, 'open')));
    const closes = Promise.all(clients.map(closeOf));
    await edge.bridge.closeAll(RESTART);
    for (const { code } of await closes) expect(code).to.equal(1012);
    expect((await closeOf(edge.raw())).code).to.equal(1012);
    expect(edge.delivery.connections()).to.equal(0);
  });

  it('is 1012 on a drain, after draining was announced to v=2', async () => {
    const client = edge.raw(`?v=2&token=${await edge.token()}`);
    const ear = listenRaw(client);
    await ear.named('caught_up');
    const closed = closeOf(client);
    await edge.delivery.drain(1);
    expect((await ear.named('draining')).data).to.have.property('reconnect_after_ms');
    expect((await closed).code).to.equal(1012);
  });

  it('does not wait for a client that does not close', async () => {
    const socket = connect(edge.port, '127.0.0.1');
    socket.write(
      'GET /ws/workitems HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await once(socket, 'data');
    const gone = once(socket, 'close', { signal: AbortSignal.timeout(DEADLINE_MS) });
    await edge.bridge.closeAll(RESTART);
    await gone;
  });

  it('is 4413 for a reader that is too slow, and nobody else', async () => {
    const tokens = [await edge.token({ sub: 'slow' }), await edge.token({ sub: 'quick' })];
    const [slow, quick] = tokens.map((token) => edge.raw(`?v=2&token=${token}`)) as [WebSocket, WebSocket];
    const ears = [listenRaw(slow), listenRaw(quick)] as const;
    await Promise.all(ears.map((ear) => ear.named('caught_up')));
    const closed = closeOf(slow);
    slow.pause();
    const item = makeEvent(0);
    const big = { ...item, data: { ...item.data, subject: 'x'.repeat(50_000) } };
    while (edge.delivery.connections() === 2) {
      edge.publish(big);
      const seq = edge.position();
      await ears[1].until((heard) => heard.event === 'new_workitem' && heard.seq === seq);
    }
    slow.resume();
    expect((await closed).code).to.equal(4413);
    const seqs = ears[0].heard.flatMap(({ event, seq }) => (event === 'new_workitem' ? [seq] : []));
    expect(seqs).to.deep.equal(seqs.map((_, i) => i + 1));
  });
});
