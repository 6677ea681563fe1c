import { expect } from 'chai';
import { cursors } from '../../src/delivery/cursors.js';
import { until } from '../support/until.js';
import { type Desk, eventually, openDesk } from './desk.js';

describe('a consumer with a client id', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  const kept = async (): Promise<number | undefined> =>
    (await cursors.of(desk.hub.database.mongo).findOne({ _id: 'desk-1:alice' }))?.seq;

  it('goes on where the hub knows that it was, in whatever process it lives', async () => {
    const first = await desk.seat('alice', {}, { clientId: 'desk-1' });
    const done: string[] = [];
    const consumer = first.client.consume(({ key }) => void done.push(key));
    await first.connected();
    await desk.hub.item();
    await desk.hub.item();
    await until(() => done.length === 2);
    await consumer.stop();
    expect(await kept()).to.equal(2);
    first.client.close();
    await desk.hub.item();
    await desk.hub.item();

    const second = await desk.seat('alice', {}, { clientId: 'desk-1' });
    const later: string[] = [];
    second.client.consume(({ key }) => void later.push(key));
    await until(() => later.length === 2);
    expect(later).to.deep.equal(['3:1', '4:1']);
  });

  it('tells the hub again what it could not tell while it was away', async () => {
    const { client, network, connected, leave } = await desk.seat('alice', {}, { clientId: 'desk-1' });
    let finish: () => void = () => {};
    let begun = false;
    client.consume(() => {
      begun = true;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await connected();
    await desk.hub.item();
    await until(() => begun);
    await leave();
    finish();
    network.allow();
    await eventually(async () => (await kept()) === 1);
  });
});
