// A replay is sent in pieces, so that events of the largest size do not make a healthy connection look slow.
import { expect } from 'chai';
import { startEdge, type Edge, EPOCH } from '../sockets/edge.js';
import { makeEvent, makeItem } from '../sockets/events.js';
import { type Ear, listen, listenRaw } from '../sockets/wait.js';

/** More than a page of the replay. */
const COUNT = 600;

describe('a replay of several times what may wait for a connection', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge({ env: { SOCKET_QUEUE_MAX_MB: '0.5' } });
    const data = makeItem({ subject: 'x'.repeat(30_000) });
    edge.publish(...Array.from({ length: COUNT }, () => makeEvent(0, { data })));
  });
  after(() => edge.close());

  const open: Record<string, (token: string) => Ear> = {
    'Socket.IO': (token) => listen(edge.socketio({ token, position: { epoch: EPOCH, seq: 0 } })),
    polling: (token) =>
      listen(edge.socketio({ token, position: { epoch: EPOCH, seq: 0 } }, { transports: ['polling'] })),
    'the bridge': (token) => listenRaw(edge.raw(`?v=2&since=${EPOCH}:0&token=${token}`)),
  };
  for (const [kind, connect] of Object.entries(open)) {
    it(`arrives whole over ${kind}`, async () => {
      const ear = connect(await edge.token({ sub: kind }));
      expect((await ear.named('caught_up')).data).to.include({ count: COUNT });
      expect(ear.heard.slice(1, -1).map(({ seq }) => seq)).to.deep.equal(
        Array.from({ length: COUNT }, (_, index) => index + 1),
      );
    });
  }
});
