// A consumer's position: behind finished work, never before it.
import { type ConsumedEvent, memoryStorage, type PositionStorage } from '@workitem-hub/client';
import { expect } from 'chai';
import { until } from '../support/until.js';
import { type Desk, openDesk } from './desk.js';

describe('the position of a consumer', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  /** A handler that finishes when it is told to. */
  function workbench() {
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    return {
      begun,
      finish: () => ends.shift()?.(),
      handler({ key }: ConsumedEvent): Promise<void> {
        begun.push(key);
        return new Promise((resolve) => ends.push(resolve));
      },
    };
  }

  const seqIn = async (storage: PositionStorage, name: string): Promise<number> =>
    (JSON.parse((await storage.get(name)) ?? '{"seq":-1}') as { seq: number }).seq;

  it('moves when the work is finished, and whoever comes back goes on with what was not', async () => {
    const storage = memoryStorage();
    const first = workbench();
    const { client, network, connected } = await desk.seat('alice', {}, { storage, positionName: 'work' });
    const name = `workitem-hub:${network.url}:work`;
    client.consume(first.handler);
    await connected();
    for (let n = 0; n < 3; n++) await desk.hub.item();
    await until(() => first.begun.length === 1);
    expect(await seqIn(storage, name)).to.equal(0);
    first.finish();
    await until(() => first.begun.length === 2);
    expect(await seqIn(storage, name)).to.equal(1);
    // It dies over the second one.
    client.close();

    const second = workbench();
    const again = await desk.seat('alice', {}, { storage, positionName: 'work', url: network.url });
    const consumer = again.client.consume(second.handler);
    for (let n = 1; n <= 2; n++) {
      await until(() => second.begun.length === n);
      second.finish();
    }
    await again.connected();
    expect(second.begun).to.deep.equal(['2:1', '3:1']);
    await consumer.stop();
    expect(await seqIn(storage, name)).to.equal(3);
  });

  it('does not move past work that fails: that is asked for again', async () => {
    const seat = await desk.seat('alice');
    const calls: string[] = [];
    let works = false;
    const consumer = seat.client.consume(({ key }) => {
      calls.push(key);
      if (!works) throw new Error('not yet');
    });
    await seat.connected();
    await desk.hub.item();
    await desk.hub.item();
    await until(() => calls.length >= 3);
    expect(consumer.position?.seq).to.equal(0);
    works = true;
    await until(() => consumer.position?.seq === 2);
    expect(new Set(calls.slice(0, -1))).to.deep.equal(new Set(['1:1']));
    expect(calls.at(-1)).to.equal('2:1');
    expect(seat.errors.map(({ code }) => code)).to.deep.equal(Array(calls.length - 2).fill('handler_failed'));
  });

  it('is kept before `stop` is done, which waits for the work at hand and begins no other', async () => {
    const storage = memoryStorage();
    const bench = workbench();
    const { client, network, connected } = await desk.seat('alice', {}, { storage });
    const consumer = client.consume(bench.handler);
    await connected();
    await desk.hub.item();
    await desk.hub.item();
    await until(() => bench.begun.length === 1 && consumer.pending === 2);
    let stopped = false;
    const stopping = consumer.stop().then(() => {
      stopped = true;
    });
    await desk.hub.item();
    expect(stopped).to.equal(false);
    bench.finish();
    await stopping;
    expect(await seqIn(storage, `workitem-hub:${network.url}:default`)).to.equal(1);
    expect(bench.begun).to.deep.equal(['1:1']);
  });

  it('is forgotten when the hub cannot read it, and the application is told what that means', async () => {
    const storage = memoryStorage();
    const { client, network, connected, errors } = await desk.seat('alice', {}, { storage });
    await desk.hub.item();
    const name = `workitem-hub:${network.url}:default`;
    await storage.set(name, JSON.stringify({ epoch: 'e'.repeat(65), seq: 0 }));
    let missed = 0;
    const done: string[] = [];
    client.consume(({ key }) => void done.push(key), { onMissed: () => void missed++ });
    await connected();
    expect(missed).to.equal(1);
    expect(errors.map(({ code }) => code)).to.deep.equal(['invalid']);
    await desk.hub.item();
    await until(() => done.length === 1);
    expect(done).to.deep.equal(['2:1']);
    expect(await seqIn(storage, name)).to.equal(2);
  });

  it('holds the connection back while too much waits, and loses nothing by it', async () => {
    const seat = await desk.seat('alice');
    const bench = workbench();
    const consumer = seat.client.consume(bench.handler, { maxPending: 4 });
    await seat.connected();
    for (let n = 0; n < 12; n++) await desk.hub.item();
    await until(() => seat.client.state.code === 'offline');
    expect(consumer.pending).to.equal(5);
    while (bench.begun.length < 12) {
      const count = bench.begun.length;
      bench.finish();
      await until(() => bench.begun.length > count);
    }
    expect(bench.begun).to.deep.equal(Array.from({ length: 12 }, (_, n) => `${n + 1}:1`));
  });

  it('that is still being read does not connect a client that was closed meanwhile', async () => {
    let found: (text: string | null) => void = () => {};
    const storage = {
      get: () => new Promise<string | null>((resolve) => (found = resolve)),
      set: () => {},
    };
    const { client, states, connected } = await desk.seat('alice', {}, { storage });
    client.consume(() => {});
    client.close();
    found(null);
    await desk.hub.item();
    expect(states.map(({ name }) => name)).to.deep.equal(['closed']);
    client.connect();
    await connected();
  });
});
