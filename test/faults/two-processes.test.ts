// What one of two hubs is told must reach the clients of the other.
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { signToken } from '../../src/auth/sign.js';
import { closeOf, listenRaw } from '../sockets/wait.js';
import { SECRET } from '../support/hub.js';
import { type RunningHub, type TwoHubs, twoHubs } from './two-hubs.js';

describe('two hubs on one MongoDB', () => {
  let hubs: TwoHubs;
  beforeEach(async function () {
    this.timeout(60_000);
    hubs = await twoHubs();
  });
  afterEach(async function () {
    this.timeout(60_000);
    await hubs.end();
  });

  it('cut a revoked user off within 3 s, whichever was told', async function () {
    this.timeout(60_000);
    const [told, other] = hubs.running as [RunningHub, RunningHub];
    const principal = { sub: 'mallory', name: 'Mallory', roles: ['underwriter' as const], teams: [] };
    const client = new WebSocket(
      `${other.url.replace(/^http/, 'ws')}/ws/workitems?v=2&token=${await signToken(SECRET, principal, '1h')}`,
    );
    const closed = closeOf(client);
    await listenRaw(client).named('caught_up');
    const admin = await signToken(SECRET, { sub: 'root', name: 'Root', roles: ['admin'], teams: [] }, '1h');
    const asked = performance.now();
    const answer = fetch(`${told.url}/api/revocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
      body: JSON.stringify({ sub: 'mallory' }),
    });
    expect((await closed).code).to.equal(4401);
    expect(performance.now() - asked).to.be.below(3_000);
    expect((await answer).ok).to.equal(true);
  });
});
