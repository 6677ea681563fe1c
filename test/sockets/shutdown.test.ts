// The end of the process tells every Socket.IO connection that it may come back, whatever is open on it.
import { expect } from 'chai';
import { type Edge, startEdge } from './edge.js';
import { engineClient, joinedClient } from './engine-client.js';
import { closeOf, listen } from './wait.js';

describe('closing the Socket.IO server', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge();
  });
  after(() => edge.close());

  it('closes connections with 1012: with a stream, with a monitor, with nothing', async () => {
    const monitor = edge.socketio({ token: await edge.token({ roles: ['supervisor'] }) }, {}, '/monitor');
    await listen(monitor).named('stats');
    const ended = new Promise((resolve) =>
      monitor.once('disconnect', (_reason, details) =>
        resolve((details as { context: { code: number } }).context.code),
      ),
    );
    const closes = [await joinedClient(edge), await engineClient(edge)].map(closeOf);
    await edge.closeSockets();
    for (const { code } of await Promise.all(closes)) expect(code).to.equal(1012);
    expect(await ended).to.equal(1012);
  });
});
