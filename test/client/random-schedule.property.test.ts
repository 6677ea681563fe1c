// Random schedules of everything that happens to clients, each judged over its whole history. `SEEDS=200` takes that many,
// `SEED=17` repeats one.
import type { Filter, Item, Status } from '@workitem-hub/client';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { events, logs } from '../../src/eventlog/collections.js';
import { rotateEpoch } from '../../src/eventlog/log-document.js';
import { cursors } from '../../src/delivery/cursors.js';
import { UNLIMITED } from '../faults/unlimited.js';
import { startHub } from '../support/hub.js';
import { readLogFacts } from '../support/log-process.js';
import { until } from '../support/until.js';
import { faultsOfCommands, faultsOfTab, loggedOf, viewsOf } from './judge.js';
import { createNetwork } from './network.js';
import { follow, openTab, type Person, type Tab, type Told } from './tab.js';

const TEAMS = [['red'], ['blue', 'red']];
/** Every one of them shows the mail that ends a run. */
const FILTERS: (Filter | null)[] = [
  null,
  { status: ['pending'] },
  { assigned: 'me' },
  { policy_type: ['Cyber'] },
  { text: 'even' },
];
const SETTLE_MS = 20_000;

/** Passes all of them. */
const LAST = (sub: string) => ({ assigned_to: sub, subject: 'The last, an even one', policy_type: 'Cyber' });

const who = fc.nat(5);
const does = <K extends string>(...names: K[]) => fc.constantFrom(...names);
const step = fc.record({
  /** Milliseconds before it. */
  after: fc.nat(40),
  /** Mails that arrive meanwhile: for whom. */
  mails: fc.array(does('pool', 'red', 'blue', 'alice', 'bob'), { maxLength: 3, size: 'max' }),
  command: fc.option(
    fc.record({
      kind: does('claim', 'assign', 'set_status'),
      by: does('alice', 'bob', 'carol'),
      item: fc.nat(20),
      to: fc.constantFrom('alice', 'bob', null),
      status: does<Status>('in_progress', 'needs_info', 'quoted', 'bound'),
    }),
    { freq: 2 },
  ),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: does('cut', 'strand'), who }) },
    { weight: 4, arbitrary: fc.record({ do: does('freeze', 'forbid'), who, ms: fc.nat(300) }) },
    { weight: 5, arbitrary: fc.record({ do: does('filter'), who, filter: fc.constantFrom(...FILTERS) }) },
    { weight: 4, arbitrary: fc.record({ do: does('reload'), who }) },
    { weight: 4, arbitrary: fc.record({ do: does('slow'), who, events: fc.nat(15) }) },
    { weight: 3, arbitrary: fc.record({ do: does('throw'), who, times: fc.nat(3) }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: does('tokens'), who, ttl: fc.constantFrom(2, 3, 3600), failing: fc.nat(2) }),
    },
    { weight: 3, arbitrary: fc.record({ do: does('move'), teams: fc.constantFrom(...TEAMS) }) },
    { weight: 1, arbitrary: fc.record({ do: does('revoke'), who }) },
    { weight: 2, arbitrary: fc.record({ do: does('restart'), restored: fc.nat(3).map((n) => n === 0) }) },
  ),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const schedule = fc.array(step, { minLength: 40, maxLength: 60, size: 'max' });

/** Those of the first that meet the most. */
const USUAL = [7, 8, 9, 10, 11, 12, 13];
const seeds = process.env.SEED
  ? [Number(process.env.SEED)]
  : process.env.SEEDS
    ? Array.from({ length: Number(process.env.SEEDS) }, (_, n) => n + 1)
    : USUAL;

describe('clients under a random schedule', () => {
  /** What has happened in all of them, so that nobody takes silence for soundness. */
  const totals = { events: 0, work: 0, holes: 0, lives: 0, applied: 0 };

  for (const seed of seeds) {
    it(`lose nothing, double nothing and reorder nothing (SEED=${seed})`, async function () {
      this.timeout(60_000);
      const [steps] = fc.sample(schedule, { seed, numRuns: 1 }) as [Step[]];
      const world = await createWorld();
      try {
        for (const { after, mails, command, what } of steps) {
          await delay(after);
          mails.forEach(world.mail);
          if (command) world.command(command);
          await world.take(what);
        }
        expect(await world.judge(), `SEED=${seed}`).to.deep.equal([]);
        for (const [name, count] of Object.entries(world.count())) totals[name as keyof typeof totals] += count;
      } finally {
        await world.close();
      }
    });
  }

  // A few seeds need not have met everything.
  if (seeds.length >= USUAL.length) {
    it('have been through a lot', () => {
      const least = { events: 50, work: 20, holes: 1, lives: 7, applied: 1 };
      for (const [name, count] of Object.entries(least)) {
        expect(totals, JSON.stringify(totals))
          .to.have.property(name)
          .that.is.at.least(count * seeds.length);
      }
    });
  }
});

