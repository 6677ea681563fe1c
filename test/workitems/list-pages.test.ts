// Paging through the list: every item once, newest first, whatever arrives in between.
import { expect } from 'chai';
import { createSnapshot, type Page } from '../../src/workitems/snapshot.js';
import { workItems } from '../../src/workitems/work-item.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person, refusal } from './desk.js';

const alice = person('alice', ['underwriter'], ['property', 'marine']);
const chief = person('chief', ['supervisor']);

describe('pages of the list', () => {
  let database: TestDatabase;
  let desk: Desk;
  let ids: number[];
  before(async () => {
    database = await testDatabase();
    desk = await openDesk(database.mongo);
    // In all of alice's rooms, and two that she does not see.
    const drafts = Array.from({ length: 23 }, (_, i) => [
      { team: [null, 'property', 'marine'][i % 3] },
      { assigned_to: 'alice' },
    ]).flat();
    const hidden = [{ team: 'cyber' }, { assigned_to: 'bob' }];
    const items = await Promise.all([...drafts, ...hidden].map((draft) => desk.receive(draft)));
    ids = items.slice(0, drafts.length).map(({ id }) => id);
    ids.sort((a, b) => b - a);
  });
  after(async () => {
    await desk.close();
    await database.drop();
  });

  it('hold every visible item once, newest first, and share the first page’s position', async () => {
    const seen: number[] = [];
    const first = await desk.snapshot.list(alice, { limit: 7 });
    let page = first;
    for (;;) {
      seen.push(...page.items.map(({ id }) => id));
      expect(page.position).to.deep.equal(first.position);
      if (page.next_cursor === null) break;
      expect(page.items).to.have.length(7);
      // New mails must neither shift the pages nor move the position.
      await desk.receive();
      page = await desk.snapshot.list(alice, { limit: 7, cursor: page.next_cursor });
    }
    expect(seen).to.deep.equal(ids);
  });

  it('end without a cursor when the last one is exactly full', async () => {
    const all = await desk.snapshot.list(chief, { limit: 500 });
    expect(all.next_cursor).to.be.null;
    const exact = await desk.snapshot.list(chief, { limit: all.items.length });
    expect(exact.items).to.have.length(all.items.length);
    expect(exact.next_cursor).to.be.null;
    const short = await desk.snapshot.list(chief, { limit: all.items.length - 1 });
    expect(short.next_cursor).to.be.a('string');
  });

  it('have 100 items when nothing else is said', async () => {
    await Promise.all(Array.from({ length: 101 }, () => desk.receive()));
    expect((await desk.snapshot.list(alice)).items).to.have.length(100);
  });

  it('refuse a cursor that is not one', async () => {
    const of = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const position = { epoch: 'e', seq: 1, scope: 's' };
    for (const cursor of [
      '',
      'nonsense',
      '💥',
      of(null),
      of([]),
      of({ before: 0, position }),
      of({ before: { $gt: 0 }, position }),
      of({ before: 1, position: { ...position, seq: -1 } }),
      of({ before: 1, position: { epoch: 'e', seq: 1 } }),
      of({ before: 1, position, extra: 1 }),
    ]) {
      await refusal(desk.snapshot.list(alice, { cursor }), 'invalid');
    }
  });

  it('refuse a cursor of another filter, of another person, or from before one’s rights changed', async () => {
    const mine = await desk.snapshot.list(alice, { limit: 1, filter: { team: ['marine', 'property'] } });
    const cursor = mine.next_cursor;
    const moved = { ...alice, teams: ['property'] };
    const filter = { team: ['marine', 'property'] };
    await refusal(desk.snapshot.list(alice, { cursor }), 'invalid');
    await refusal(desk.snapshot.list(alice, { cursor, filter: { team: ['marine'] } }), 'invalid');
    await refusal(desk.snapshot.list(chief, { cursor, filter }), 'invalid');
    await refusal(desk.snapshot.list(person('ann', ['underwriter'], alice.teams), { cursor, filter }), 'invalid');
    await refusal(desk.snapshot.list(moved, { cursor, filter }), 'invalid');
    // The same said in another way is the same filter.
    const next = await desk.snapshot.list(alice, { limit: 1, cursor, filter: { team: ['property', 'marine'] } });
    expect(next.position).to.deep.equal(mine.position);
  });

  it('may be short, even empty, when a filter passes next to nothing, and still lead to every match', async () => {
    const files = { open: () => expect.fail(), readText: () => expect.fail() };
    const hasty = createSnapshot({ mongo: database.mongo, relay: desk.relay, files, scanMax: 10 });
    const wanted = await desk.receive({ subject: 'Needle' });
    for (let i = 0; i < 25; i++) await desk.receive();
    const pages = [];
    let cursor: string | null = null;
    do {
      const page: Page = await hasty.list(alice, { filter: { text: 'needle' }, cursor });
      pages.push(page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(pages.length).to.be.above(3);
    expect(pages.flat().map(({ id }) => id)).to.deep.equal([wanted.id]);
  });

  it('are read along an index, not sorted in memory', async () => {
    const items = workItems.of(database.mongo);
    for (const rooms of [{ $in: ['pool', 'team:marine', 'underwriter:alice'] }, 'supervisors']) {
      const found = items.find({ rooms, status: { $in: ['pending', 'quoted'] }, _id: { $lt: 40 } }).sort({ _id: -1 });
      const plan = (await found.explain('queryPlanner')) as { queryPlanner: { winningPlan: object } };
      const text = JSON.stringify(plan.queryPlanner.winningPlan);
      expect(text).to.contain('IXSCAN').and.not.contain('"SORT"').and.not.contain('COLLSCAN');
    }
  });
});
