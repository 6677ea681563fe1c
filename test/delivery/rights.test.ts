import { expect } from 'chai';
import { draftOf } from '../support/log-process.js';
import { type Desk, openDesk, sessionOf } from './desk.js';

describe('rights that change', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk.close());

  const mailTo = async (key: string, where: object): Promise<number> => {
    const { submission } = await desk.process.appender.create(key, draftOf(key, where));
    return submission._id;
  };

  it('count at once with a refreshed token, and the client is told to take a snapshot', async () => {
    const client = desk.open(sessionOf('alice', { teams: ['property'] }));
    await client.control('caught_up');
    await mailTo('seen', { team: 'property' });
    client.subscription.refresh(sessionOf('alice', { teams: ['cyber'] }));
    expect(await client.control('resync_required')).to.include({
      reason: 'rights_changed',
      scope: client.subscription.scope,
    });
    await mailTo('lost', { team: 'property' });
    const gained = await mailTo('gained', { team: 'cyber' });
    expect(client.events.map(({ item }) => item).at(-1)).to.equal(gained);
    expect(client.events).to.have.length(2);
  });

  it('change nothing when the rooms stay the same', async () => {
    const client = desk.open(sessionOf('alice', { teams: ['property'] }));
    await client.control('caught_up');
    client.subscription.refresh(sessionOf('alice', { teams: ['property'] }));
    expect(client.order).to.deep.equal(['ready', 'caught_up']);
  });

  it('cannot become those of another person', async () => {
    const client = desk.open(sessionOf('alice'));
    expect(() => client.subscription.refresh(sessionOf('bob')))
      .to.throw()
      .with.property('code', 'forbidden');
  });

  it('do not come back to a stream that has ended', async () => {
    const client = desk.open(sessionOf('alice'));
    await client.control('caught_up');
    client.subscription.cut({ code: 'token_expired', message: 'over' });
    expect(() => client.subscription.refresh(sessionOf('alice')))
      .to.throw()
      .with.property('code', 'token_expired');
  });

  it('that were lost while away take their past with them', async () => {
    const client = desk.open(sessionOf('carol', { teams: ['property'] }));
    await client.control('caught_up');
    const position = client.position();
    client.subscription.close();
    await mailTo('while-away', { team: 'property' });
    const again = desk.open(sessionOf('carol'), { position });
    expect(await again.control('ready')).to.include({ verdict: 'resync', reason: 'rights_changed' });
    const unscoped = desk.open(sessionOf('carol'), { position: { epoch: position.epoch, seq: position.seq } });
    await unscoped.control('caught_up');
    expect(unscoped.events).to.deep.equal([]);
  });

  it('end with a revocation, before anything that comes after it', async () => {
    const client = desk.open(sessionOf('dave'));
    await client.control('caught_up');
    desk.revoked.add('dave');
    await mailTo('after-revocation', {});
    expect(client.events).to.deep.equal([]);
    expect(client.cuts).to.have.length(1);
    expect(client.cuts[0]).to.include({ code: 'unauthenticated' });
  });

  it('end with the token: nothing is written after it, even when no timer has fired', async () => {
    const session = { ...sessionOf('erin') };
    const client = desk.open(session);
    await client.control('caught_up');
    // The clock passes the token's end without the event loop having had a turn for timers.
    Object.assign(session, { cutAt: Date.now() - 1 });
    await mailTo('after-expiry', {});
    expect(client.events).to.deep.equal([]);
    expect(client.cuts[0]).to.include({ code: 'token_expired' });
  });

  it('of a stream that is revoked before it opens are none', async () => {
    desk.revoked.add('frank');
    const client = desk.open(sessionOf('frank'));
    expect(client.order).to.deep.equal([]);
    expect(client.cuts).to.have.length(1);
    expect([...desk.delivery.subscriptions()].includes(client.subscription)).to.equal(false);
  });
});
