// The numbers of the desk against a plain count over all items and their histories.
import { type Statistics, STATUSES, type Status } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import fc from 'fast-check';
import { createStatistics } from '../../src/workitems/statistics.js';
import { type WorkItemDocument, workItems } from '../../src/workitems/work-item.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person } from './desk.js';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-23T10:20:30.000Z');
const OPEN: Status[] = ['pending', 'in_progress', 'needs_info', 'referred', 'quoted'];

describe('statistics', () => {
  let database: TestDatabase;
  let desk: Desk;
  before(async () => {
    database = await testDatabase();
    desk = await openDesk(database.mongo);
    desk.people.seen(person('alice'));
  });
  after(async () => {
    await desk.close();
    await database.drop();
  });
  beforeEach(() => workItems.of(database.mongo).deleteMany({}));

  const read = (now = NOW) => createStatistics({ mongo: database.mongo, people: desk.people, now: () => now }).read();

  /** An item as `ago` milliseconds before now it came in, and `wait` later somebody got it. */
  function made(id: number, { ago, wait, status, assigned_to, team }: Wish): WorkItemDocument {
    const created_at = new Date(NOW - ago);
    const entry = (version: number, at: Date, who: string | null) => ({
      version,
      action: version === 1 ? ('created' as const) : ('claimed' as const),
      at,
      by: null,
      by_name: null,
      reason: null,
      before: null,
      after: { status: 'pending' as const, assigned_to: who, team: null },
      command_id: null,
      change_id: `${id}-${version}`,
    });
    const taken = wait === null ? [] : [entry(3, new Date(created_at.getTime() + wait), 'alice')];
    return {
      _id: id,
      submission_ref: `ref-${id}`,
      subject: '',
      from_email: null,
      extracted_fields: {} as never,
      status,
      assigned_to,
      team,
      version: 5,
      seq: 0,
      created_at,
      updated_at: created_at,
      rooms: [],
      past_rooms: [],
      // Assigned to a team first, given back and taken again later: only the first taker counts.
      history: [
        entry(1, created_at, null),
        entry(2, created_at, null),
        ...taken,
        entry(4, new Date(NOW), null),
        entry(5, new Date(NOW + HOUR), 'bob'),
      ].slice(0, wait === null ? 2 : 5),
    };
  }

  interface Wish {
    ago: number;
    wait: number | null;
    status: Status;
    assigned_to: string | null;
    team: string | null;
  }

  const hourOf = (time: number): string => new Date(Math.floor(time / HOUR) * HOUR).toISOString();

  /** Nearest rank. */
  function quantile(waits: number[], share: number): number | null {
    const sorted = [...waits].sort((a, b) => a - b);
    return sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  }

  function expected(wishes: Wish[]): Statistics {
    const hours = Array.from({ length: 24 }, (_, i) => hourOf(NOW - (23 - i) * HOUR));
    const recent = wishes.filter(({ ago }) => hours.includes(hourOf(NOW - ago)));
    const waits = (some: Wish[]) => some.flatMap(({ wait }) => (wait === null ? [] : [Math.floor(wait / 1_000)]));
    const open = wishes.filter(({ status }) => OPEN.includes(status));
    const count = (some: Wish[], status: Status) => some.filter((one) => one.status === status).length;
    const counts = (some: Wish[], statuses: readonly Status[]) =>
      Object.fromEntries(statuses.map((status) => [status, count(some, status)]));
    const ids = [...new Set(open.flatMap(({ assigned_to }) => assigned_to ?? []))].sort();
    const teams = [...new Set(open.map(({ team }) => team))].sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
    return {
      as_of: new Date(NOW).toISOString(),
      arrivals: hours.map((hour) => ({ hour, count: recent.filter(({ ago }) => hourOf(NOW - ago) === hour).length })),
      time_to_claim: {
        median_s: quantile(waits(recent), 0.5),
        p90_s: quantile(waits(recent), 0.9),
        count: waits(recent).length,
        per_hour: hours.map((hour) => ({
          hour,
          median_s: quantile(waits(recent.filter(({ ago }) => hourOf(NOW - ago) === hour)), 0.5),
        })),
      },
      load: {
        people: ids
          .map((id) => {
            const own = open.filter(({ assigned_to }) => assigned_to === id);
            return { id, name: id === 'alice' ? 'Name of alice' : null, open: own.length, ...counts(own, OPEN) };
          })
          .sort((a, b) => b.open - a.open) as Statistics['load']['people'],
        teams: teams
          .map((team) => {
            const own = open.filter((one) => one.team === team);
            return { team, open: own.length, pending: count(own, 'pending') };
          })
          .sort((a, b) => b.open - a.open),
      },
      statuses: counts(wishes, STATUSES) as Statistics['statuses'],
    };
  }

  it('are those of a plain count', async () => {
    const wish: fc.Arbitrary<Wish> = fc.record({
      ago: fc.integer({ min: 0, max: 30 * HOUR }),
      wait: fc.option(fc.integer({ min: 0, max: 5_000_000 })),
      status: fc.constantFrom(...STATUSES),
      assigned_to: fc.constantFrom(null, 'alice', 'bob', 'carol'),
      team: fc.constantFrom(null, 'cyber', 'property'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { maxLength: 60 }), async (some) => {
        const collection = workItems.of(database.mongo);
        await collection.deleteMany({});
        const inTurn = some.toSorted((a, b) => b.ago - a.ago);
        // Numbers have gaps.
        if (some.length > 0) await collection.insertMany(inTurn.map((one, i) => made(3 + i * 7, one)));
        expect(await read()).to.deep.equal(expected(some));
      }),
      { numRuns: 40 },
    );
  });

  it('are zeros where there is nothing', async () => {
    const { arrivals, time_to_claim, load, statuses } = await read();
    expect(arrivals).to.have.length(24);
    expect(arrivals.at(-1)).to.deep.equal({ hour: '2026-11-23T10:00:00.000Z', count: 0 });
    expect(time_to_claim).to.include({ median_s: null, p90_s: null, count: 0 });
    expect(load).to.deep.equal({ people: [], teams: [] });
    expect(Object.values(statuses)).to.deep.equal(STATUSES.map(() => 0));
  });

  it('count real items, from the mail to the claim, but none that had somebody from the start', async () => {
    const item = await desk.receive();
    await desk.receive({ assigned_to: 'bob' });
    await desk.commands.claim(person('alice'), item.id);
    const { arrivals, time_to_claim, load, statuses } = await read(Date.now());
    expect(arrivals.reduce((total, { count }) => total + count, 0)).to.equal(2);
    expect(time_to_claim.count).to.equal(1);
    expect(load.people.map(({ id, open }) => [id, open])).to.deep.equal([
      ['alice', 1],
      ['bob', 1],
    ]);
    expect(statuses).to.include({ pending: 1, in_progress: 1 });
  });

  it('are read once for all who ask at the same time', async () => {
    const statistics = createStatistics({ mongo: database.mongo, people: desk.people });
    const first = statistics.read();
    expect(statistics.read()).to.equal(first);
    await first;
    expect(statistics.read()).to.equal(first);
  });

  it('ask again after a failure', async () => {
    let broken = true;
    const names = async () => {
      if (broken) throw new Error('away');
      return new Map<string, string>();
    };
    const statistics = createStatistics({ mongo: database.mongo, people: { names } });
    const failed = await statistics.read().catch((error: Error) => error);
    expect(failed).to.be.instanceOf(Error);
    broken = false;
    expect((await statistics.read()).statuses.pending).to.equal(0);
  });

  it('count statuses and holders from the index alone', async () => {
    const plan = await workItems
      .of(database.mongo)
      .aggregate(
        [
          { $match: { status: { $in: [...STATUSES] } } },
          { $group: { _id: { status: '$status', assigned_to: '$assigned_to', team: '$team' }, count: { $sum: 1 } } },
        ],
        { hint: { status: 1, assigned_to: 1, team: 1 } },
      )
      .explain('queryPlanner');
    expect(JSON.stringify(plan)).to.contain('IXSCAN').and.not.contain('"FETCH"');
  });
});
