// A hub that does not die but stands still, and goes on as if nothing had been.
import { WebSocket } from 'ws';
import { signToken } from '../../../src/auth/sign.js';
import { closeOf, listenRaw } from '../../sockets/wait.js';
import { SECRET } from '../../support/hub.js';
import type { Hub } from '../hubs.js';
import type { Scenario } from '../scenario.js';
import type { World } from '../world.js';

export const hubStopped: Scenario = {
  name: 'hub-stopped',
  quick: false,
  what: 'SIGSTOP of a hub for seconds (10 in a full run), SIGCONT',
  needs: {},
  seeds: 4,
  async run(world, random) {
    await world.crowd.served(random.between(1, 20));
    const hub = random.pick(world.hubs.running);
    hub.pause();
    // How long is the fault itself: holes are filled after a second, and the late writer has to cope.
    await world.pass(world.size(10_000, 2_500));
    const since = performance.now();
    hub.resume();
    await world.recovers(since);
    await world.crowd.served(20);
  },
};

export const hubStutters: Scenario = {
  name: 'hub-stutters',
  what: 'both hubs stopped again and again for up to 1.5 s, also at once',
  needs: { clients: true },
  async run(world, random) {
    const stutter = async (name: string): Promise<void> => {
      const own = random.fork(name);
      for (let n = world.size(5, 2); n > 0; n--) {
        await world.pass(own.between(0, 500));
        const hub = own.pick(world.hubs.running);
        hub.pause();
        await world.pass(own.between(50, 1_500));
        hub.resume();
      }
    };
    await Promise.all([stutter('one'), stutter('other')]);
    await world.recovers();
    await world.crowd.served(10);
  },
};

export const clockSkewed: Scenario = {
  name: 'clock-skewed',
  what: 'a hub whose clock is ten minutes ahead, and one whose clock is ten minutes behind',
  needs: { hubs: 1, clients: true },
  seeds: 3,
  async run(world, random) {
    const skewMs = 600_000;
    const [ahead, behind] = await Promise.all([world.hubs.start({ skewMs }), world.hubs.start({ skewMs: -skewMs })]);
    await world.crowd.served(world.size(60, 20));
    for (const watcher of world.crowd.watchers) watcher.drop();
    await world.crowd.served(20);
    await revokeThrough(world, behind);
    // What a dead one with another clock left half-way is finished by the others.
    const since = performance.now();
    await random.pick([ahead, behind]).kill();
    await world.recovers(since);
    await world.crowd.served(20);
  },
};

/** Somebody with a token of this moment, connected to every hub, is locked out through one of them. */
async function revokeThrough(world: World, hub: Hub): Promise<void> {
  const mallory = { sub: 'mallory', name: 'Mallory', roles: ['underwriter' as const], teams: [] };
  const token = await signToken(SECRET, mallory, '1h');
  const ends = await Promise.all(
    world.hubs.running.map(async ({ name, url }) => {
      const client = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/workitems?v=2&token=${token}`);
      const closed = closeOf(client);
      await listenRaw(client).named('caught_up');
      return { name, client, closed };
    }),
  );
  const root = await signToken(SECRET, { sub: 'root', name: 'Root', roles: ['admin'], teams: [] }, '1h');
  const answer = await fetch(`${hub.url}/api/revocations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${root}` },
    body: JSON.stringify({ sub: 'mallory' }),
  });
  if (!answer.ok) world.report({ kind: 'wrong', what: `a revocation was answered ${answer.status}` });
  await Promise.all(
    ends.map(async ({ name, client, closed }) => {
      const code = await closed.then(
        (close) => close.code,
        () => null,
      );
      client.terminate();
      if (code !== 4401) world.report({ kind: 'leaked', what: `${name} went on serving a revoked user (${code})` });
    }),
  );
}
