import { expect } from 'chai';
import fc from 'fast-check';
import {
  changeOf,
  draftOf,
  faultsOf,
  type LogProcess,
  prepareLog,
  readLogFacts,
  startLogProcess,
} from '../support/log-process.js';
import { testDatabase } from '../support/mongo.js';

/** A document that the driver cannot write: the fault is the command's own. */
function unwritable(): object {
  const circle: { self?: object } = {};
  circle.self = circle;
  return circle;
}

const job = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('mail' as const), key: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bad mail' as const), key: fc.nat(3) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      item: fc.nat(8),
      version: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bad change' as const), item: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('control' as const) }) },
);
type Job = typeof job extends fc.Arbitrary<infer T> ? T : never;

describe('an appender that gets commands of every kind at once', () => {
  it('stores what it acknowledged exactly once, nothing that it refused, and leaves no gap to a reader', async function () {
    this.timeout(90_000);
    const rounds = fc.array(fc.array(job, { minLength: 1, maxLength: 25 }), { minLength: 1, maxLength: 4 });
    await fc.assert(fc.asyncProperty(rounds, check), { numRuns: 20 });
  });

  async function check(rounds: readonly (readonly Job[])[]): Promise<void> {
    const db = await testDatabase();
    try {
      await prepareLog(db);
      const process = await startLogProcess(db);
      const acknowledged = {
        mails: new Map<string, number>(),
        versions: new Set<string>(),
        controls: new Set<number>(),
      };
      for (const round of rounds) {
        await Promise.all(round.map((one) => run(process, one, acknowledged)));
      }
      const last = await process.appender.control('user_drain', {});
      await process.reached(last);
      await process.stop();
      const facts = await readLogFacts(db);
      expect(faultsOf(facts)).to.deep.equal([]);
      expect(process.delivered.map(({ seq }) => seq)).to.deep.equal(facts.events.map(({ _id }) => _id));
      expect(new Map(facts.submissions.map(({ key, _id }) => [key, _id]))).to.deep.equal(acknowledged.mails);
      const changes = facts.events.filter(({ type }) => type === 'workitem_updated');
      expect(changes.map(({ item, version }) => `${item}:${version}`).sort()).to.deep.equal(
        [...acknowledged.versions].sort(),
      );
      for (const seq of acknowledged.controls) expect(facts.events[seq - 1]?.type).to.equal('user_drain');
    } finally {
      await db.drop();
    }
  }

  async function run(
    { appender }: LogProcess,
    one: Job,
    acknowledged: { mails: Map<string, number>; versions: Set<string>; controls: Set<number> },
  ): Promise<void> {
    if (one.kind === 'mail') {
      const key = `mail-${one.key}`;
      const { submission } = await appender.create(key, draftOf(key));
      acknowledged.mails.set(key, submission._id);
    } else if (one.kind === 'change') {
      const id = 1 + one.item;
      const item = await appender.change(changeOf({ _id: id, version: one.version }));
      if (item) acknowledged.versions.add(`${id}:${item.version}`);
      else await appender.help(id);
    } else if (one.kind === 'control') {
      acknowledged.controls.add(await appender.control('user_drain', {}));
    } else {
      const refused = await refusalOf(one, appender);
      expect(refused).to.equal(true);
    }
  }

  async function refusalOf(one: Job, appender: LogProcess['appender']): Promise<boolean> {
    const key = `bad-${'key' in one ? one.key : 0}`;
    const work =
      one.kind === 'bad mail'
        ? appender.create(key, draftOf(key, { extracted_fields: unwritable() as never }))
        : appender.change({ ...changeOf({ _id: 'item' in one ? 1 + one.item : 1, version: 1 }), set: unwritable() });
    return await work.then(
      () => false,
      () => true,
    );
  }
});
