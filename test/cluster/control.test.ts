// What must take effect everywhere does so at once: revocations, drains, allowances.
import { expect } from 'chai';
import { io as connect } from 'socket.io-client';
import { INTAKE_KEY, type TestHub } from '../support/hub.js';
import { heardOnce } from '../sockets/wait.js';
import { type Cluster, startCluster } from './cluster.js';

describe('several processes', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  let told: TestHub;
  let other: TestHub;
  before(async () => {
    cluster = await startCluster(2, { LIMIT_INTAKE_PER_MINUTE: '20', LIMIT_FAILED_AUTH_PER_MINUTE: '6' });
    [told, other] = cluster.hubs as [TestHub, TestHub];
  });
  after(() => cluster.end());

  it('cut a revoked user off though they cannot read of the revocation in the database', async () => {
    const token = await other.token('mallory');
    const victim = await other.socket('mallory', { token });
    const bystander = await other.socket('alice');
    await Promise.all([victim.named('caught_up'), bystander.named('caught_up')]);
    const fault = await cluster.blindfold(other);
    await fault.struck();
    const gone = heardOnce(victim.client, 'disconnect');
    const admin = await told.token('root', { roles: ['admin'] });
    const answer = await told.call('POST', '/api/revocations', admin, { sub: 'mallory' });
    expect(answer.status).to.be.within(200, 299);
    await gone;
    expect(bystander.client.connected).to.equal(true);
    await fault.off();
    expect((await other.call('GET', '/api/workitems', token)).status).to.equal(401);
  });

  it('drain a user wherever he is connected', async () => {
    const there = await other.socket('rob');
    await there.named('caught_up');
    const fault = await cluster.blindfold(other);
    await fault.struck();
    const gone = heardOnce(there.client, 'disconnect');
    const monitor = connect(`${told.url}/monitor`, {
      auth: { token: await told.token('root', { roles: ['admin'] }) },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    try {
      expect(await monitor.timeout(8_000).emitWithAck('drain_user', { sub: 'rob' })).to.deep.equal({ ok: true });
      await gone;
    } finally {
      monitor.close();
      await fault.off();
    }
  });

  it('have one allowance for all', async () => {
    const post = async (hub: TestHub, n: number): Promise<number> => {
      const response = await fetch(`${hub.url}/api/email/intake`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': INTAKE_KEY },
        body: JSON.stringify({
          subject: `Mail ${n}`,
          from: 'a@example.com',
          body: 'text',
          internetMessageId: `<${n}@limits>`,
        }),
      });
      await response.arrayBuffer();
      return response.status;
    };
    const statuses: number[] = [];
    for (let i = 0; i < 24; i++) statuses.push(await post(i % 2 === 0 ? told : other, i));
    expect(statuses.filter((status) => status === 200)).to.have.length(20);
    expect(statuses.slice(20)).to.deep.equal([429, 429, 429, 429]);
  });

  it('refuse an address that has guessed too often with any of them', async () => {
    const guess = async (hub: TestHub): Promise<number> =>
      (await hub.call('GET', '/api/workitems', 'not.a.token')).status;
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) statuses.push(await guess(i % 2 === 0 ? told : other));
    expect(statuses).to.deep.equal([401, 401, 401, 401, 401, 401, 429, 429, 429, 429]);
    // Who has a good token is not kept out by somebody else behind the same address.
    expect((await other.call('GET', '/api/workitems', await other.token('alice'))).status).to.equal(200);
  });
});
