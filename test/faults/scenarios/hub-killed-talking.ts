// A hub dies while it talks: between the log and the publish, in the middle of a fan-out, in the middle of a replay.
import { type Hub, linkOf } from '../hubs.js';
import type { Scenario } from '../scenario.js';
import type { World } from '../world.js';
import { deathOf } from './hub-killed.js';

/** Lets the hub die of what its link sees, and waits for everybody to get over it. */
async function outlive(world: World, hub: Hub, what: string): Promise<void> {
  const died = await deathOf(hub, what);
  await world.recovers(died);
  await world.hubs.start();
}

export const killedBeforePublish: Scenario = {
  name: 'hub-killed-before-publish',
  what: 'kill -9 of a hub when it tells Redis of events that are in the log, before that gets there',
  needs: { redis: 'linked' },
  async run(world, random) {
    for (let n = world.size(3, 1); n > 0; n--) {
      await world.crowd.served(random.between(1, 10));
      const hub = random.pick(world.hubs.running);
      let left = random.between(1, 10);
      let dead = false;
      linkOf(hub, 'redis').tap = (piece, direction) => {
        if (dead) return 'drop';
        if (direction === 'down' || !/publish/i.test(piece.toString('latin1')) || --left > 0) return 'pass';
        dead = true;
        void hub.kill();
        return 'drop';
      };
      await outlive(world, hub, 'at a publish');
    }
    await world.crowd.served(10);
  },
};

export const killedInFanOut: Scenario = {
  name: 'hub-killed-in-fan-out',
  what: 'kill -9 of a hub when the first of its clients have got a batch, and the others have not',
  needs: { doors: 'linked' },
  async run(world, random) {
    for (let n = world.size(3, 1); n > 0; n--) {
      // Whoever came back after the last death is with the survivor: now both have some.
      for (const watcher of world.crowd.watchers) watcher.drop();
      await world.recovers();
      await world.crowd.served(random.between(1, 10));
      const hub = random.pick(world.hubs.running);
      /** Pieces with events that may pass before it dies; and bytes of the next one, which may end in the middle. */
      let left = random.between(1, 4 * world.crowd.watchers.length);
      let dead = false;
      linkOf(hub, 'door').tap = (piece, direction) => {
        if (dead) return 'drop';
        if (direction === 'up' || !piece.includes('new_workitem') || --left > 0) return 'pass';
        dead = true;
        void hub.kill();
        return random.chance(0.5) ? 'pass' : 'drop';
      };
      await outlive(world, hub, 'while it handed on a batch');
    }
    await world.crowd.served(10);
  },
};

export const killedInReplay: Scenario = {
  name: 'hub-killed-in-replay',
  quick: false,
  what: 'kill -9 of a hub in the middle of the replays of clients that were away',
  needs: { doors: 'linked' },
  async run(world, random) {
    for (let n = world.size(3, 1); n > 0; n--) {
      const away = world.crowd.watchers.filter((_, index) => index % 2 === 0);
      for (const watcher of away) watcher.sleep();
      await world.crowd.served(world.size(150, 60));
      const [hub, ...others] = world.hubs.running as [Hub, ...Hub[]];
      // Everybody to the one that will die, and as slowly as it takes to be in the middle.
      for (const other of others) linkOf(other, 'door').forbid();
      let bytes = random.between(1, 30_000);
      let dead = false;
      linkOf(hub, 'door').slow({ bytesPerSecond: 400_000 });
      linkOf(hub, 'door').tap = (piece, direction) => {
        if (dead) return 'drop';
        if (direction === 'up' || !piece.includes('workitem')) return 'pass';
        bytes -= piece.length;
        if (bytes > 0) return 'pass';
        dead = true;
        void hub.kill();
        return 'drop';
      };
      for (const watcher of away) watcher.wake();
      await deathOf(hub, 'in a replay');
      for (const other of others) linkOf(other, 'door').allow();
      await world.recovers();
      await world.hubs.start();
    }
    await world.crowd.served(10);
  },
};
