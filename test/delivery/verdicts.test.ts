import { expect } from 'chai';
import { events, logs } from '../../src/eventlog/collections.js';
import { rotateEpoch } from '../../src/eventlog/log-document.js';
import { draftOf } from '../support/log-process.js';
import { type Desk, openDesk, sessionOf } from './desk.js';

describe('where a stream starts', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await Promise.all(Array.from({ length: 6 }, (_, n) => desk.process.appender.create(`${n}`, draftOf(`${n}`))));
    await desk.process.reached(6);
  });
  after(() => desk.close());

  const alice = sessionOf('alice', { teams: ['property'] });
  const at = (seq: number, more: object = {}) => ({ epoch: desk.process.relay.epoch, seq, ...more });

  it('is the present without a position: ready, caught_up, nothing between', async () => {
    const client = desk.open(alice);
    await client.control('caught_up');
    expect(client.order).to.deep.equal(['ready', 'caught_up']);
    expect(client.controls[0]?.data).to.include({ verdict: 'fresh', seq: 6, contract: 1 });
    expect(client.controls[1]?.data).to.include({ seq: 6, count: 0 });
  });

  it('is the position when it can be resumed', async () => {
    const client = desk.open(alice, { position: at(4) });
    await client.control('caught_up');
    expect(client.order).to.deep.equal(['ready', 5, 6, 'caught_up']);
    expect(client.controls[0]?.data).to.include({ verdict: 'resumed', seq: 4 });
  });

  for (const [what, position, reason] of [
    ['another epoch', { epoch: 'another', seq: 3 }, 'epoch_changed'],
    ['a position ahead of the log', { seq: 700 }, 'ahead_of_log'],
    ['other rights', { seq: 3, scope: 'AAAA.all' }, 'rights_changed'],
  ] as const) {
    it(`is the present with the duty to take a snapshot for ${what}`, async () => {
      const client = desk.open(alice, { position: { ...at(0), ...position } });
      await client.control('caught_up');
      expect(client.order).to.deep.equal(['ready', 'caught_up']);
      expect(client.controls[0]?.data).to.include({ verdict: 'resync', reason, seq: 6 });
    });
  }

  it('says when only the filter is another', async () => {
    const before = desk.open(alice);
    const client = desk.open(alice, { position: before.position(), filter: { status: ['bound'] } });
    expect(await client.control('ready')).to.include({ verdict: 'resync', reason: 'filter_changed' });
  });

  it('says so, too, when the filter changes before the verdict', async () => {
    const client = desk.open(alice, { position: at(4) });
    expect(client.order).to.deep.equal([]);
    client.subscription.setFilter({ status: ['bound'] });
    expect(await client.control('ready')).to.include({ verdict: 'resync', reason: 'filter_changed', seq: 6 });
  });

  it('waits for the relay when the position is in the log but ahead of this process', async () => {
    const slow = await openDesk({ follow: false });
    try {
      await slow.process.appender.create('first', draftOf('first'));
      // Another process has shown this client an event that this process has not seen.
      await slow.process.relay.start();
      const next = slow.process.relay.position + 1;
      const { insertedId } = await slow.database.mongo.db
        .collection<{ _id: number }>('events')
        .insertOne({ _id: next, type: 'void', data: {}, rooms: [], before: null, at: new Date() } as never);
      const client = slow.open(alice, { position: { epoch: slow.process.relay.epoch, seq: insertedId } });
      expect(await client.control('ready')).to.include({ verdict: 'resumed', seq: next });
    } finally {
      await slow.close();
    }
  });

  it('is the present when retention has deleted what follows the position', async () => {
    const own = await openDesk();
    try {
      await Promise.all(Array.from({ length: 6 }, (_, n) => own.process.appender.create(`${n}`, draftOf(`${n}`))));
      await own.process.reached(6);
      await logs.of(own.database.mongo).updateOne({ _id: 'log' }, { $set: { floor: 4, contiguous_to: 6 } });
      await own.process.stop();
      const next = await openDesk({}, own.database);
      const client = next.open(alice, { position: { epoch: next.process.relay.epoch, seq: 3 } });
      await client.control('caught_up');
      expect(client.order).to.deep.equal(['ready', 'caught_up']);
      expect(client.controls[0]?.data).to.include({ verdict: 'resync', reason: 'below_floor' });
      const whole = next.open(alice, { position: { epoch: next.process.relay.epoch, seq: 4 } });
      await whole.control('caught_up');
      expect(whole.order).to.deep.equal(['ready', 5, 6, 'caught_up']);
      await next.close();
    } finally {
      await own.close();
    }
  });

  it('is lost for open streams when the log gets another epoch: they are told to take a snapshot', async () => {
    const own = await openDesk();
    try {
      const client = own.open(alice);
      await client.control('caught_up');
      await rotateEpoch(logs.of(own.database.mongo), events.of(own.database.mongo));
      expect(await client.control('resync_required')).to.include({ reason: 'epoch_changed' });
    } finally {
      await own.close();
    }
  });
});
