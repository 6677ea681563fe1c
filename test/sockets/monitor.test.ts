// What supervisors see of the hub, and what admins may do there.
import { expect } from 'chai';
import { type Edge, EPOCH, startEdge } from './edge.js';
import { DEADLINE_MS, heardOnce, listen, refusalOf } from './wait.js';

describe('/monitor', () => {
  let edge: Edge;
  const drained: [string, string][] = [];
  before(async () => {
    edge = await startEdge({ drainUser: async (sub, by) => void drained.push([sub, by]) });
  });
  after(() => edge.close());

  const join = async (sub: string, roles: ('supervisor' | 'admin' | 'underwriter')[]) =>
    edge.socketio({ token: await edge.token({ sub, roles }) }, {}, '/monitor');

  it('shows connections and relay at once, and again', async () => {
    await listen(edge.socketio({ token: await edge.token() })).named('caught_up');
    const ear = listen(await join('sue', ['supervisor']));
    const { data } = await ear.named('stats');
    expect(data).to.deep.equal({
      connections: { process: 1, total: 1 },
      relay: { epoch: EPOCH, position: edge.position(), lag: 0 },
      rates: {},
      processes: [],
    });
    await ear.until(() => ear.heard.length > 1);
  });

  it('is closed to underwriters and strangers', async () => {
    expect((await refusalOf(await join('ann', ['underwriter']))).message).to.equal('forbidden');
    expect((await refusalOf(edge.socketio(null, {}, '/monitor'))).message).to.equal('unauthenticated');
  });

  it('lets admins, and only them, drain a user', async () => {
    const admin = (await join('ada', ['admin'])).timeout(DEADLINE_MS);
    expect(await admin.emitWithAck('drain_user', { sub: 'rob' })).to.deep.equal({ ok: true });
    expect(drained).to.deep.equal([['rob', 'ada']]);
    expect((await admin.emitWithAck('drain_user', { sub: '' })).error.code).to.equal('invalid');
    expect((await admin.emitWithAck('drain_everybody', {})).error.code).to.equal('invalid');
    const supervisor = (await join('sue', ['supervisor'])).timeout(DEADLINE_MS);
    expect((await supervisor.emitWithAck('drain_user', { sub: 'rob' })).error.code).to.equal('forbidden');
    expect(drained).to.have.length(1);
  });

  it('ends with the token', async () => {
    const client = await join('rex', ['supervisor']);
    await listen(client).named('stats');
    edge.revoked.add('rex');
    await heardOnce(client, 'disconnect');
  });
});
