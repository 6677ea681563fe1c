// The log itself: what is kept of it ends, or it is replaced by an older one.
import { cp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { readConfig } from '../../../src/config.js';
import { logs } from '../../../src/eventlog/collections.js';
import { runRotateEpochCommand } from '../../../src/eventlog/rotate-epoch-command.js';
import { until } from '../../support/until.js';
import type { Hub } from '../hubs.js';
import type { Scenario } from '../scenario.js';
import type { World } from '../world.js';

/** How long events are kept, milliseconds. */
const KEPT_MS = 500;
/** Until every hub has looked at the log's document again, milliseconds. */
const CHECKED_MS = 2_500;

/** Deletes old events, as a hub does at its start: up to where another has noted that the log is whole. */
async function retain(world: World, hub: Hub): Promise<void> {
  // Nothing comes to the log between the copy that is kept of it and the deletion.
  await world.crowd.calmly(async () => {
    await world.pass(KEPT_MS);
    await world.crowd.archive();
    // It notes its position when it ends.
    await hub.stop();
    const before = await floorOf(world);
    await world.hubs.start({ env: { EVENT_RETENTION_DAYS: String(KEPT_MS / 86_400_000) } });
    await until(async () => (await floorOf(world)) > before);
  });
}

const floorOf = (world: World): Promise<number> =>
  world.withDatabase(async (mongo) => (await logs.of(mongo).findOne({ _id: 'log' }))?.floor ?? 0);

export const retentionOvertakes: Scenario = {
  name: 'retention-overtakes-client',
  quick: false,
  what: 'clients sleep for longer than events are kept: they are told to begin anew, never replayed a part',
  needs: { clients: true },
  seeds: 3,
  async run(world, random) {
    await world.crowd.served(random.between(1, 20));
    const asleep = world.crowd.watchers.filter(() => random.chance(0.5));
    for (const watcher of asleep) watcher.sleep();
    const slept = asleep.map(({ verdicts }) => verdicts.length);
    await world.crowd.served(world.size(60, 30));
    world.crowd.allowResync();
    await retain(world, world.hubs.running[0] as Hub);
    // Until then the other one resumes them from its memory, and lacks nothing.
    await world.pass(CHECKED_MS);
    for (const watcher of asleep) watcher.wake();
    await world.recovers();
    await world.crowd.served(10);
    asleep.forEach(({ name, verdicts }, index) => {
      const verdict = verdicts[slept[index] as number];
      if (verdict !== 'resync') world.report({ kind: 'wrong', what: `${name} slept too long and was told ${verdict}` });
    });
  },
};

export const retentionOvertakesHub: Scenario = {
  name: 'retention-overtakes-hub',
  quick: false,
  what: 'a hub stands still for longer than events are kept: its clients are told to begin anew',
  needs: { hubs: 3, clients: true },
  seeds: 3,
  async run(world, random) {
    await world.crowd.served(random.between(1, 20));
    const [stopped, other] = world.hubs.running as [Hub, Hub];
    stopped.pause();
    world.crowd.allowResync();
    await retain(world, other);
    stopped.resume();
    await world.recovers();
    await world.crowd.served(10);
  },
};

export const backupRestored: Scenario = {
  name: 'backup-restored',
  what: 'mongod is given older files under running hubs: they say so and deliver nothing; a new epoch, and all agree again',
  needs: { clients: true },
  seeds: 3,
  async run(world, random) {
    const { mongod, crowd } = world;
    const db = path.join(mongod.directory, 'db');
    const backup = path.join(mongod.directory, 'backup');
    await rm(backup, { recursive: true, force: true });
    await crowd.served(random.between(10, 40));
    await mongod.stop();
    const [mails, commands] = [crowd.traffic.mails.length, crowd.traffic.commands.length];
    await cp(db, backup, { recursive: true });
    await mongod.start();
    await crowd.served(random.between(20, world.size(100, 30)));
    await world.recovers();
    await crowd.calmly(async () => {
      await crowd.archive();
      await mongod.stop();
    });
    crowd.forget(mails, commands);
    await rm(db, { recursive: true });
    await rename(backup, db);
    await mongod.start();
    const restored = performance.now();
    const before = crowd.traffic.mails.length;
    for (const hub of world.hubs.running) {
      const replaced = async (): Promise<boolean> => {
        const response = await fetch(`${hub.ownUrl}/readyz`).catch(() => null);
        return response?.status === 503 && (await response.text()).includes('give it a new epoch');
      };
      await until(replaced, 20_000);
    }
    if (crowd.traffic.mails.length > before) {
      world.report({ kind: 'wrong', what: 'mails were answered in a log that was replaced' });
    }
    crowd.allowResync();
    await runRotateEpochCommand(readConfig({ MONGODB_URL: mongod.url, MONGODB_DATABASE: world.database }));
    await world.recovers(restored);
    await crowd.served(20);
    const wasTold = ({ verdicts }: { verdicts: readonly string[] }): boolean => !!verdicts.at(-1)?.startsWith('resync');
    // Clients say so when their new list is there as well, which may be after the first new events.
    await until(() => crowd.watchers.every(wasTold), 10_000).catch(() => {});
    for (const { name, verdicts } of crowd.watchers) {
      if (!wasTold({ verdicts })) {
        world.report({ kind: 'wrong', what: `${name} was not told of the new log: ${verdicts.join()}` });
      }
    }
  },
};
