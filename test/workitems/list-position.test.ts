// The position of a list: its items and the events after the position, together, are everything, however many
// commands run in other processes meanwhile.
import { roomsOf } from '@workitem-hub/client/audience';
import type { Item } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { itemOf, toLogEvent } from '../../src/eventlog/event.js';
import { events } from '../../src/eventlog/collections.js';
import { scopeOf } from '../../src/delivery/scope.js';
import { workItems } from '../../src/workitems/work-item.js';
import { failCommand, type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person } from './desk.js';

const boss = person('boss', ['underwriter', 'supervisor']);

describe('the position of a list', () => {
  let database: TestDatabase;
  let desk: Desk;
  let elsewhere: Desk;
  before(async () => {
    database = await testDatabase();
    desk = await openDesk(database.mongo);
    elsewhere = await openDesk(database.mongo);
  });
  after(async () => {
    await Promise.all([desk.close(), elsewhere.close()]);
    await database.drop();
  });

  it('is that of this process’s stream, for what the caller asked to see', async () => {
    await desk.receive();
    const filter = { status: ['pending' as const] };
    const { position } = await desk.snapshot.list(boss, { filter });
    expect(position).to.deep.equal({
      epoch: desk.relay.epoch,
      seq: desk.relay.position,
      scope: scopeOf(roomsOf(boss), filter, 'boss'),
    });
  });

  it('is taken before the items are read', async () => {
    const seq = desk.relay.position;
    const fault = await failCommand(database.mongo, {
      commands: ['find'],
      collection: 'workitems',
      times: 1,
      delayMs: 300,
    });
    const list = desk.snapshot.list(boss);
    await fault.struck();
    await desk.receive();
    expect(desk.relay.position).to.be.above(seq);
    expect((await list).position.seq).to.equal(seq);
  });

  it('comes with items that are as new as the primary, though a majority read may lag behind it', async () => {
    const { id } = await desk.receive();
    // Not journalled, it is not yet a majority's: so the state after a fail-over, where acknowledged writes look like this.
    const fast = { writeConcern: { w: 1, journal: false } } as const;
    await workItems.of(database.mongo).updateOne({ _id: id }, { $set: { subject: 'Newest' } }, fast);
    const { items } = await desk.snapshot.list(boss);
    expect(items.find((item) => item.id === id)?.subject).to.equal('Newest');
  });

  it('hides no change: items and later events add up to the present, under load', async function () {
    this.timeout(60_000);
    const ids = (await Promise.all(Array.from({ length: 20 }, () => desk.receive()))).map(({ id }) => id);
    let busy = true;
    const work = [desk, elsewhere].flatMap((one, n) =>
      ids.map(async (id) => {
        for (let i = 0; busy; i++) {
          // Two processes race for each item: losing is part of it.
          const { version, assigned_to } = await one.snapshot.get(boss, id);
          const step = assigned_to
            ? one.commands.assign(boss, id, { assigned_to: null, version })
            : one.commands.claim(boss, id, { version });
          await step.catch(() => {});
          if (i % 5 === n) await one.receive();
        }
      }),
    );
    const pagesOf = async (limit: number) => {
      const pages = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<Desk['snapshot']['list']>> = await desk.snapshot.list(boss, { limit, cursor });
        pages.push(page);
        cursor = page.next_cursor;
      } while (cursor !== null);
      return pages;
    };
    const lists = [];
    for (let i = 0; i < 25; i++) lists.push(await pagesOf(15));
    busy = false;
    await Promise.all(work);

    const now = new Map((await pagesOf(500)).flatMap(({ items }) => items).map((item) => [item.id, item]));
    const log = (
      await events
        .of(database.mongo)
        .find({ type: { $ne: 'void' } })
        .sort({ _id: 1 })
        .toArray()
    ).map(toLogEvent);
    for (const pages of lists) {
      const position = pages[0]?.position.seq ?? -1;
      const screen = new Map<number, Item>(pages.flatMap(({ items }) => items).map((item) => [item.id, item]));
      for (const event of log) {
        const item = itemOf(event);
        if (!item) continue;
        const shown = screen.get(item.id)?.version ?? 0;
        // A stream that resumes there never brings what is at or below the position: the list has to hold it.
        if (event.seq <= position) expect(shown).to.be.at.least(item.version);
        // As clients merge: the newer version wins.
        else if (item.version > shown) screen.set(item.id, item);
      }
      expect(new Map([...screen].sort(([a], [b]) => b - a))).to.deep.equal(now);
    }
  });
});
