// Tokens: refreshed in place, asked for one at a time, and an end that the screen can show when none does.
import type { GetToken } from '@workitem-hub/client';
import { expect } from 'chai';
import { until } from '../support/until.js';
import { type Desk, openDesk } from './desk.js';

describe('the token of a client', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  it('that expires is replaced without another connection, and without a flood of calls', async () => {
    const claims = { ttl: 2 };
    const seat = await desk.seated('alice', claims);
    const end = Date.now() + 2_000;
    claims.ttl = 3_600;
    await until(() => seat.asked.length === 2);
    await until(() => Date.now() > end + 500);
    const { submission_id } = await desk.hub.item();
    await until(() => seat.ids().includes(submission_id));
    expect(seat.asked).to.deep.equal(['connect', 'expiring']);
    expect(seat.states.filter(({ name }) => name === 'connecting')).to.have.length(1);
  });

  it('that always lives for a moment only is asked for now and then, not all the time', async () => {
    const seat = await desk.seated('alice', { ttl: 4 });
    const end = Date.now() + 3_000;
    await until(() => Date.now() > end);
    expect(seat.asked.filter((reason) => reason === 'expiring')).to.have.length.within(1, 3);
    expect(seat.states.filter(({ name }) => name === 'connecting')).to.have.length(1);
  });

  it('that brings other rights in place shows what they show, and only that', async () => {
    const claims = { teams: ['red'], ttl: 2 };
    const seat = await desk.seated('alice', claims);
    const [red, blue] = [await desk.hub.item({ team: 'red' }), await desk.hub.item({ team: 'blue' })];
    await until(() => seat.ids().includes(red.submission_id));
    Object.assign(claims, { teams: ['blue'], ttl: 3_600 });
    await until(() => seat.reports.some(({ missed }) => missed));
    await seat.connected();
    expect(seat.client.principal?.teams).to.deep.equal(['blue']);
    expect(seat.ids()).to.deep.equal([blue.submission_id]);
    const next = await desk.hub.item({ team: 'blue' });
    await until(() => seat.keys().includes(`${next.submission_id}:1`));
    expect(seat.ids()).to.deep.equal([blue.submission_id, next.submission_id]);
    expect(seat.states.filter(({ name }) => name === 'connecting')).to.have.length(1);
  });

  it('that is refused is replaced once; refused again, it ends the client', async () => {
    const asked: string[] = [];
    const getToken: GetToken = ({ reason }) => {
      asked.push(reason);
      return 'no token';
    };
    const seat = await desk.seat('alice', {}, { getToken });
    seat.client.connect();
    await until(() => seat.client.state.name === 'closed');
    expect(seat.client.state.code).to.equal('unauthenticated');
    expect(asked).to.deep.equal(['connect', 'refused']);
  });

  it('of nobody ends the client at once, and signing in begins it again', async () => {
    let signedIn = false;
    const seat = await desk.seat('alice', {}, { getToken: async () => (signedIn ? desk.hub.token('alice') : null) });
    seat.client.connect();
    await until(() => seat.client.state.name === 'closed');
    expect(seat.client.state.code).to.equal('unauthenticated');
    signedIn = true;
    seat.client.connect();
    await seat.connected();
  });

  it('that was revoked is replaced by one that was made after', async () => {
    const seat = await desk.seated('alice');
    const admin = await desk.hub.token('root', { roles: ['admin'] });
    seat.network.forbid();
    expect((await desk.hub.call('POST', '/api/revocations', admin, { sub: 'alice' })).status).to.be.below(300);
    seat.network.allow();
    await until(() => seat.asked.length === 2);
    await seat.connected();
    expect(seat.asked).to.deep.equal(['connect', 'refused']);
  });

  it('is asked for by one call at a time, whoever needs it', async () => {
    let [calls, most, all] = [0, 0, 0];
    const seat = await desk.seat(
      'alice',
      {},
      {
        async getToken() {
          most = Math.max(most, ++calls);
          all++;
          await new Promise((resolve) => setTimeout(resolve, 20));
          calls--;
          // Too short-lived to be used twice: the stream, its refreshes and its lists all ask.
          return desk.hub.token('alice', { ttl: 2 });
        },
      },
    );
    seat.client.connect();
    await seat.connected();
    await seat.client.setFilter({ assigned: 'me' });
    await seat.connected();
    await until(() => all >= 4);
    expect(most).to.equal(1);
  });

  it('that cannot be had is tried again, and the screen knows why nothing comes', async () => {
    let failures = 3;
    const seat = await desk.seat(
      'alice',
      {},
      {
        async getToken() {
          if (failures-- > 0) throw new Error('the identity provider sleeps');
          return desk.hub.token('alice');
        },
      },
    );
    seat.client.connect();
    await seat.connected();
    expect(seat.states.filter(({ code }) => code === 'token_unavailable')).to.have.length(3);
  });
});
