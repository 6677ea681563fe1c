// A principal who is revoked, or whose token ends, in the middle of a long replay: the rest of it stays here.
import { expect } from 'chai';
import { type Edge, EPOCH, startEdge } from '../sockets/edge.js';
import { makeEvent } from '../sockets/events.js';
import { closeOf, type Ear, listen, listenRaw } from '../sockets/wait.js';

/** So many that the hub takes hundreds of turns for them. */
const EVENTS = 10_000;

describe('a long replay', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge();
    edge.publish(...Array.from({ length: EVENTS }, (_, index) => makeEvent(index)));
  });
  after(() => edge.close());

  const items = ({ heard }: Ear): number => heard.filter(({ event }) => event === 'new_workitem').length;
  const position = { epoch: EPOCH, seq: 0 };

  it('ends with a revocation on Socket.IO', async () => {
    const client = edge.socketio({ token: await edge.token({ sub: 'mallory', jti: 'one' }), position });
    const gone = new Promise((resolve) => client.once('disconnect', resolve));
    const ear = listen(client);
    await ear.named('new_workitem');
    edge.revoked.add('one');
    await gone;
    expect(items(ear)).to.be.within(1, EVENTS - 1);
  });

  it('ends with a revocation on a raw WebSocket', async () => {
    const token = await edge.token({ sub: 'mallory', jti: 'two' });
    const client = edge.raw(`?v=2&since=${EPOCH}:0&token=${token}`);
    const closed = closeOf(client);
    const ear = listenRaw(client);
    await ear.named('new_workitem');
    edge.revoked.add('two');
    expect((await closed).code).to.equal(4401);
    expect(items(ear)).to.be.within(1, EVENTS - 1);
  });

  it('ends with the token, whatever timers say', async () => {
    const token = await edge.token({ sub: 'mallory' });
    const client = edge.raw(`?v=2&since=${EPOCH}:0&token=${token}`);
    const closed = closeOf(client);
    const ear = listenRaw(client);
    await ear.named('new_workitem');
    const clock = Date.now;
    Date.now = () => clock() + 4_000_000;
    try {
      expect((await closed).text).to.match(/^token_expired/);
    } finally {
      Date.now = clock;
    }
    expect(items(ear)).to.be.within(1, EVENTS - 1);
  });

  it('is whole for everybody else', async () => {
    const ear = listen(edge.socketio({ token: await edge.token({ sub: 'bob' }), position }));
    await ear.named('caught_up');
    expect(items(ear)).to.equal(EVENTS);
  });
});
