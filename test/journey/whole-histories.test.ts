// Many clients, random commands, connections that come and go: everybody gets exactly what is theirs, once, in order.
import type { Filter, Item } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import fc from 'fast-check';
import { events } from '../../src/eventlog/collections.js';
import type { EventDocument } from '../../src/eventlog/event.js';
import { startHub, type TestHub } from '../support/hub.js';
import { createWatcher, type Kind, type Rights, type Stretch, type Watcher } from './watcher.js';

const TEAMS = ['property', 'cyber'];
const CAST: [sub: string, kind: Kind, rights: Rights][] = [
  ['alice', 'websocket', { roles: ['underwriter'], teams: ['property'] }],
  ['bob', 'bridge', { roles: ['underwriter'], teams: ['cyber'] }],
  ['carol', 'polling', { roles: ['underwriter'], teams: [] }],
  ['sam', 'websocket', { roles: ['supervisor'], teams: [] }],
  ['both', 'bridge', { roles: ['underwriter', 'supervisor'], teams: ['cyber'] }],
];
const SUBS = CAST.map(([sub]) => sub);
const FILTERS: (Filter | null)[] = [
  null,
  { status: ['pending'] },
  { status: ['in_progress', 'quoted'] },
  { team: ['property'] },
  { assigned: 'me' },
  { assigned: 'none' },
];

const who = fc.nat(CAST.length - 1);
const item = fc.nat(40);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('mail' as const), to: fc.constantFrom('pool', ...TEAMS, ...SUBS) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const), who, item }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('assign' as const), item, to: fc.constantFrom(null, ...SUBS) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('quote' as const), item }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('open' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('leave' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('filter' as const), who, by: fc.constantFrom(...FILTERS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), who, to: fc.subarray(TEAMS) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('whole histories under random schedules', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub({
      LIMIT_COMMANDS_PER_10S: '0',
      LIMIT_REPLAY_MB_PER_MINUTE: '0',
      LIMIT_TEST_PER_MINUTE: '0',
    });
  });
  after(() => hub.close());

  it('hold exactly what each client was entitled to, and old pages saw the same', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 90, size: 'max' }), check),
      // Races do not come back for a smaller schedule.
      { numRuns: 4, endOnFailure: true },
    );
  });

  async function check(steps: Step[]): Promise<void> {
    const watchers = CAST.map(([sub, kind, rights]) => createWatcher(hub, sub, kind, rights));
    await Promise.all(watchers.map((watcher) => watcher.settle()));
    const pages = [await oldPage([]), await oldPage(['property'], 'alice')];
    try {
      const made: Promise<number>[] = [];
      const traffic: Promise<unknown>[] = [];
      for (const one of steps) {
        // Not awaited: commands meet each other, and events meet streams that end, replay, join and change.
        traffic.push(take(one, watchers, made));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(traffic);
      const last = await hub.item();
      await Promise.all(watchers.map((watcher) => watcher.settle()));
      const log = await events
        .of(hub.database.mongo)
        .find({}, { readPreference: 'primary' })
        .sort({ _id: 1 })
        .toArray();
      for (const watcher of watchers) assertHistory(watcher, log);
      for (const page of pages) await page.assertSaw(log, last.submission_ref);
    } finally {
      await Promise.all(watchers.map((watcher) => watcher.leave()));
      for (const page of pages) page.close();
    }
  }

  async function take(one: Step, watchers: Watcher[], made: Promise<number>[]): Promise<unknown> {
    const watcher = watchers['who' in one ? one.who : 0] as Watcher;
    if (one.do === 'open') return watcher.open();
    if (one.do === 'leave') return watcher.leave();
    if (one.do === 'filter') return watcher.filterBy(one.by);
    if (one.do === 'move') return watcher.moveTo(one.to);
    if (one.do === 'mail') {
      const where = one.to === 'pool' ? {} : TEAMS.includes(one.to) ? { team: one.to } : { assigned_to: one.to };
      const id = hub.item(where).then(({ submission_id }) => submission_id);
      made.push(id);
      return id;
    }
    const id = await made[one.item % Math.max(made.length, 1)];
    if (id === undefined) return;
    // Losing a race or not being allowed is an answer like any other here.
    if (one.do === 'claim') {
      return hub.call('POST', `/api/workitems/${id}/claim`, await hub.token(watcher.sub, watcher.rights), {});
    }
    const sam = await hub.token('sam', { roles: ['supervisor'] });
    const { version } = (await hub.call<Item>('GET', `/api/workitems/${id}`, sam)).body;
    if (one.do === 'assign') {
      return hub.call('POST', `/api/workitems/${id}/assign`, sam, { assigned_to: one.to, version });
    }
    return hub.call('PATCH', `/api/workitems/${id}/status`, sam, { status: 'quoted', version });
  }

  /** A page of the old service, which stays for the whole run. */
  async function oldPage(teams: string[], sub?: string) {
    const token = sub === undefined ? '' : `?token=${await hub.token(sub, { teams })}`;
    const page = hub.raw(token);
    await new Promise((resolve) => page.client.once('open', resolve));
    // It is not told when it is live; a frame says so.
    let first = await hub.item();
    while (!page.texts.some((text) => text.includes(first.submission_ref))) first = await hub.item();
    const rooms = sub === undefined ? ['pool'] : ['pool', `underwriter:${sub}`, ...teams.map((team) => `team:${team}`)];
    return {
      close: () => page.client.terminate(),
      async assertSaw(log: EventDocument[], last: string) {
        const from = log.findIndex(({ data }) => (data as Item).submission_ref === first.submission_ref);
        await page.until(({ data }) => data.submission_ref === last);
        const wanted = log
          .slice(from)
          .map(changeOf)
          .filter(({ before, after }) => [before, after].some((one) => one && isIn(rooms, one)))
          .map(({ before, after }) => {
            const arrives = isIn(rooms, after) && !(before && isIn(rooms, before));
            return [arrives ? 'new_workitem' : 'status_update', after.submission_ref, after.status].join(' ');
          });
        const seen = page.heard.map(({ event, data }) => [event, data.submission_ref, data.status].join(' '));
        expect(
          seen.slice(seen.findIndex((one) => one.includes(first.submission_ref))),
          sub ?? 'anonymous',
        ).to.deep.equal(wanted);
      },
    };
  }
});

