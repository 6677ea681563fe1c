// Everything at once: faults of all kinds, chosen and timed at random, several of them at a time.
import type { Random } from '../../support/random.js';
import { type Hub, linkOf } from '../hubs.js';
import type { Scenario } from '../scenario.js';
import type { World } from '../world.js';

/** One fault, from its beginning to its end. */
type Trouble = (random: Random) => Promise<void>;

const STARTS_MAX = 10;

/** A hub that no other fault holds at the moment; one always stays. */
function take(world: World, random: Random, held: Set<Hub>): Hub | null {
  const free = world.hubs.running.filter((hub) => !held.has(hub));
  if (free.length < 2) return null;
  const hub = random.pick(free);
  held.add(hub);
  return hub;
}

export const mixed: Scenario = {
  name: 'mixed',
  what: 'all of these at random, several at a time, with two or three hubs',
  needs: { mongo: 'linked', redis: 'linked', doors: 'watchers', clients: true, env: { HEARTBEAT_SECONDS: '2' } },
  seeds: 100,
  async run(world, random) {
    const held = new Set<Hub>();
    /** As an orchestrator does: a hub that finds no database ends, and is started again. */
    const start = async (): Promise<void> => {
      for (let tries = 1; ; tries++) {
        try {
          return void (await hubs.start());
        } catch (error) {
          if (tries === STARTS_MAX) throw error;
        }
      }
    };
    const { mongod, redis, crowd, hubs } = world;
    /** Lets a fault of one hub last, unless all hubs have one. */
    const withHub = async (own: Random, work: (hub: Hub) => Promise<void>): Promise<void> => {
      const hub = take(world, own, held);
      if (!hub) return;
      await work(hub);
      held.delete(hub);
    };
    /** For a server that all have: one fault at a time. */
    const busy = new Set<string>();
    const only = async (name: string, work: () => Promise<void>): Promise<void> => {
      if (busy.has(name)) return;
      busy.add(name);
      await work();
      busy.delete(name);
    };

    const troubles: Trouble[] = [
      (own) =>
        withHub(own, async (hub) => {
          await hub.kill();
          await world.pass(own.between(0, 500));
          await start();
        }),
      (own) =>
        withHub(own, async (hub) => {
          await hub.stop();
          await start();
        }),
      (own) =>
        withHub(own, async (hub) => {
          hub.pause();
          await world.pass(own.between(50, 2_500));
          hub.resume();
        }),
      (own) =>
        withHub(own, async (hub) => {
          const link = linkOf(hub, own.pick(['mongo', 'redis', 'door'] as const));
          link.freeze();
          await world.pass(own.between(50, 2_500));
          if (own.chance(0.5)) link.cut();
          link.thaw();
        }),
      (own) =>
        withHub(own, async (hub) => {
          const link = linkOf(hub, own.pick(['mongo', 'redis', 'door'] as const));
          link.forbid();
          link.cut();
          await world.pass(own.between(50, 1_500));
          link.allow();
        }),
      async (own) => linkOf(own.pick(hubs.running), own.pick(['mongo', 'redis', 'door'] as const)).cut(),
      async (own) => linkOf(own.pick(hubs.running), 'door').strand(),
      (own) =>
        withHub(own, async (hub) => {
          const link = linkOf(hub, own.pick(['mongo', 'redis', 'door'] as const));
          link.slow({ delayMs: own.between(5, 150) });
          await world.pass(own.between(200, 2_000));
          link.slow({});
        }),
      (own) =>
        withHub(own, async (hub) => {
          const link = linkOf(hub, 'mongo');
          link.tap = (_piece, direction) => (direction === 'down' && own.chance(0.02) ? 'cut' : 'pass');
          await world.pass(own.between(200, 1_500));
          link.tap = null;
        }),
      (own) =>
        only('redis', async () => {
          await redis.kill();
          await world.pass(own.between(0, 1_500));
          await redis.start();
        }),
      (own) =>
        only('redis', async () => {
          redis.pause();
          await world.pass(own.between(50, 2_500));
          redis.resume();
        }),
      (own) =>
        only('redis', async () => {
          await redis.command(['FLUSHALL']);
          await redis.command(['CLIENT', 'KILL', 'TYPE', own.pick(['normal', 'pubsub'])]);
        }),
      (own) =>
        only('mongod', async () => {
          await mongod.kill();
          await world.pass(own.between(0, 500));
          await mongod.start();
        }),
      (own) =>
        only('mongod', async () => {
          mongod.pause();
          await world.pass(own.between(50, 2_500));
          mongod.resume();
        }),
      async (own) => {
        const watchers = crowd.watchers.filter(() => own.chance(0.3));
        for (const watcher of watchers) watcher.sleep();
        await world.pass(own.between(0, 1_500));
        for (const watcher of watchers) watcher.wake();
      },
    ];

    if (random.chance(0.5)) await start();
    const line = async (name: string): Promise<void> => {
      const own = random.fork(name);
      for (let n = world.size(4, 3); n > 0; n--) {
        await world.pass(own.between(0, 400));
        await own.pick(troubles)(own.fork(`trouble ${n}`));
      }
    };
    await Promise.all(['one', 'two', 'three'].map(line));
    await world.recovers();
    await crowd.served(10);
  },
};
