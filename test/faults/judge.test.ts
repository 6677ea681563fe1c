// The judge is judged: it finds each defect that is put into a history, calls it by its name, and nothing else.
import { expect } from 'chai';
import type { EventDocument, LogDocument } from '../../src/eventlog/event.js';
import { type Defect, defectsOfHistory, type Testimony } from '../support/history.js';
import type { LogFacts } from '../support/log-process.js';
import type { Stretch } from '../support/watcher.js';

/** Two mails, the first of them claimed by alice; she watches, and so does bob, who does not see the claim's successor. */
function sound(): { facts: LogFacts; testimony: Testimony & { mayResync?: boolean } } {
  const mail = (id: number) => ({ _id: id, key: `k${id}`, idempotency: { value: `mail-${id}` } });
  const item = (id: number, version: number, history: object[]) => ({ _id: id, version, seq: 9, history });
  const event = (seq: number, item: number, version: number, rooms: string[]) => ({ _id: seq, item, version, rooms });
  const facts = {
    submissions: [mail(1), mail(2)],
    items: [
      item(1, 3, [{ version: 1 }, { version: 2, command_id: 'claim' }, { version: 3, command_id: 'quote' }]),
      item(2, 1, [{ version: 1 }]),
    ],
    events: [
      event(1, 1, 1, ['pool', 'supervisors']),
      event(2, 1, 2, ['pool', 'underwriter:alice', 'supervisors']),
      { _id: 3, type: 'void', rooms: [] },
      event(4, 2, 1, ['pool', 'supervisors']),
      event(5, 1, 3, ['underwriter:alice', 'supervisors']),
    ],
    log: { epoch: 'one', floor: 0 } as LogDocument,
  } as unknown as LogFacts;
  const seen = (seq: number, id: number, version: number) => ({ seq, id, version, event: '' });
  const stretch = (some: ReturnType<typeof seen>[]): Stretch => ({ epoch: 'one', start: 0, end: 5, seen: some });
  const testimony = {
    traffic: {
      mails: [mailReceipt(1), mailReceipt(2)],
      commands: [
        { commandId: 'claim', id: 1, version: 2 },
        { commandId: 'quote', id: 1, version: 3 },
        { commandId: 'too late', id: 1, version: null },
      ],
      faults: [],
    },
    watchers: [
      {
        name: 'alice',
        rooms: ['underwriter:alice', 'pool'],
        verdicts: ['fresh', 'resumed'],
        stretches: [stretch([seen(1, 1, 1), seen(2, 1, 2), seen(4, 2, 1), seen(5, 1, 3)])],
      },
      {
        name: 'bob',
        rooms: ['underwriter:bob', 'pool'],
        verdicts: ['fresh'],
        stretches: [stretch([seen(1, 1, 1), seen(2, 1, 2), seen(4, 2, 1)])],
      },
    ],
  };
  return { facts, testimony };
}

const mailReceipt = (id: number) => ({
  messageId: `mail-${id}`,
  submission_id: id,
  submission_ref: `ref-${id}`,
  postedAt: 0,
  answeredAt: 0,
});

const watcherOf = (testimony: Testimony, index: number) => testimony.watchers[index] as Testimony['watchers'][number];

interface Case {
  defect: string;
  finds: Defect['kind'][];
  make: (world: ReturnType<typeof sound>, bob: Stretch, alice: Stretch) => unknown;
}

