// The list under random filters: exactly those visible items that the clients' own filter passes.
import { audienceOf, roomsOf } from '@workitem-hub/client/audience';
import type { Filter } from '@workitem-hub/client/contract';
import { compileFilter } from '@workitem-hub/client/filter';
import { STATUSES } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import fc from 'fast-check';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person } from './desk.js';

const CALLERS = [
  person('alice', ['underwriter'], ['property', 'marine']),
  person('bob', ['underwriter']),
  person('boss', ['underwriter', 'supervisor']),
];
const POLICIES = ['Property', 'Marine Cargo', null];
const pick = <T>(values: readonly T[], n: number): T => values[n % values.length] as T;

const money = fc.record({ currency: fc.constantFrom('USD', 'EUR'), amount: fc.constantFrom(0, 1_000_000, 2_000_000) });
const date = fc.constantFrom('2025-01-01', '2025-06-01', '2026-01-01');
const filters: fc.Arbitrary<Filter> = fc.record(
  {
    status: fc.subarray([...STATUSES]),
    policy_type: fc.subarray(['property', 'MARINE CARGO', 'cyber']),
    broker: fc.constantFrom('marsh', 'AON', ''),
    from_domain: fc.constantFrom('marsh.example', '@AON.example'),
    team: fc.subarray(['property', 'marine']),
    assigned: fc.constantFrom('me', 'none', 'any'),
    min_coverage: money,
    max_coverage: money,
    effective_from: date,
    effective_to: date,
    text: fc.constantFrom('submission 1', 'ACME', 'zzz'),
  },
  { requiredKeys: [] },
);

describe('the list under a filter', () => {
  let database: TestDatabase;
  let desk: Desk;
  before(async () => {
    database = await testDatabase();
    desk = await openDesk(database.mongo);
    const items = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        desk.receive({
          subject: `Submission ${n}`,
          from_email: pick(['a@marsh.example', 'b@AON.example', null], n),
          team: pick([null, 'property', 'marine', 'cyber'], n),
          assigned_to: pick([null, null, 'alice', 'bob', 'boss'], n),
          extracted_fields: {
            insured_name: pick(['Acme Ltd', null], n),
            policy_type: pick(POLICIES, n),
            coverage_amount: pick(['$1,000,000', '€2,000,000', null, 'lots'], n),
            effective_date: pick(['2025-03-01', '2025-12-31', null], n),
            broker: pick(['Marsh', 'Aon UK', null], n),
          },
        }),
      ),
    );
    await Promise.all(items.map(({ id }, n) => desk.force(id, { status: pick(STATUSES, n) })));
  });
  after(async () => {
    await desk.close();
    await database.drop();
  });

  it('is what the filter of the clients passes', async function () {
    this.timeout(60_000);
    const everything = (await desk.snapshot.list(person('root', ['admin']), { limit: 500 })).items;
    const property = fc.asyncProperty(
      fc.constantFrom(...CALLERS),
      filters,
      fc.integer({ min: 1, max: 20 }),
      async (caller, filter, limit) => {
        const rooms = roomsOf(caller);
        const passes = compileFilter(filter, caller.sub);
        const wanted = everything.filter(
          (item) => audienceOf(item).some((room) => rooms.includes(room)) && passes(item),
        );
        const found = [];
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<Desk['snapshot']['list']>> = await desk.snapshot.list(caller, {
            filter,
            limit,
            cursor,
          });
          found.push(...page.items);
          cursor = page.next_cursor;
        } while (cursor !== null);
        expect(found).to.deep.equal(wanted);
      },
    );
    await fc.assert(property, { numRuns: 150 });
  });
});
