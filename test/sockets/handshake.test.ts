// Who gets into /workitems, with what, and what the others are told.
import { expect } from 'chai';
import { type Edge, EPOCH, startEdge } from './edge.js';
import { makeEvent } from './events.js';
import { listen, refusalOf } from './wait.js';

describe('handshake of /workitems', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge();
  });
  after(() => edge.close());

  for (const transport of ['websocket', 'polling']) {
    it(`is answered with ready before anything else on ${transport}`, async () => {
      const ear = listen(edge.socketio({ token: await edge.token({ sub: 'ann' }) }, { transports: [transport] }));
      await ear.named('caught_up');
      edge.publish(makeEvent(0));
      await ear.named('new_workitem');
      expect(ear.heard.map(({ event }) => event)).to.deep.equal(['ready', 'caught_up', 'new_workitem']);
      const [ready] = ear.heard;
      expect(ready?.data).to.include({ epoch: EPOCH, verdict: 'fresh', contract: 1 });
      expect(ready?.data.principal).to.include({ sub: 'ann' });
    });
  }

  it('takes the token from the Authorization header', async () => {
    const extraHeaders = { Authorization: `Bearer ${await edge.token()}` };
    await listen(edge.socketio(null, { extraHeaders })).named('ready');
  });

  it('resumes from a position', async () => {
    edge.publish(makeEvent(0), makeEvent(0));
    const seq = edge.position() - 2;
    const ear = listen(edge.socketio({ token: await edge.token(), position: { epoch: EPOCH, seq } }));
    const caughtUp = await ear.named('caught_up');
    expect(ear.heard[0]?.data).to.include({ verdict: 'resumed', seq });
    expect(ear.heard.map((heard) => heard.seq).slice(1, 3)).to.deep.equal([seq + 1, seq + 2]);
    expect(caughtUp.data).to.deep.equal({ epoch: EPOCH, seq: seq + 2, count: 2 });
  });

  it('is refused without a token', async () => {
    const { message, data } = await refusalOf(edge.socketio(null));
    expect(message).to.equal('unauthenticated');
    expect(data).to.include({ code: 'unauthenticated' }).and.have.property('message');
  });

  it('is refused with a token that has expired', async () => {
    expect((await refusalOf(edge.socketio({ token: await edge.token({ ttl: -60 }) }))).message).to.equal(
      'token_expired',
    );
  });

  it('is refused to roles that see nothing', async () => {
    const token = await edge.token({ roles: ['intake'] });
    expect((await refusalOf(edge.socketio({ token }))).message).to.equal('forbidden');
  });

  for (const contract of [1, 2, 99, undefined]) {
    it(`lets clients in that speak contract ${contract}`, async () => {
      const { data } = await listen(edge.socketio({ token: await edge.token(), contract })).named('ready');
      expect(data).to.include({ contract: 1 });
    });
  }

  for (const [what, part] of Object.entries({
    'a contract from before the first': { contract: 0 },
    'a contract that is none': { contract: 'new' },
    'a position that is none': { position: 'e1:4' },
    'a position below zero': { position: { epoch: EPOCH, seq: -1 } },
    'a position with something unknown': { position: { epoch: EPOCH, seq: 1, $gt: 0 } },
    'an unknown filter key': { filter: { colour: 'red' } },
    'a filter of the wrong type': { filter: { status: { $ne: 'x' } } },
    'a client id with spaces': { client_id: 'my desk' },
    'a client id too long': { client_id: 'x'.repeat(65) },
  })) {
    it(`is refused with ${what}`, async () => {
      const { message, data } = await refusalOf(edge.socketio({ token: await edge.token(), ...part }));
      expect(message).to.equal('invalid');
      expect(data.details).to.be.an('array').that.is.not.empty;
    });
  }

  it('is refused in the default namespace', async () => {
    expect((await refusalOf(edge.socketio({ token: await edge.token() }, {}, '/'))).message).to.equal('not_found');
  });

  it('is refused in namespaces that do not exist', async () => {
    expect((await refusalOf(edge.socketio({ token: await edge.token() }, {}, '/admin'))).message).to.equal(
      'Invalid namespace',
    );
  });
});
