// A hub dies, with -9: at any moment; and at a chosen step of what it does, before that step or after it.
import { answeredBy, commandOf, requestOf } from '../../support/mongo-wire.js';
import type { Random } from '../../support/random.js';
import { type Hub, linkOf } from '../hubs.js';
import type { Scenario } from '../scenario.js';
import type { World } from '../world.js';

/** What the other hub may take to notice nothing, milliseconds. */
const STEP_MS = 15_000;

/** Waits for a death that something else brings about; its moment by `performance.now()`. */
export async function deathOf(hub: Hub, what: string): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${hub.name} was to die ${what} and did not get there`)), STEP_MS);
  });
  await Promise.race([hub.ended, late]).finally(() => clearTimeout(timer));
  return performance.now();
}

/** Arms a hub, waits for its death, and starts another when everybody has got over it. */
async function dieAndReplace(world: World, random: Random, arm: (hub: Hub) => string): Promise<void> {
  const hub = random.pick(world.hubs.running);
  const died = await deathOf(hub, arm(hub));
  await world.recovers(died);
  await world.hubs.start();
  await world.crowd.served(random.between(1, 10));
}

export const killedAtAnyMoment: Scenario = {
  name: 'hub-killed',
  quick: false,
  what: 'kill -9 of a hub at any moment, again and again',
  needs: {},
  async run(world, random) {
    for (let n = world.size(4, 2); n > 0; n--) {
      await world.crowd.served(random.between(1, 30));
      const hub = random.pick(world.hubs.running);
      const died = performance.now();
      await hub.kill();
      await world.recovers(died);
      await world.hubs.start();
    }
    await world.crowd.served(10);
  },
};

/** Writes of the log's protocol, as they pass between a hub and mongod. */
const STEPS: readonly { command: string; collection: string; what: string }[] = [
  { command: 'findAndModify', collection: 'log', what: 'reserving numbers' },
  { command: 'insert', collection: 'submissions', what: 'inserting a submission' },
  { command: 'insert', collection: 'workitems', what: 'inserting a work item' },
  { command: 'findAndModify', collection: 'workitems', what: 'committing a command' },
  { command: 'insert', collection: 'events', what: 'inserting events' },
  { command: 'update', collection: 'workitems', what: 'clearing outboxes' },
];

export const killedBetweenSteps: Scenario = {
  name: 'hub-killed-between-steps',
  what: 'kill -9 of a hub before or after a chosen write: reserve, submission, item, command, events, clear',
  needs: { mongo: 'linked' },
  seeds: 12,
  async run(world, random) {
    for (let n = world.size(3, 1); n > 0; n--) {
      const step = random.pick(STEPS);
      const applied = random.chance(0.5);
      let left = random.between(1, 8);
      await dieAndReplace(world, random, (hub) => {
        let fatal: number | null = null;
        let dead = false;
        const die = (): 'drop' => {
          dead = true;
          void hub.kill();
          return 'drop';
        };
        linkOf(hub, 'mongo').tap = (message, direction) => {
          // What a process had sent before it died arrives.
          if (direction === 'down')
            return fatal !== null && answeredBy(message) === fatal ? die() : dead ? 'drop' : 'pass';
          const command = commandOf(message);
          if (dead || command?.name !== step.command || command.collection !== step.collection) return 'pass';
          if (fatal !== null || --left > 0) return 'pass';
          if (!applied) return die();
          fatal = requestOf(message);
          return 'pass';
        };
        return `${applied ? 'after' : 'before'} ${step.what}`;
      });
    }
  },
};
