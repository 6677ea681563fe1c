// Random schedules of cuts, restarts, mails and commands, and the whole history of several screens judged at the end.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Filter, Item, Role } from '@workitem-hub/client';
import { compileFilter } from '@workitem-hub/client/filter';
import fc from 'fast-check';
import { events } from '../../src/eventlog/collections.js';
import type { EventDocument } from '../../src/eventlog/event.js';
import { type Network, startNetwork } from '../client-input/network.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';
import { type Desk, openDesk } from './desk.js';

const CAST: { sub: string; roles: Role[]; teams: string[]; filter: Filter | null }[] = [
  { sub: 'alice', roles: ['underwriter'], teams: ['cyber'], filter: null },
  { sub: 'bob', roles: ['underwriter'], teams: [], filter: { status: ['pending'] } },
  { sub: 'sam', roles: ['supervisor'], teams: [], filter: null },
  { sub: 'alice', roles: ['underwriter'], teams: ['cyber'], filter: { assigned: 'me' } },
];
const UNDERWRITERS = ['alice', 'bob'];

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('mail' as const), team: fc.constantFrom(undefined, 'cyber') }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('claim' as const), by: fc.constantFrom(...UNDERWRITERS), item: fc.nat(20) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('release' as const), item: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reload' as const), who: fc.nat(CAST.length - 1) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('raw client: whole histories under random schedules', () => {
  let hub: TestHub;
  let network: Network;
  before(async () => {
    hub = await startHub({ LIMIT_COMMANDS_PER_10S: '0', LIMIT_REPLAY_MB_PER_MINUTE: '0', LIMIT_TEST_PER_MINUTE: '0' });
    network = await startNetwork(() => hub.url);
  });
  after(async () => {
    await network.close();
    await hub.close();
  });

  it('miss nothing, repeat nothing, keep the order, and end with the list that the hub has', async function () {
    const numRuns = Number(process.env.RUNS ?? 4);
    this.timeout(numRuns * 15_000);
    const seed = Number(process.env.SEED ?? 20_261_107);
    // Races do not come back for a smaller schedule.
    const how = { numRuns, endOnFailure: true, seed };
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 25, maxLength: 60, size: 'max' }), check), how);
  });

  const open = (index: number): Desk => {
    const { sub, roles, teams, filter } = CAST[index] as (typeof CAST)[number];
    return openDesk({ url: network.url, filter, getToken: () => hub.token(sub, { roles, teams }) });
  };

  async function check(steps: Step[]): Promise<void> {
    const desks = CAST.map((_one, index) => open(index));
    try {
      await Promise.all(desks.map(({ is }) => is('connected')));
      const made: number[] = [];
      const starts = desks.map(({ client }) => client.position?.seq ?? 0);
      for (const one of steps) {
        await take(one, made);
        if (one.do === 'reload') {
          desks[one.who]?.client.close();
          const fresh = open(one.who);
          desks[one.who] = fresh;
          await fresh.is('connected');
          // What it saw before this is its own business: from here on it has to see everything.
          starts[one.who] = fresh.client.position?.seq ?? 0;
          fresh.events.length = 0;
        }
      }
      // One for everybody: who has it was sent all that came before.
      const last = await hub.item({ assigned_to: 'alice' });
      const pool = await hub.item();
      await Promise.all(
        desks.map(({ items }, index) => until(() => items.has(index === 3 ? last.submission_id : pool.submission_id))),
      );
      await Promise.all(desks.map(({ is }) => is('connected')));
      const log = await events
        .of(hub.database.mongo)
        .find({}, { readPreference: 'primary' })
        .sort({ _id: 1 })
        .toArray();
      for (const [index, desk] of desks.entries()) {
        assertHistory(index, desk, starts[index] as number, log);
        await assertList(index, desk);
      }
    } finally {
      for (const { client } of desks) client.close();
    }
  }

  async function take(one: Step, made: number[]): Promise<void> {
    const id = 'item' in one ? made[one.item % Math.max(made.length, 1)] : undefined;
    if (one.do === 'mail') made.push((await hub.item(one.team ? { team: one.team } : {})).submission_id);
    if (one.do === 'cut') network.cut();
    if (one.do === 'restart') await hub.restart();
    if (one.do === 'wait') await delay(one.ms);
    if (id === undefined) return;
    // Losing a race or not being allowed is an answer like any other here.
    if (one.do === 'claim') {
      await hub.call('POST', `/api/workitems/${id}/claim`, await hub.token(one.by, { teams: ['cyber'] }), {});
    }
    if (one.do === 'release') {
      const sam = await hub.token('sam', { roles: ['supervisor'] });
      const { version } = (await hub.call<Item>('GET', `/api/workitems/${id}`, sam)).body;
      await hub.call('POST', `/api/workitems/${id}/assign`, sam, { assigned_to: null, version });
    }
  }

  function assertHistory(index: number, desk: Desk, start: number, log: EventDocument[]): void {
    const { sub, filter } = CAST[index] as (typeof CAST)[number];
    const passes = compileFilter(filter, sub);
    const end = desk.client.position?.seq ?? 0;
    const due = log.filter((event) => {
      if (event._id <= start || event._id > end) return false;
      const { before, after } = changeOf(event);
      const sides = before ? [before, after] : [after];
      return sides.some((one) => sees(index, one)) && sides.some(passes);
    });
    expect(
      desk.events.map(({ seq }) => seq),
      `${sub} ${JSON.stringify(filter)} from ${start}`,
    ).to.deep.equal(due.map(({ _id }) => _id));
    expect(desk.events.map(({ data }) => data)).to.deep.equal(due.map(({ data }) => data));
    expect(desk.snapshots.map(({ missed }) => missed)).to.deep.equal([false]);
  }

  async function assertList(index: number, { items }: Desk): Promise<void> {
    const { sub, roles, teams, filter } = CAST[index] as (typeof CAST)[number];
    const query = new URLSearchParams({ limit: '500' });
    for (const [name, value] of Object.entries(filter ?? {})) query.set(name, String(value));
    const token = await hub.token(sub, { roles, teams });
    const { body } = await hub.call<{ items: Item[]; next_cursor: null }>('GET', `/api/workitems?${query}`, token);
    expect(body.next_cursor).to.equal(null);
    const shown = [...items.values()].sort((a, b) => b.id - a.id);
    expect(shown, `the list of ${sub} ${JSON.stringify(filter)}`).to.deep.equal(body.items);
  }
});

/** The item around a change, read from the log without the hub's own words for it. */
function changeOf({ data, before, type }: EventDocument): { before: Item | null; after: Item } {
  const after = type === 'new_workitem' ? (data as Item) : (data as { item: Item }).item;
  return { after, before: before && { ...after, ...before } };
}

function sees(index: number, { assigned_to, team }: Item): boolean {
  const { sub, roles, teams } = CAST[index] as (typeof CAST)[number];
  if (roles.includes('supervisor')) return true;
  return assigned_to === null ? team === null || teams.includes(team) : assigned_to === sub;
}
