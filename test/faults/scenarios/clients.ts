// What networks do to clients: cut, half-open, delayed, narrow.
import { linkOf } from '../hubs.js';
import type { Scenario } from '../scenario.js';

export const clientsCut: Scenario = {
  name: 'clients-cut',
  quick: false,
  what: 'the connections of all clients of a hub are cut, again and again, some while they catch up',
  needs: { doors: 'linked', clients: true },
  async run(world, random) {
    for (let n = world.size(8, 4); n > 0; n--) {
      await world.crowd.served(random.between(1, 10));
      const since = performance.now();
      linkOf(random.pick(world.hubs.running), 'door').cut();
      if (random.chance(0.5)) {
        await world.pass(random.between(0, 120));
        linkOf(random.pick(world.hubs.running), 'door').cut();
      }
      await world.recovers(since);
    }
  },
};

export const clientsHalfOpen: Scenario = {
  name: 'clients-half-open',
  quick: false,
  what: 'connections go silent, and neither side is told: the heartbeat finds it out',
  needs: { doors: 'watchers', env: { HEARTBEAT_SECONDS: '1' } },
  async run(world, random) {
    for (let n = world.size(2, 1); n > 0; n--) {
      await world.crowd.served(random.between(1, 10));
      const since = performance.now();
      linkOf(random.pick(world.hubs.running), 'door').strand();
      await world.recovers(since);
      await world.crowd.served(10);
    }
  },
};

export const clientsDelayed: Scenario = {
  name: 'clients-delayed',
  quick: false,
  what: 'all that passes between clients and hubs comes late by up to 0.4 s, and stands still in between',
  needs: { doors: 'linked', clients: true },
  async run(world, random) {
    for (const hub of world.hubs.running) linkOf(hub, 'door').slow({ delayMs: random.between(20, 400) });
    for (let n = world.size(4, 2); n > 0; n--) {
      await world.crowd.served(random.between(1, 10));
      const link = linkOf(random.pick(world.hubs.running), 'door');
      link.freeze();
      await world.pass(random.between(50, 1_000));
      link.thaw();
    }
    for (const hub of world.hubs.running) linkOf(hub, 'door').slow({});
    await world.recovers();
  },
};

export const clientsThrottled: Scenario = {
  name: 'clients-throttled',
  quick: false,
  what: 'a network so narrow that the hub gives its clients up as too slow, and they resume',
  needs: {
    doors: 'watchers',
    env: { SOCKET_QUEUE_MAX_MB: '0.2', SOCKET_QUEUE_MAX_SECONDS: '1' },
    // The ring keeps the large mails.
    growthMb: 64,
  },
  seeds: 3,
  async run(world, random) {
    const [hub] = world.hubs.running;
    if (!hub) throw new Error('there is no hub');
    const link = linkOf(hub, 'door');
    const cuts = (): Promise<number> => hub.metric('hub_cuts_total{reason="too_slow"}');
    const before = await cuts();
    link.slow({ bytesPerSecond: random.between(500, 4_000) });
    await world.crowd.flood(() => cuts().then((count) => count > before));
    link.slow({});
    await world.recovers();
    await world.crowd.served(10);
  },
};