const CASES: Case[] = [
  { defect: 'an event that a client never got', finds: ['lost'], make: (_, bob) => bob.seen.splice(1, 1) },
  { defect: 'events that a client got after all others have gone', finds: ['lost'], make: (_, bob) => bob.seen.pop() },
  {
    defect: 'an event that a client got twice',
    finds: ['duplicated'],
    make: (_, bob) => bob.seen.push({ seq: 4, id: 2, version: 1, event: '' }),
  },
  {
    defect: 'an event from before the beginning',
    finds: ['duplicated'],
    make: (_, bob) => {
      bob.start = 1;
    },
  },
  {
    defect: 'events in another order',
    finds: ['reordered'],
    make: (_, bob) => bob.seen.splice(0, 2, ...bob.seen.slice(0, 2).reverse()),
  },
  {
    defect: "an event of another person's",
    finds: ['leaked'],
    make: (_, bob) => bob.seen.push({ seq: 5, id: 1, version: 3, event: '' }),
  },
  {
    defect: 'an event that the log does not hold, as after a roll-back',
    finds: ['lost'],
    make: (_, bob) => bob.seen.push({ seq: 6, id: 3, version: 1, event: '' }),
  },
  {
    defect: 'an event at the seq of another',
    finds: ['lost', 'lost'],
    make: (_, bob) => bob.seen.splice(2, 1, { seq: 4, id: 3, version: 1, event: '' }),
  },
  {
    defect: 'a client that is told to begin anew',
    finds: ['wrong'],
    make: ({ testimony }) => (watcherOf(testimony, 0).verdicts as string[]).push('resync'),
  },
  {
    defect: 'an answered mail that is not stored',
    finds: ['lost'],
    make: ({ testimony }) => testimony.traffic.mails.push(mailReceipt(3)),
  },
  {
    defect: 'an answer that names another submission',
    finds: ['wrong'],
    make: ({ testimony }) => {
      (testimony.traffic.mails[1] as { submission_id: number }).submission_id = 1;
    },
  },
  {
    defect: 'a mail that is stored twice',
    finds: ['duplicated', 'lost'],
    make: ({ facts }) => {
      (facts.submissions[1] as { idempotency: { value: string } }).idempotency.value = 'mail-1';
    },
  },
  {
    defect: 'a submission without its item',
    finds: ['lost', 'lost'],
    make: ({ facts }) => facts.items.pop(),
  },
  {
    defect: 'a submission with two items',
    finds: ['duplicated', 'lost'],
    make: ({ facts }) => facts.items.push({ ...facts.items[1], _id: 3 } as never),
  },
  {
    defect: 'an answered command that was not carried out',
    finds: ['lost'],
    make: ({ testimony }) => testimony.traffic.commands.push({ commandId: 'gone', id: 1, version: 4 }),
  },
  {
    defect: 'a command that was carried out and answered as refused',
    finds: ['wrong'],
    make: ({ testimony }) => {
      (testimony.traffic.commands[0] as { version: number | null }).version = null;
    },
  },
  {
    defect: 'a command that was carried out twice',
    finds: ['duplicated', 'lost'],
    make: ({ facts }) => {
      const [item] = facts.items as unknown as [{ history: object[] }];
      item.history[2] = { version: 3, command_id: 'claim' };
    },
  },
  {
    defect: 'an answer that no sender should get',
    finds: ['wrong'],
    make: ({ testimony }) => testimony.traffic.faults.push('500'),
  },
  {
    defect: 'a version without its event',
    finds: ['lost'],
    make: ({ facts }) => {
      (facts.items[1] as { version: number }).version = 2;
    },
  },
  { defect: 'a hole in the log', finds: ['wrong'], make: ({ facts }) => facts.events.splice(2, 1) },
  {
    defect: 'an outbox that stands for ever',
    finds: ['wrong'],
    make: ({ facts }) => {
      (facts.items[1] as { outbox?: object }).outbox = {};
    },
  },
  {
    defect: 'the same version twice in the log',
    finds: ['duplicated'],
    make: ({ facts }) => facts.events.push({ _id: 6, item: 2, version: 1, rooms: [] } as never),
  },
];

describe('the judge of histories', () => {
  it('has nothing to say about a sound one', () => {
    const { facts, testimony } = sound();
    expect(defectsOfHistory(facts, testimony)).to.deep.equal([]);
  });

  for (const { defect, finds, make } of CASES) {
    it(`finds ${defect}`, () => {
      const world = sound();
      const [alice, bob] = world.testimony.watchers.map(({ stretches }) => stretches[0] as Stretch);
      make(world, bob as Stretch, alice as Stretch);
      const defects = defectsOfHistory(world.facts, world.testimony);
      expect(defects.map(({ kind }) => kind).sort(), JSON.stringify(defects)).to.deep.equal([...finds].sort());
    });
  }

  describe('of a log that was replaced, or lost its oldest events', () => {
    const archived = (): ReturnType<typeof sound> & { archive: EventDocument[]; bob: Stretch } => {
      const world = sound();
      const archive = world.facts.events.slice(0, 2);
      world.testimony.archive = new Map([['one', archive]]);
      world.testimony.mayResync = true;
      const [bob] = watcherOf(world.testimony, 1).stretches;
      return { ...world, archive, bob: bob as Stretch };
    };

    it('holds a client against what was there', () => {
      const { facts, testimony } = archived();
      facts.events = facts.events.slice(2);
      facts.log = { ...facts.log, floor: 2 };
      expect(defectsOfHistory(facts, testimony)).to.deep.equal([]);
    });

    it('asks for everything up to where a stretch broke off, and for nothing in between', () => {
      const { facts, testimony, bob } = archived();
      const [first, second, third] = bob.seen.splice(0);
      bob.seen.push(first as never);
      bob.end = 1;
      (watcherOf(testimony, 1).stretches as Stretch[]).push({ epoch: 'one', start: 3, end: 5, seen: [third as never] });
      expect(defectsOfHistory(facts, testimony)).to.deep.equal([]);
      bob.end = 2;
      expect(defectsOfHistory(facts, testimony).map(({ kind }) => kind)).to.deep.equal(['lost']);
      bob.seen.push(second as never);
      expect(defectsOfHistory(facts, testimony)).to.deep.equal([]);
    });

    it('lets a writer be late below the floor with what another has written, and with nothing else', () => {
      const { facts, testimony } = archived();
      facts.events = facts.events.slice(2);
      facts.log = { ...facts.log, floor: 3 };
      testimony.archive = new Map([['one', sound().facts.events.slice(0, 3)]]);
      facts.events[0] = { _id: 3, item: 1, version: 2, rooms: ['pool'] } as never;
      expect(defectsOfHistory(facts, testimony)).to.deep.equal([]);
      facts.events[0] = { _id: 3, item: 7, version: 1, rooms: ['pool'] } as never;
      const kinds = defectsOfHistory(facts, testimony).map(({ kind }) => kind);
      expect(new Set(kinds)).to.deep.equal(new Set(['lost']));
    });

    it('does not take the events of one log for those of another', () => {
      const { facts, testimony, bob } = archived();
      bob.epoch = 'none';
      expect(new Set(defectsOfHistory(facts, testimony).map(({ kind }) => kind))).to.deep.equal(new Set(['lost']));
    });
  });
});
