// `/monitor` for a supervisor whose right has ended: between that moment and the cut nothing is written and nothing done.
import type { Ack } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { type Edge, startEdge } from '../sockets/edge.js';
import { heardOnce, listen } from '../sockets/wait.js';

describe('/monitor', () => {
  let edge: Edge;
  const drained: string[] = [];
  before(async () => {
    edge = await startEdge({ drainUser: async (sub) => void drained.push(sub) });
  });
  after(() => edge.close());

  const monitor = async (jti: string, roles: ('admin' | 'supervisor')[]) => {
    const client = edge.socketio({ token: await edge.token({ sub: 'root', roles, jti }) }, {}, '/monitor');
    const ear = listen(client);
    await ear.named('stats');
    return { client, ear };
  };

  it('does nothing for who was revoked, before they are cut', async () => {
    const { client, ear } = await monitor('one', ['admin']);
    const heard = ear.heard.length;
    const gone = heardOnce(client, 'disconnect');
    edge.revoked.add('one');
    const answer = (await Promise.race([
      client.emitWithAck('drain_user', { sub: 'alice' }),
      gone.then(() => ({ ok: false })),
    ])) as Ack;
    expect(answer.ok).to.equal(false);
    await gone;
    expect(drained).to.deep.equal([]);
    expect(ear.heard).to.have.length(heard);
  });

  it('writes no numbers once the token has ended, though no timer has fired', async () => {
    const { client, ear } = await monitor('two', ['supervisor']);
    const heard = ear.heard.length;
    const gone = heardOnce(client, 'disconnect');
    const clock = Date.now;
    Date.now = () => clock() + 4_000_000;
    try {
      await gone;
    } finally {
      Date.now = clock;
    }
    expect(ear.heard).to.have.length(heard);
  });
});
