// Filters that change while the connection does: the list is that of the last one wanted, and no stretch of the stream is taken for another's.
import type { Filter } from '@workitem-hub/client';
import { expect } from 'chai';
import { until } from '../support/until.js';
import { type Desk, openDesk, type Seat } from './desk.js';

const MINE: Filter = { assigned: 'me' };
const NOBODYS: Filter = { assigned: 'none' };

describe('a client whose filter changes', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  async function goesOn({ ids, keys }: Seat, shows: 'mine' | 'nobodys', before: number[]): Promise<void> {
    const mine = await desk.hub.item({ assigned_to: 'alice' });
    const nobodys = await desk.hub.item();
    const { submission_id } = shows === 'mine' ? mine : nobodys;
    const last = await desk.hub.item(shows === 'mine' ? { assigned_to: 'alice' } : {});
    await until(() => keys().includes(`${last.submission_id}:1`));
    expect(ids()).to.deep.equal([...before, submission_id, last.submission_id].sort((a, b) => a - b));
  }

  it('shows what it asks for, without another connection', async () => {
    const seat = await desk.seated('alice', {}, { filter: MINE });
    const { submission_id } = await desk.hub.item();
    await seat.client.setFilter(NOBODYS);
    await seat.connected();
    expect(seat.reports.at(-1)).to.include({ missed: false });
    await goesOn(seat, 'nobodys', [submission_id]);
    expect(seat.states.filter(({ name }) => name === 'connecting')).to.have.length(1);
  });

  it('while a connection is being made shows the new one', async () => {
    const seat = await desk.seat('alice', {}, { filter: MINE });
    const { submission_id } = await desk.hub.item();
    seat.network.freeze();
    seat.client.connect();
    // The handshake is made, and carries the old one.
    await until(() => seat.network.connections > 0);
    await seat.client.setFilter(NOBODYS);
    seat.network.thaw();
    await until(() => seat.ids().length === 1);
    await seat.connected();
    await goesOn(seat, 'nobodys', [submission_id]);
  });

  it('when the answer is lost takes the next connection for a new view, even when it has changed back', async () => {
    const seat = await desk.seated('alice', {}, { filter: MINE });
    seat.network.muffle();
    const changed = seat.client.setFilter(NOBODYS);
    // Under way: its position is good for no filter any more.
    await until(() => seat.client.position?.scope?.endsWith('?') === true);
    const back = seat.client.setFilter(MINE);
    const { submission_id } = await desk.hub.item({ assigned_to: 'alice' });
    seat.network.cut();
    await Promise.all([changed, back]);
    await seat.connected();
    await until(() => seat.reports.at(-1)?.missed === true);
    expect(seat.reports.at(-1)).to.include({ reason: 'filter_changed' });
    await goesOn(seat, 'mine', [submission_id]);
  });

  it('several times at once shows the last', async () => {
    const seat = await desk.seated('alice', {}, { filter: MINE });
    const { submission_id } = await desk.hub.item();
    await Promise.all([NOBODYS, MINE, null, NOBODYS].map((filter) => seat.client.setFilter(filter)));
    await seat.connected();
    await goesOn(seat, 'nobodys', [submission_id]);
  });

  it('to one that is none learns it, and keeps the one it has', async () => {
    const seat = await desk.seated('alice', {}, { filter: MINE });
    const refused = await seat.client
      .setFilter({ status: ['odd'] } as unknown as Filter)
      .catch((error: unknown) => error);
    expect(refused).to.include({ code: 'invalid' });
    expect(seat.client.filter).to.equal(MINE);
    await goesOn(seat, 'mine', []);
  });
});
