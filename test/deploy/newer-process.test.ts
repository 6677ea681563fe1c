// Half-way through a deploy: a process of a newer version writes what the older one, and its clients, do not know.
import { createWorkItemClient, type WorkItemClient } from '@workitem-hub/client';
import { CONTRACT, type Item, OLDEST_CONTRACT } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { io, type Socket } from 'socket.io-client';
import { events, logs } from '../../src/eventlog/collections.js';
import type { EventDocument } from '../../src/eventlog/event.js';
import { makeItem } from '../sockets/events.js';
import { listen } from '../sockets/wait.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

const mail = (id: string): object => ({ subject: id, from: 'a@example.com', body: 'b', internetMessageId: `<${id}>` });

describe('beside a process of a newer version', () => {
  let hub: TestHub;
  let client: WorkItemClient;
  let token: string;
  const seen: { seq: number; name: string }[] = [];
  const problems: unknown[] = [];
  before(async () => {
    hub = await startHub();
    token = await hub.token('alice');
    client = createWorkItemClient({ url: hub.url, getToken: () => token });
    client.on('error', (error) => problems.push(error));
    client.on('event', ({ meta, name }) => seen.push({ seq: meta.seq, name }));
    client.connect();
    await until(() => client.state.name === 'connected');
  });
  after(async () => {
    client.close();
    await hub.close();
  });

  /** Writes events as the appender of another process does: a seq of the counter each. */
  async function writeNewer(documents: object[]): Promise<number> {
    const { db } = hub.database.mongo;
    const log = await db
      .collection<{ _id: string; counter: number }>(logs.name)
      .findOneAndUpdate({ _id: 'log' }, { $inc: { counter: documents.length } }, { returnDocument: 'after' });
    const first = (log?.counter ?? 0) - documents.length + 1;
    const written = documents.map((document, n) => ({ _id: first + n, at: new Date(), before: null, ...document }));
    await events.of(hub.database.mongo).insertMany(written as unknown as EventDocument[]);
    return first;
  }

  it('passes over what it does not know, and loses nothing that comes before, between and after', async () => {
    const bridge = hub.raw(`?v=2&token=${token}`);
    const legacy = hub.raw(`?token=${token}`);
    const plain = await hub.socket('alice');
    await Promise.all([bridge.named('caught_up'), plain.named('caught_up')]);
    const before = await hub.mail(mail('before@x'));
    const item = { ...makeItem({ id: 900, version: 1 }), status: 'sublimated', colour: 'blue' } as unknown as Item;
    const rooms = ['pool', 'supervisors'];
    const first = await writeNewer([
      { item: 900, version: 1, type: 'new_workitem', data: item, rooms, priority: 7 },
      {
        item: 900,
        version: 2,
        type: 'workitem_painted',
        data: { id: 900, colour: 'red', version: 2, item },
        rooms,
        before: { colour: 'blue' },
      },
      { item: 900, version: 3, type: 'workitem_weighed', data: { grams: 12 }, rooms },
      { type: 'moon_phase', data: { phase: 'full' }, rooms: [] },
      { type: 'sun_phase', data: { item }, rooms: ['planets'] },
    ]);
    const after = await hub.mail(mail('after@x'));

    const isLast = ({ data }: { data: Record<string, unknown> }): boolean => data.id === after.submission_id;
    for (const ear of [bridge, plain, legacy]) {
      await ear.until(isLast);
      const ids = ear.heard.filter(({ event }) => event === 'new_workitem').map(({ data }) => data.id);
      expect(ids).to.deep.equal([before.submission_id, 900, after.submission_id]);
    }
    expect(legacy.heard.map(({ event }) => event)).to.not.include('workitem_painted');
    await until(() => seen.some(({ seq }) => seq > first + 4));
    expect(seen.map(({ name }) => name)).to.deep.equal(['new_workitem', 'new_workitem', 'new_workitem']);
    expect(problems).to.deep.equal([]);
    expect(client.state.name).to.equal('connected');
    expect((await hub.call('GET', '/readyz')).status).to.equal(200);
  });

  it('resumes across it, and answers those who poll', async () => {
    const start = await hub.socket('alice');
    const { data } = await start.named('ready');
    const position = { epoch: data.epoch as string, seq: data.seq as number };
    start.client.close();
    await writeNewer([{ item: 901, version: 1, type: 'workitem_melted', data: { id: 901 }, rooms: ['pool'] }]);
    const { submission_id: id } = await hub.mail(mail('later@x'));
    const back = await hub.socket('alice', { position });
    expect((await back.named('ready')).data.verdict).to.equal('resumed');
    await back.until((heard) => heard.data.id === id);
    const polled = await hub.call<{ events: { event: string }[] }>(
      'GET',
      `/api/events?after=${position.epoch}:${position.seq}`,
      token,
    );
    expect(polled.body.events.map(({ event }) => event)).to.deep.equal(['new_workitem']);
  });

  it('lets in clients of a newer contract and says which it speaks, and refuses those that are too old', async () => {
    const connect = (contract: number): Socket =>
      io(`${hub.url}/workitems`, {
        auth: { token, contract, moon: true },
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
      });
    const [newer, older] = [connect(CONTRACT + 1), connect(OLDEST_CONTRACT - 1)];
    expect((await listen(newer).named('ready')).data.contract).to.equal(CONTRACT);
    const refusal = await new Promise<Error>((resolve) => older.once('connect_error', resolve));
    expect(refusal.message).to.equal('invalid');
    newer.close();
    older.close();
  });
});
