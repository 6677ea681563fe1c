// Random commands by random people, against a model of the rules and, many at once in two processes, against what must
// hold of every item: versions without gaps, a history that agrees, one event for each change.
import { randomUUID } from 'node:crypto';
import type { Item, Status } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Principal } from '../../src/auth/principal.js';
import { HubError } from '../../src/errors.js';
import type { EventDocument } from '../../src/eventlog/event.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person } from './desk.js';
import { takers } from './step-table.js';

const PEOPLE = [
  person('alice', ['underwriter'], ['property']),
  person('bob', ['underwriter'], ['marine']),
  person('carol', ['underwriter'], ['property', 'marine']),
  person('boss', ['underwriter', 'supervisor']),
  person('chief', ['supervisor']),
  person('root', ['admin']),
];
const TAKE_WORK = ['alice', 'bob', 'carol', 'boss'];
const OPEN = ['pending', 'in_progress', 'needs_info', 'referred', 'quoted'];
const STATUSES = [...OPEN, 'bound', 'declined', 'withdrawn', 'completed'] as Status[];

type State = { status: Status; assigned_to: string | null; team: string | null };
type Command =
  | { kind: 'claim'; stale: boolean | null }
  | { kind: 'assign'; to: string | null; team: string | null | undefined; stale: boolean }
  | { kind: 'status'; status: Status; reason: string | undefined; stale: boolean };

const rarely = fc.nat(9).map((n) => n === 0);
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant('claim' as const), stale: fc.option(rarely) }),
  fc.record({
    kind: fc.constant('assign' as const),
    to: fc.constantFrom(null, null, ...PEOPLE.map(({ sub }) => sub), 'nobody'),
    team: fc.constantFrom(undefined, undefined, null, 'property', 'marine'),
    stale: rarely,
  }),
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.constantFrom(...STATUSES),
    reason: fc.constantFrom('because', 'because', undefined),
    stale: rarely,
  }),
);
const act = fc.record({ caller: fc.constantFrom(...PEOPLE), command });

function send(
  desk: Desk,
  id: number,
  version: number,
  caller: Principal,
  it: Command,
  command_id?: string,
): Promise<Item> {
  const named = it.stale ? version + 1 : version;
  if (it.kind === 'claim')
    return desk.commands.claim(caller, id, { command_id, ...(it.stale === null ? {} : { version: named }) });
  if (it.kind === 'assign') {
    return desk.commands.assign(caller, id, { assigned_to: it.to, team: it.team, version: named, command_id });
  }
  return desk.commands.setStatus(caller, id, { status: it.status, reason: it.reason, version: named, command_id });
}

const roomsOf = ({ assigned_to, team }: State): string[] => [
  assigned_to !== null ? `underwriter:${assigned_to}` : team !== null ? `team:${team}` : 'pool',
  'supervisors',
];

/** The rules again: an error code, or what the item becomes. */
function predict(item: State, past: Set<string>, caller: Principal, it: Command): string | State {
  const takesWork = caller.roles.includes('underwriter');
  const leads = caller.roles.some((role) => role === 'supervisor' || role === 'admin');
  const rooms = [
    ...(takesWork ? [`underwriter:${caller.sub}`, 'pool', ...caller.teams.map((team) => `team:${team}`)] : []),
    ...(leads ? ['supervisors'] : []),
  ];
  const mine = item.assigned_to === caller.sub;
  if (it.kind === 'status' && ['referred', 'declined', 'withdrawn'].includes(it.status) && !it.reason) return 'invalid';
  if (!roomsOf(item).some((room) => rooms.includes(room)))
    return rooms.some((room) => past.has(room)) ? 'conflict' : 'not_found';
  if (it.kind === 'claim') {
    if (!takesWork) return 'forbidden';
    const free = item.assigned_to === null && OPEN.includes(item.status);
    const possible = free || (mine && ['pending', 'in_progress'].includes(item.status));
    return it.stale || !possible ? 'conflict' : { ...item, assigned_to: caller.sub, status: 'in_progress' };
  }
  if (it.kind === 'assign') {
    if (!leads && !(mine && it.to === null && (it.team === undefined || it.team === item.team))) return 'forbidden';
    if (it.to !== null && !TAKE_WORK.includes(it.to)) return 'invalid';
    if (it.stale) return 'conflict';
    const status = it.to === null && OPEN.includes(item.status) ? 'pending' : item.status;
    return { status, assigned_to: it.to, team: it.team === undefined ? item.team : it.team };
  }
  const taker = takers.get(`${item.status}>${it.status}`);
  if (!leads && (!mine || taker === 's')) return 'forbidden';
  return it.stale || taker === '.' || (taker === 'a' && !mine) ? 'conflict' : { ...item, status: it.status };
}

