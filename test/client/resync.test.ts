// What cannot be told event by event comes as a snapshot, and the application learns of it.
import { expect } from 'chai';
import { events, logs } from '../../src/eventlog/collections.js';
import { rotateEpoch } from '../../src/eventlog/log-document.js';
import { until } from '../support/until.js';
import { type Desk, openDesk, type Seat } from './desk.js';

describe('a client that cannot be told everything it missed', () => {
  let desk: Desk;
  let lost: number;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  /** Something happens while it is away, and it comes back. */
  async function away(seat: Seat, meanwhile: () => unknown): Promise<void> {
    // Closed, since whoever tries on may be under way already with what was true before.
    seat.client.close();
    ({ submission_id: lost } = await desk.hub.item());
    await meanwhile();
    seat.client.connect();
    await seat.connected();
  }

  async function goesOn({ ids, keys, connected }: Seat): Promise<void> {
    const { submission_id: next } = await desk.hub.item();
    await until(() => keys().includes(`${next}:1`));
    await connected();
    expect(ids()).to.include.members([lost, next]);
  }

  it('has the list nevertheless, and is told so, when it was away for longer than events are kept', async () => {
    const seat = await desk.seated('alice');
    await away(seat, () => desk.forget());
    expect(seat.reports.at(-1)).to.deep.equal({ count: 0, missed: true, reason: 'below_floor' });
    expect(seat.keys()).to.deep.equal([]);
    expect(seat.ids()).to.deep.equal([lost]);
    await goesOn(seat);
  });

  it('… when the log was replaced', async () => {
    const seat = await desk.seated('alice');
    await away(seat, async () => {
      const { mongo } = desk.hub.database;
      await rotateEpoch(logs.of(mongo), events.of(mongo));
      await desk.hub.restart();
    });
    expect(seat.reports.at(-1)).to.include({ missed: true, reason: 'epoch_changed' });
    await goesOn(seat);
  });

  it('… when it has other rights than before', async () => {
    // Too short-lived for a second connection.
    const claims = { teams: ['red'], ttl: 4 };
    const seat = await desk.seated('alice', claims);
    const red = await desk.hub.item({ team: 'red' });
    await until(() => seat.ids().includes(red.submission_id));
    const blue = await desk.hub.item({ team: 'blue' });
    await away(seat, () => Object.assign(claims, { teams: ['blue'] }));
    expect(seat.reports.at(-1)).to.include({ missed: true, reason: 'rights_changed' });
    expect(seat.ids()).to.deep.equal([blue.submission_id, lost]);
    await goesOn(seat);
  });

  it('… when it wants to see something else since', async () => {
    const seat = await desk.seated('alice', {}, { filter: { assigned: 'me' } });
    const { submission_id: own } = await desk.hub.item({ assigned_to: 'alice' });
    await until(() => seat.ids().includes(own));
    await away(seat, () => seat.client.setFilter({ assigned: 'none' }));
    expect(seat.reports.at(-1)).to.include({ missed: true, reason: 'filter_changed' });
    expect(seat.ids()).to.deep.equal([lost]);
    await goesOn(seat);
  });
});
