import { expect } from 'chai';
import { draftOf } from '../support/log-process.js';
import { type Desk, openDesk, sessionOf } from './desk.js';

describe('a slow client', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk.close());

  it('is cut when too many bytes wait for it, while the others get everything', async () => {
    const slow = desk.open(sessionOf('slow'));
    const fast = desk.open(sessionOf('fast'));
    slow.setQueued(2 << 20);
    const { submission } = await desk.process.appender.create('a', draftOf('a'));
    expect(slow.cuts[0]).to.include({ code: 'too_slow' });
    expect(fast.events.map(({ item }) => item)).to.deep.equal([submission._id]);
    expect(fast.cuts).to.deep.equal([]);
  });

  it('is cut when what waits for it does so for too long', () => {
    const slow = desk.open(sessionOf('slow'));
    slow.setQueued(200 << 10);
    const now = Date.now();
    slow.subscription.inspect(now);
    slow.subscription.inspect(now + 9_000);
    expect(slow.cuts).to.deep.equal([]);
    slow.subscription.inspect(now + 11_000);
    expect(slow.cuts[0]).to.include({ code: 'too_slow' });
  });

  it('is seen in what waits for all', () => {
    const before = desk.delivery.queuedBytes();
    const client = desk.open(sessionOf('slow'));
    client.setQueued(5_000);
    expect(desk.delivery.queuedBytes()).to.equal(before + 5_000);
    client.subscription.close();
    expect(desk.delivery.queuedBytes()).to.equal(before);
  });

  it('is not cut for having been behind and caught up again', () => {
    const client = desk.open(sessionOf('sometimes'));
    const now = Date.now();
    client.setQueued(200 << 10);
    client.subscription.inspect(now);
    client.setQueued(0);
    client.subscription.inspect(now + 5_000);
    client.setQueued(200 << 10);
    client.subscription.inspect(now + 11_000);
    expect(client.cuts).to.deep.equal([]);
  });
});