const same = (a: State, b: State): boolean =>
  a.status === b.status && a.assigned_to === b.assigned_to && a.team === b.team;
const stateOf = ({ status, assigned_to, team }: State): State => ({ status, assigned_to, team });
const outcomeOf = (work: Promise<Item>): Promise<Item | string> =>
  work.catch((error: unknown) => {
    if (error instanceof HubError) return error.code;
    throw error;
  });

describe('random commands', () => {
  let database: TestDatabase;
  let desks: [Desk, Desk];
  before(async () => {
    database = await testDatabase();
    desks = [await openDesk(database.mongo), await openDesk(database.mongo)];
    for (const one of PEOPLE) desks[0].people.seen(one);
    await desks[0].people.find('alice');
  });
  after(async () => {
    await Promise.all(desks.map((desk) => desk.close()));
    await database.drop();
  });

  /** What must hold of an item whatever was done to it; `acknowledged` are the answers that its changers got. */
  async function assertSound(id: number, acknowledged: readonly Item[]): Promise<void> {
    const [doc, events] = await Promise.all([desks[0].stored(id), desks[0].events(id)]);
    const versions = doc.history.map(({ version }) => version);
    expect(versions).to.deep.equal(Array.from({ length: doc.version }, (_, i) => i + 1));
    expect(events.map(({ version }) => version)).to.deep.equal(versions);
    expect(stateOf(doc)).to.deep.equal(doc.history.at(-1)?.after);
    expect(doc.rooms).to.deep.equal(roomsOf(doc));
    for (const [i, entry] of doc.history.entries()) {
      if (i === 0) continue;
      expect(entry.before).to.deep.equal(doc.history[i - 1]?.after);
      const event = events[i] as EventDocument;
      const item = (event.data as { item: Item }).item;
      expect(stateOf(item)).to.deep.equal(entry.after);
      expect(event.rooms).to.have.members([...new Set([...roomsOf(entry.before as State), ...roomsOf(entry.after)])]);
      expect(stateOf({ ...item, ...event.before })).to.deep.equal(entry.before);
    }
    for (const answer of acknowledged) {
      const entry = doc.history[answer.version - 1];
      expect({ ...stateOf(answer), at: answer.updated_at }).to.deep.equal({
        ...entry?.after,
        at: entry?.at.toISOString(),
      });
    }
  }

  it('one after the other do what the model says, and repeated get their first answer', async function () {
    this.timeout(60_000);
    const property = fc.asyncProperty(
      fc.constantFrom(null, 'property', 'marine'),
      fc.array(fc.record({ act, again: fc.nat(30) }), { minLength: 5, maxLength: 25 }),
      async (team, steps) => {
        const { id } = await desks[0].receive({ team });
        let model: State = { status: 'pending', assigned_to: null, team };
        let version = 1;
        const past = new Set(roomsOf(model));
        const sent: (() => Promise<unknown>)[] = [];
        for (const [n, { act: it, again }] of steps.entries()) {
          const desk = desks[n % 2] as Desk;
          const commandId = randomUUID();
          const now = version;
          const outcome = await outcomeOf(send(desk, id, now, it.caller, it.command, commandId));
          const wanted = predict(model, past, it.caller, it.command);
          if (typeof wanted === 'string') expect(outcome).to.equal(wanted);
          else {
            if (!same(wanted, model)) version++;
            model = wanted;
            for (const room of roomsOf(model)) past.add(room);
            expect(outcome).to.deep.include({ ...model, version });
          }
          sent.push(async () =>
            expect(await outcomeOf(send(desk, id, now, it.caller, it.command, commandId))).to.deep.equal(outcome),
          );
          await sent[again]?.();
        }
        await assertSound(id, []);
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  it('at once, in two processes, leave every item sound', async function () {
    this.timeout(60_000);
    const property = fc.asyncProperty(
      fc.array(fc.array(act, { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 6 }),
      async (rounds) => {
        const { id } = await desks[0].receive();
        const acknowledged: Item[] = [];
        for (const acts of rounds) {
          const { version } = await desks[0].stored(id);
          const outcomes = await Promise.all(
            acts.map(({ caller, command: it }, n) => outcomeOf(send(desks[n % 2] as Desk, id, version, caller, it))),
          );
          acknowledged.push(...outcomes.filter((one) => typeof one !== 'string'));
        }
        await assertSound(id, acknowledged);
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });
});