async function createWorld() {
  const hub = await startHub({ ...UNLIMITED, DELIVERY_WINDOW_MS: '10' });
  const admin = await hub.token('root', { roles: ['admin'] });
  const person = (sub: string, roles: Person['roles'] = ['underwriter'], teams = ['red']): Person => ({
    sub,
    roles,
    teams,
    ttl: 3600,
    failing: 0,
    allowed: Promise.resolve(),
  });
  const [alice, bob, carol, dave] = [person('alice'), person('bob'), person('carol', ['supervisor']), person('dave')];
  const behind = () => createNetwork(() => hub.url);
  const tabs: Tab[] = [
    openTab(hub, alice, await behind()),
    openTab(hub, bob, await behind(), { transports: ['polling'] }),
    openTab(hub, carol, await behind()),
    openTab(hub, dave, await behind()),
    openTab(hub, alice, await behind(), { consumes: true }),
    openTab(hub, bob, await behind(), { consumes: true, clientId: 'bobs-work', workItems: false }),
  ];
  const told: Told[] = [];
  const open = new Set<Promise<unknown>>();
  const made: number[] = [];
  let restarting: Promise<void> | null = null;
  await until(() => tabs.every(({ client }) => client.state.name === 'connected'));

  /** Goes on beside the schedule; the end waits for it. */
  function beside(work: Promise<unknown>): void {
    const one = work.catch(() => {}).finally(() => open.delete(one));
    open.add(one);
  }

  function mail(to: string): void {
    const id = randomUUID();
    const subject = made.length % 2 === 0 ? 'An even one' : 'An odd one';
    const policy_type = made.length % 3 === 0 ? 'Cyber' : 'Marine';
    const where = to === 'alice' || to === 'bob' ? { assigned_to: to } : { team: to };
    // Those to the pool come as brokers send them.
    const send = () =>
      to === 'pool'
        ? hub.mail({ subject, from: 'broker@example.com', body: `Class: ${policy_type}`, id })
        : hub.item({ ...where, subject, policy_type });
    beside(insist(send).then(({ submission_id }) => made.push(submission_id)));
  }

  /** Whoever sends mails sends them again while the hub restarts. */
  async function insist<T>(send: () => Promise<T>): Promise<T> {
    for (const deadline = Date.now() + SETTLE_MS; ; ) {
      try {
        return await send();
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await delay(50);
      }
    }
  }

  async function take(what: Step['what']): Promise<void> {
    const tab = tabs['who' in what ? what.who : 0] as Tab;
    switch (what.do) {
      case 'cut':
        return tab.network.cut();
      case 'strand':
        return tab.network.strand();
      case 'freeze':
        tab.network.freeze();
        return beside(delay(what.ms).then(() => tab.network.thaw()));
      case 'forbid':
        tab.network.forbid();
        tab.network.cut();
        return beside(delay(what.ms).then(() => tab.network.allow()));
      case 'filter':
        if (!tab.consumes) beside(tab.setFilter(what.filter));
        return;
      case 'reload':
        if (tab.clientId !== undefined) await lookAtCursor(tab);
        return tab.reload();
      case 'slow':
        tab.slow = what.events;
        return;
      case 'throw':
        tab.failing = what.times;
        return;
      case 'tokens':
        Object.assign(tab.person, { ttl: what.ttl, failing: what.failing });
        return;
      case 'move':
        // Dave alone works nowhere: a consumer of somebody who moves would be told of holes all the time.
        dave.teams = what.teams;
        return;
      case 'revoke': {
        const done = hub.call('POST', '/api/revocations', admin, { sub: tab.person.sub });
        tab.person.allowed = done.catch(() => {});
        return beside(done);
      }
      case 'restart':
        // One at a time.
        restarting ??= restart(what.restored).finally(() => {
          restarting = null;
        });
        return beside(restarting);
    }
  }

  async function lookAtCursor(tab: Tab): Promise<void> {
    const kept = await cursors.of(hub.database.mongo).findOne({ _id: `${tab.clientId}:${tab.person.sub}` });
    if (kept) tab.noteKept(kept.seq);
  }

  async function restart(restored: boolean): Promise<void> {
    if (restored) {
      const { mongo } = hub.database;
      await rotateEpoch(logs.of(mongo), events.of(mongo));
    }
    // Else the hub would wait for what silent connections owe it.
    const sweep = setInterval(() => tabs.forEach(({ network }) => network.abandon()), 20);
    await hub.restart().finally(() => clearInterval(sweep));
  }

  function command({ kind, by, item, to, status }: NonNullable<Step['command']>): void {
    const { client } = tabs.find(({ person: { sub }, consumes }) => sub === by && !consumes) as Tab;
    const shown = client.workItems.items;
    const id = shown[item % Math.max(shown.length, 1)]?.id;
    if (id === undefined) return;
    const commandId = randomUUID();
    const about = { commandId, kind, by, id };
    const sent: Promise<Item> =
      kind === 'claim'
        ? client.claim(id, { commandId })
        : kind === 'assign'
          ? client.assign(id, { assignedTo: by === 'carol' ? to : null }, { commandId, optimistic: by === 'carol' })
          : client.setStatus(id, { status }, { commandId });
    beside(follow(about, sent, told));
  }

  /** The network is whole again, nothing is under way, and a last mail has come to everybody: what has not come by then is lost. */
  async function settle(): Promise<void> {
    while (open.size > 0) await Promise.all(open);
    for (const tab of tabs) {
      Object.assign(tab.person, { failing: 0, ttl: 3600 });
      tab.slow = tab.failing = 0;
      tab.network.cut();
    }
    const deadline = Date.now() + SETTLE_MS;
    for (const sub of ['alice', 'bob', 'carol', 'dave']) {
      const theirs = tabs.filter(({ person }) => person.sub === sub);
      const calm = ({ client }: Tab): boolean => client.state.name === 'connected';
      for (let heard = false; !heard; ) {
        await until(() => theirs.every(calm), deadline - Date.now());
        const last = await insist(() => hub.item(LAST(sub)));
        // It may come to somebody as a part of a snapshot: then there is one more.
        heard = await until(() => theirs.every((tab) => tab.knows(last.submission_id) && calm(tab)), 1_500).then(
          () => true,
          () => false,
        );
        if (!heard && Date.now() > deadline) {
          const where = theirs.map((tab) =>
            JSON.stringify([tab.client.state, tab.client.position, tab.entries.at(-1)]),
          );
          throw new Error(`${sub} was not told of the last mail ${last.submission_id}: ${where.join('; ')}`);
        }
      }
    }
  }

  /** Everything that a supervisor, or whoever it is, would get over HTTP. */
  async function listOf({ person: { sub, roles }, client }: Tab): Promise<Item[]> {
    const token = await hub.token(sub, { roles: [...roles], teams: client.principal?.teams ?? [] });
    const query = new URLSearchParams({ limit: '500' });
    for (const [name, value] of Object.entries(client.filter ?? {})) query.set(name, String(value));
    const { body } = await hub.call<{ items: Item[] }>('GET', `/api/workitems?${query}`, token);
    return body.items;
  }

  async function faultsOfLists(): Promise<string[]> {
    const faults: string[] = [];
    for (const tab of tabs.filter(({ clientId }) => clientId === undefined)) {
      const wanted = await listOf(tab);
      await until(() => tab.client.state.name === 'connected', SETTLE_MS);
      const versions = (items: readonly Item[]) =>
        items
          .map(({ id, version }) => `${id}:${version}`)
          .sort()
          .join(' ');
      const shown = tab.client.workItems.items;
      if (versions(shown) !== versions(wanted)) {
        faults.push(`${tab.person.sub}'s list has ${versions(shown)} and the hub ${versions(wanted)}`);
      } else
        expect(Object.fromEntries(shown.map((i) => [i.id, i]))).to.deep.equal(
          Object.fromEntries(wanted.map((i) => [i.id, i])),
        );
    }
    return faults;
  }

  return {
    mail,
    command,
    take,
    async judge(): Promise<string[]> {
      await settle();
      const lists = await faultsOfLists();
      const facts = await readLogFacts(hub.database);
      const log = loggedOf(facts.events);
      return [
        ...lists,
        ...tabs.flatMap((tab) => faultsOfTab(tab, log, viewsOf(tab, TEAMS, tab.consumes ? [null] : FILTERS))),
        ...faultsOfCommands(told, facts),
      ];
    },
    count() {
      const entries = tabs.flatMap((tab) => tab.entries);
      return {
        events: entries.filter(({ kind }) => kind === 'event').length,
        work: entries.filter(({ kind }) => kind === 'finished').length,
        holes: entries.filter((entry) => entry.kind === 'caught_up' && entry.missed).length,
        lives: tabs.reduce((sum, { entries: own }) => sum + 1 + (own.at(-1)?.life ?? 0), 0),
        applied: told.filter(({ outcome }) => typeof outcome === 'number').length,
      };
    },
    async close(): Promise<void> {
      for (const tab of tabs) tab.close();
      await Promise.all(open);
      await Promise.all(tabs.map((tab) => tab.network.close()));
      await hub.close();
    },
  };
}
