// What happens to one of two hubs must not be felt in the history of the other's clients.
import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { signToken } from '../../src/auth/sign.js';
import { closeOf, listenRaw } from '../sockets/wait.js';
import { gather } from '../support/crowd.js';
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

  it('give every client the same history while commands race between them, one hangs, and clients change over', async function () {
    this.timeout(90_000);
    const crowd = await gather({
      urls: () => hubs.running.map(({ url }) => url),
      mongoUrl: hubs.database.url,
      database: hubs.database.name,
    });
    try {
      await crowd.served(30);
      hubs.running[0]?.process.child.kill('SIGSTOP');
      // How long it hangs is the fault itself: a hole is filled after a second, and the late writer has to cope.
      await delay(2_500);
      hubs.running[0]?.process.child.kill('SIGCONT');
      await crowd.served(20);
      for (const watcher of crowd.watchers) watcher.drop();
      await crowd.served(20);
      expect(await crowd.judge()).to.deep.equal([]);
    } finally {
      crowd.close();
    }
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
