// Redis, which only wakes hubs up: whatever becomes of it, nothing may be missing, and nobody may have to wait long.
import { type Hub, linkOf, partitionOf } from '../hubs.js';
import type { Scenario } from '../scenario.js';
import type { World } from '../world.js';

/** Lets a fault last for a while, notes the longest pause from its beginning to when all is well after its end. */
async function lasting(world: World, begin: () => unknown, end: () => unknown, ms: number): Promise<void> {
  const struck = performance.now();
  await begin();
  await world.recovers(struck);
  await world.pass(ms);
  const mended = performance.now();
  await end();
  await world.recovers(mended);
  await world.crowd.served(10);
  world.notePause(struck);
}

export const redisKilled: Scenario = {
  name: 'redis-killed',
  quick: false,
  what: 'Redis killed with -9, gone for seconds, started again empty',
  needs: { redis: 'one' },
  async run(world, random) {
    for (let n = world.size(2, 1); n > 0; n--) {
      const ms = random.between(100, world.size(4_000, 1_500));
      await lasting(
        world,
        () => world.redis.kill(),
        () => world.redis.start(),
        ms,
      );
    }
  },
};

export const redisHung: Scenario = {
  name: 'redis-hung',
  quick: false,
  what: 'SIGSTOP of Redis for seconds, SIGCONT',
  needs: { redis: 'one' },
  async run(world, random) {
    const ms = random.between(500, world.size(8_000, 2_000));
    await lasting(
      world,
      () => world.redis.pause(),
      () => world.redis.resume(),
      ms,
    );
  },
};

export const redisFlushed: Scenario = {
  name: 'redis-flushed',
  quick: false,
  what: 'FLUSHALL and the end of all connections, again and again',
  needs: { redis: 'one' },
  seeds: 3,
  async run(world, random) {
    for (let n = world.size(5, 2); n > 0; n--) {
      await world.crowd.served(random.between(1, 10));
      const struck = performance.now();
      await world.redis.command(['FLUSHALL']);
      await world.redis.command(['CLIENT', 'KILL', 'TYPE', random.pick(['normal', 'pubsub'])]);
      await world.recovers(struck);
      world.notePause(struck);
    }
  },
};

export const redisPartitioned: Scenario = {
  name: 'redis-partitioned',
  what: 'one hub loses Redis, which swallows all it says or refuses it; the other keeps it',
  needs: { redis: 'linked' },
  async run(world, random) {
    for (let n = world.size(2, 1); n > 0; n--) {
      const { begin, end } = partitionOf(linkOf(random.pick(world.hubs.running), 'redis'), random);
      await lasting(world, begin, end, random.between(500, world.size(6_000, 1_500)));
    }
  },
};

export const redisGoneAtStart: Scenario = {
  name: 'redis-gone-at-start',
  quick: false,
  what: 'a hub starts and another dies while Redis is away',
  needs: { redis: 'one' },
  seeds: 3,
  async run(world, random) {
    const struck = performance.now();
    await world.redis.kill();
    await world.hubs.start();
    const since = performance.now();
    await (random.pick(world.hubs.running) as Hub).kill();
    await world.recovers(since);
    await world.redis.start();
    await world.crowd.served(10);
    world.notePause(struck);
  },
};