/** The item around a change, read from the log without the hub's own words for it. */
function changeOf({ data, before, type }: EventDocument): { before: Item | null; after: Item } {
  const after = type === 'new_workitem' ? (data as Item) : (data as { item: Item }).item;
  return { after, before: before && { ...after, ...before } };
}

function isIn(rooms: string[], { assigned_to, team }: Item): boolean {
  const room = assigned_to !== null ? `underwriter:${assigned_to}` : team !== null ? `team:${team}` : 'pool';
  return rooms.includes(room) || rooms.includes('supervisors');
}

function passes(filter: Filter | null, sub: string, one: Item): boolean {
  if (filter?.status && !filter.status.includes(one.status)) return false;
  if (filter?.team && !filter.team.includes(one.team ?? '')) return false;
  if (filter?.assigned === 'me' && one.assigned_to !== sub) return false;
  return filter?.assigned !== 'none' || one.assigned_to === null;
}

function roomsOf(sub: string, { roles, teams }: Stretch): string[] {
  return [
    ...(roles.includes('underwriter') ? ['pool', `underwriter:${sub}`, ...teams.map((team) => `team:${team}`)] : []),
    ...(roles.includes('supervisor') ? ['supervisors'] : []),
  ];
}

function assertHistory({ sub, history }: Watcher, log: EventDocument[]): void {
  history.forEach((stretch, index) => {
    const rooms = roomsOf(sub, stretch);
    const wanted = log
      .filter(({ _id }) => _id > stretch.start && _id <= stretch.end)
      .filter((event) => {
        const { before, after } = changeOf(event);
        const sides = [after, ...(before ? [before] : [])];
        return sides.some((one) => isIn(rooms, one)) && sides.some((one) => passes(stretch.filter, sub, one));
      })
      .map(({ _id, type, data }) => ({ seq: _id, event: type, data }));
    const what = `${sub}, stretch ${index} of ${history.length}: (${stretch.start}, ${stretch.end}]`;
    expect(
      stretch.heard.map(({ seq }) => seq),
      what,
    ).to.deep.equal(wanted.map(({ seq }) => seq));
    expect(stretch.heard, what).to.deep.equal(wanted);
  });
}
