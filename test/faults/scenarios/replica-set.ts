// MongoDB, three members: the primary steps down, dies, or comes back with writes that nobody else has.
import mongoose from 'mongoose';
import { until } from '../../support/until.js';
import type { Scenario } from '../scenario.js';
import type { World } from '../world.js';

type Member = Awaited<ReturnType<World['set']['primary']>>;

/** Runs a command on one member, whatever it is at the moment. */
async function on(member: Pick<Member, 'port'>, command: Record<string, unknown>): Promise<mongoose.mongo.Document> {
  const client = new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${member.port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 10_000,
  });
  try {
    return await client.db('admin').command(command);
  } finally {
    await client.close();
  }
}

/** Waits until all members are there again: the next fault needs a majority. */
async function whole(world: World): Promise<void> {
  await until(async () => {
    const { members } = await on(await world.set.primary(), { replSetGetStatus: 1 });
    return (members as { stateStr: string }[]).every(({ stateStr }) => /PRIMARY|SECONDARY/.test(stateStr));
  }, 60_000);
}

export const primaryStepsDown: Scenario = {
  name: 'primary-steps-down',
  quick: false,
  what: 'the primary of three members steps down under load, again and again',
  needs: { mongo: 'set', clients: true },
  async run(world, random) {
    await whole(world);
    for (let n = world.size(2, 1); n > 0; n--) {
      await world.crowd.served(random.between(1, 20));
      const primary = await world.set.primary();
      const since = performance.now();
      await on(primary, { replSetStepDown: 5, secondaryCatchUpPeriodSecs: random.between(0, 2), force: true });
      await world.recovers(since);
      await whole(world);
    }
    await world.crowd.served(10);
  },
};

export const primaryKilled: Scenario = {
  name: 'primary-killed',
  quick: false,
  what: 'the primary of three members is killed with -9, another is elected, the old one comes back',
  needs: { mongo: 'set' },
  async run(world, random) {
    await whole(world);
    await world.crowd.served(random.between(1, 20));
    const primary = await world.set.primary();
    const since = performance.now();
    await primary.kill();
    await world.recovers(since);
    await world.crowd.served(10);
    await primary.start();
    await whole(world);
    await world.crowd.served(10);
  },
};

export const writesRolledBack: Scenario = {
  name: 'writes-rolled-back',
  what: 'a primary takes writes that no other member has, dies, and has to take them back',
  needs: { mongo: 'set' },
  async run(world, random) {
    await whole(world);
    await world.crowd.served(random.between(1, 20));
    const primary = await world.set.primary();
    const others = world.set.members.filter(({ port }) => port !== primary.port);
    const stop = (mode: string) =>
      Promise.all(others.map((member) => on(member, { configureFailPoint: 'stopReplProducer', mode })));
    await stop('alwaysOn');
    // The fail point takes hold when the fetcher looks at it; what is written from then on is the primary's alone.
    await world.pass(random.between(500, world.size(3_000, 1_500)));
    const alone = await world.withDatabase((mongo) =>
      mongo.db.collection<{ _id: string }>('rolled_back').insertOne({ _id: 'x' }, { writeConcern: { w: 1 } }),
    );
    if (!alone.acknowledged) world.report({ kind: 'wrong', what: 'the primary took no write of its own' });
    const since = performance.now();
    await primary.kill();
    await stop('off');
    await world.recovers(since);
    await world.crowd.served(10);
    await primary.start();
    await whole(world);
    const kept = await world.withDatabase((mongo) => mongo.db.collection('rolled_back').countDocuments());
    if (kept > 0) world.report({ kind: 'wrong', what: 'nothing was rolled back' });
    await world.crowd.served(10);
  },
};
