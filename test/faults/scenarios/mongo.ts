// MongoDB, one server: it dies, hangs, refuses, does not confirm, and its answers are lost.
import { commandOf } from '../../support/mongo-wire.js';
import { type FaultOptions, failCommand } from '../../support/mongo.js';
import { linkOf, partitionOf } from '../hubs.js';
import type { Scenario } from '../scenario.js';
import type { World } from '../world.js';

async function away(world: World, begin: () => unknown, end: () => unknown, ms: number): Promise<void> {
  await begin();
  await world.pass(ms);
  await end();
  await world.recovers();
  await world.crowd.served(10);
}

export const mongodKilled: Scenario = {
  name: 'mongod-killed',
  quick: false,
  what: 'mongod killed with -9 and started again',
  needs: { clients: true },
  async run(world, random) {
    for (let n = world.size(2, 1); n > 0; n--) {
      await world.crowd.served(random.between(1, 20));
      const { mongod } = world;
      await away(
        world,
        () => mongod.kill(),
        () => mongod.start(),
        random.between(0, world.size(4_000, 500)),
      );
    }
  },
};

export const mongodStopped: Scenario = {
  name: 'mongod-stopped',
  quick: false,
  what: 'SIGSTOP of mongod for seconds, SIGCONT',
  needs: {},
  async run(world, random) {
    await world.crowd.served(random.between(1, 20));
    const { mongod } = world;
    await away(
      world,
      () => mongod.pause(),
      () => mongod.resume(),
      random.between(500, world.size(12_000, 2_000)),
    );
  },
};

export const mongoPartitioned: Scenario = {
  name: 'mongo-partitioned',
  quick: false,
  what: 'one hub loses MongoDB, which swallows all it says or refuses it; the other keeps it',
  needs: { mongo: 'linked' },
  async run(world, random) {
    await world.crowd.served(random.between(1, 20));
    const { begin, end } = partitionOf(linkOf(random.pick(world.hubs.running), 'mongo'), random);
    await away(world, begin, end, random.between(500, world.size(10_000, 2_000)));
  },
};

const WRITES = ['insert', 'findAndModify', 'update'];
const ALL = [...WRITES, 'find', 'aggregate', 'getMore'];

export const repliesLost: Scenario = {
  name: 'replies-lost',
  quick: false,
  what: 'MongoDB carries out what it is told, and its replies are lost with their connections',
  needs: { mongo: 'linked' },
  async run(world, random) {
    for (const commands of [['findAndModify'], ['insert'], WRITES, ALL]) {
      let lost = 0;
      for (const hub of world.hubs.running) {
        const link = linkOf(hub, 'mongo');
        const own = random.fork(`${hub.name} ${commands.join()}`);
        const doomed = new Set<number>();
        link.tap = (message, direction, connection) => {
          if (direction === 'down') {
            if (doomed.has(connection)) lost++;
            return doomed.has(connection) ? 'cut' : 'pass';
          }
          if (commands.includes(commandOf(message)?.name ?? '') && own.chance(0.03)) doomed.add(connection);
          return 'pass';
        };
      }
      // Chance may spare the few commands that many mails share.
      do await world.crowd.served(world.size(100, 30));
      while (lost === 0);
      for (const hub of world.hubs.running) linkOf(hub, 'mongo').tap = null;
      await world.recovers();
    }
  },
};

const STEPS = ['submissions', 'workitems', 'events', 'log'];
const FAILURES: Record<string, Partial<FaultOptions>> = {
  'the disk is full': { errorCode: 14_031 },
  'the write is not confirmed': { writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } },
  'the primary steps down': { errorCode: 189, errorLabels: ['RetryableWriteError'] },
  'the connection ends': { closeConnection: true },
};

export const writesFail: Scenario = {
  name: 'writes-fail',
  what: 'writes fail at one collection after the other: disk full, not confirmed, no primary, connection closed',
  needs: {},
  async run(world, random) {
    await world.withDatabase(async (mongo) => {
      const kinds = world.size(Object.keys(FAILURES).length, 2);
      const from = random.between(0, Object.keys(FAILURES).length - 1);
      for (let n = 0; n < kinds; n++) {
        const effects = Object.entries(FAILURES);
        const [what, effect] = effects[(from + n) % effects.length] as (typeof effects)[number];
        for (const collection of STEPS) {
          await world.crowd.served(random.between(1, 10));
          const times = random.between(1, 8);
          // Whoever writes to this collection of this database: that is the hubs.
          const fault = await failCommand(mongo, { commands: WRITES, collection, times, appName: null, ...effect });
          await fault.struck(times, 30_000).catch((cause: unknown) => {
            throw new Error(`${collection}: ${what}: did not strike ${times} times`, { cause });
          });
          await fault.off();
        }
        await world.recovers();
      }
    });
  },
};
