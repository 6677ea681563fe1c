import { audienceOf, roomsOf } from '@workitem-hub/client/audience';
import { expect } from 'chai';
import fc from 'fast-check';
import { events } from '../../src/eventlog/collections.js';
import { type EventDocument, itemBefore, itemOf, toLogEvent } from '../../src/eventlog/event.js';
import type { SubmissionDocument } from '../../src/workitems/submission.js';
import { firstVersion, toItem } from '../../src/workitems/work-item.js';
import { changeOf, draftOf } from '../support/log-process.js';
import { type Client, openDesk, sessionOf } from './desk.js';

const PEOPLE = {
  alice: { teams: ['property'] },
  bob: { teams: ['property', 'cyber'] },
  carol: { teams: [] as string[] },
};
type Name = keyof typeof PEOPLE;
const names = Object.keys(PEOPLE) as Name[];

/** The first move of an item, from where its mail put it. */
function moveOf(mail: SubmissionDocument, team: string) {
  const before = firstVersion(mail);
  const after = { ...before, team, assigned_to: null, version: 2 };
  const rooms = [...new Set([...audienceOf(before), ...audienceOf(after)])];
  const change = changeOf(before, team);
  return {
    ...change,
    set: { ...change.set, assigned_to: null },
    outbox: {
      ...change.outbox,
      data: { ...change.outbox.data, item: toItem(after) },
      before: { team: before.team, assigned_to: before.assigned_to, version: 1 },
      rooms,
    },
  };
}

/** One step of a schedule. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('mails' as const),
      to: fc.array(fc.constantFrom('pool', 'property', 'cyber', 'alice', 'bob'), { minLength: 1, maxLength: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      item: fc.nat(30),
      to: fc.constantFrom('property', 'cyber'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('reconnect' as const),
      who: fc.constantFrom(...names),
      settle: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), who: fc.constantFrom(...names) }) },
);

describe('streams that end and resume at random points under live traffic', () => {
  for (const ring of [
    { count: 4, bytes: 1 << 20 },
    { count: 10_000, bytes: 1 << 24 },
  ]) {
    it(`carry exactly the entitled events, once and in order (ring of ${ring.count})`, async function () {
      this.timeout(120_000);
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), (steps) => check(steps, ring)),
        { numRuns: 15 },
      );
    });
  }

  async function check(
    steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
    ring: { count: number; bytes: number },
  ): Promise<void> {
    const desk = await openDesk({ ring });
    try {
      const filterOf = (who: Name) => (who === 'carol' ? { team: ['property', 'cyber'] } : null);
      const sessions = new Map(names.map((who) => [who, sessionOf(who, PEOPLE[who])]));
      const lives = new Map<Name, Client[]>(names.map((who) => [who, []]));
      const open = (who: Name): Client => {
        const past = lives.get(who) as Client[];
        const position = past.at(-1)?.position() ?? null;
        const client = desk.open(sessions.get(who) as never, { position, filter: filterOf(who) });
        past.push(client);
        return client;
      };
      const start = new Map(names.map((who) => [who, open(who).position().seq]));
      const traffic: Promise<unknown>[] = [];
      let count = 0;
      const made: SubmissionDocument[] = [];

      for (const one of steps) {
        if (one.do === 'mails') {
          // Not awaited: events come while streams end, replay and join.
          for (const to of one.to) {
            const key = `mail-${count++}`;
            const where = to === 'pool' ? {} : to in PEOPLE ? { assigned_to: to } : { team: to };
            traffic.push(
              desk.process.appender.create(key, draftOf(key, where)).then(({ submission }) => made.push(submission)),
            );
          }
        } else if (one.do === 'move') {
          const mail = made[one.item];
          if (mail) traffic.push(desk.process.appender.change(moveOf(mail, one.to)));
        } else {
          lives.get(one.who)?.at(-1)?.subscription.close();
          if (one.do === 'reconnect') {
            const client = open(one.who);
            if (one.settle) await client.control('caught_up');
          }
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(traffic);
      const last = await desk.process.appender.control('user_drain', { sub: 'nobody' });
      await desk.process.reached(last);
      for (const who of names) {
        if (lives.get(who)?.at(-1)?.subscription.closed) open(who);
        await lives.get(who)?.at(-1)?.control('caught_up');
      }

      const log = (await events.of(desk.database.mongo).find().sort({ _id: 1 }).toArray()).map((doc: EventDocument) =>
        toLogEvent(doc),
      );
      for (const who of names) {
        const rooms = roomsOf((sessions.get(who) as ReturnType<typeof sessionOf>).principal);
        const wanted = log
          .filter(({ seq }) => seq > (start.get(who) ?? 0))
          .filter((event) => event.rooms.some((room) => rooms.includes(room)))
          .filter((event) => {
            if (who !== 'carol') return itemOf(event) !== null;
            return [itemOf(event), itemBefore(event)].some((item) => ['property', 'cyber'].includes(item?.team ?? ''));
          })
          .map(({ seq }) => seq);
        const clients = lives.get(who) as Client[];
        expect(
          clients.flatMap((client) => client.events.map(({ seq }) => seq)),
          who,
        ).to.deep.equal(wanted);
        for (const client of clients.slice(1)) {
          expect(client.controls.find(({ name }) => name === 'ready')?.data.verdict ?? 'resumed').to.equal('resumed');
        }
      }
    } finally {
      await desk.close();
    }
  }
});
