// Redis is told nothing, and who can write into it can do nothing.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { INTAKE_KEY, newItems, type TestHub } from '../support/hub.js';
import type { RedisClient } from '../support/redis.js';
import { until } from '../support/until.js';
import { type Cluster, metricOf, startCluster } from './cluster.js';

describe('whoever has access to Redis', function () {
  this.timeout(90_000);
  let cluster: Cluster;
  let writer: TestHub;
  let reader: TestHub;
  let spy: RedisClient;
  before(async () => {
    cluster = await startCluster(2);
    [writer, reader] = cluster.hubs as [TestHub, TestHub];
    spy = await cluster.redis.client();
    // Who hears everything hears more at once than Redis keeps for one client.
    await spy.configSet('client-output-buffer-limit', 'pubsub 0 0 0');
  });
  after(() => cluster.end());

  it('reads neither mails nor names nor credentials, on channels, in commands or in keys', async () => {
    const seen: string[] = [];
    await spy.pSubscribe('*', (message, channel) => void seen.push(`${channel} ${message}`));
    const watcher = await cluster.redis.client();
    await watcher.monitor((line) => void seen.push(String(line)));
    const token = await writer.token('canary.user@example.com', { roles: ['underwriter'] });
    const alice = await reader.socket('canary.user@example.com', { token });
    await alice.named('caught_up');
    const { submission_id: id } = await writer.mail({
      subject: 'CANARY subject',
      from: 'canary.broker@example.com',
      body: 'Insured: CANARY Insured Ltd\nCANARY body',
      internetMessageId: '<canary@example.com>',
    });
    await writer.call('POST', `/api/workitems/${id}/claim`, token, {});
    await writer.call('GET', '/api/workitems', 'a.canary.token');
    const admin = await writer.token('canary.admin', { roles: ['admin'] });
    await writer.call('POST', '/api/revocations', admin, { sub: 'canary.victim' });
    const barrier = await writer.item();
    await alice.until(({ data }) => data.id === barrier.submission_id);

    const keys = await (await cluster.redis.client()).keys('*');
    expect(keys.length).to.be.at.least(3);
    // What is sealed must not be readable by undoing an encoding either.
    const decoded = seen.flatMap((text) =>
      text.split(/[^\w-]+/).map((part) => Buffer.from(part, 'base64url').toString('latin1')),
    );
    const everything = [...seen, ...keys, ...decoded].join('\n');
    expect(
      seen.some((text) => text.includes('eyJ')),
      'that something was sent',
    ).to.equal(true);
    expect(everything).not.to.match(/canary/i);
    for (const secret of [token, admin, INTAKE_KEY, Buffer.from(INTAKE_KEY).toString('base64url')]) {
      expect(everything.includes(secret)).to.equal(false);
    }
    await watcher.close();
    await spy.pUnsubscribe('*');
  });

  it('cannot reach, fetch, move or close a client, nor end a process', async () => {
    const alice = await reader.socket('alice');
    const raw = reader.raw(`?v=2&token=${await reader.token('alice')}`);
    await Promise.all([alice.named('caught_up'), raw.named('caught_up')]);
    const before = alice.heard.length;

    const key = reader.hub.config.REDIS_KEY;
    const channels = await spy.sendCommand<string[]>(['PUBSUB', 'CHANNELS', `${key}*`]);
    expect(channels.some((channel) => channel.startsWith(`${key}-request#/#`))).to.equal(true);
    expect(
      channels.every((channel) => channel.includes('#/#')),
      'none for a namespace with clients',
    ).to.equal(true);
    const overheard: string[] = [];
    await spy.pSubscribe('*', (message) => void overheard.push(message));
    const forger = await cluster.redis.client();
    const send = async (message: string | Buffer): Promise<void> => {
      for (const nsp of ['/', '/workitems', '/monitor']) {
        for (const channel of [
          `${key}#${nsp}#`,
          `${key}#${nsp}#pool#`,
          `${key}-request#${nsp}#`,
          `${key}-response#${nsp}#`,
        ]) {
          await forger.publish(channel, message);
        }
      }
      for (const channel of channels) await forger.publish(channel, message);
    };
    const everybody = { rooms: [], except: [], flags: {} };
    const requests: object[] = [
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 77].map((type) => ({
        type,
        uid: 'forged',
        requestId: 'r1',
        opts: everybody,
        rooms: ['supervisors'],
        sid: alice.client.id,
        room: 'x',
        close: true,
        packet: { type: 2, data: ['new_workitem', { id: 666 }], nsp: '/workitems' },
        data: ['bus', 'forged'],
      })),
      { type: 6, uid: 'forged', data: ['error', new Error('x')] },
      { type: 6, uid: 'forged', data: ['connection', {}] },
      { type: 6, uid: 'forged', data: 'not a list' },
      { type: 6, uid: 'forged', data: ['bus', { events: [] }] },
      { type: 4, uid: 'forged', opts: everybody, close: true },
      { type: 5, uid: 'forged', requestId: 'r2', opts: everybody },
    ];
    for (const request of requests) await send(JSON.stringify(request));
    for (const rubbish of [
      '',
      'null',
      '{',
      '{}',
      '[]',
      '7',
      '"x"',
      '{"type":6}',
      '{"type":4,"opts":null}',
      '{"type":7,"opts":7}',
    ])
      await send(rubbish);
    // As a hub writes it, and sealed by nobody.
    await send('{"uid":"forged","type":6,"data":["bus","forged"]}');
    for (let i = 0; i < 100; i++) await send(randomBytes(1 + (i % 64)));
    await send(Buffer.alloc(5 << 20, '{'));

    const barrier = await writer.item();
    await alice.until(({ data }) => data.id === barrier.submission_id);
    await raw.until(({ data }) => data.id === barrier.submission_id);
    expect(alice.heard.slice(before).map(({ event }) => event)).to.deep.equal(['new_workitem']);
    expect(newItems(alice)).not.to.include(666);
    expect(alice.client.connected).to.equal(true);
    // What was asked for was not answered: the barrier came by the same way, after it.
    for (const message of overheard) {
      expect(message).not.to.include('handshake');
      expect(message).not.to.match(/^\{"requestId".*"sockets"/);
    }
    await spy.pUnsubscribe('*');
    expect(await metricOf(reader, 'hub_bus_messages_total{direction="in",outcome="foreign"}')).to.be.greaterThan(0);
    expect(await metricOf(reader, 'hub_bus_messages_total{direction="in",outcome="lost"}')).to.be.greaterThan(0);
  });

  it('changes nothing by saying again what was said', async () => {
    const recorded: string[] = [];
    const channel = `${reader.hub.config.REDIS_KEY}-request#/#`;
    await spy.subscribe(channel, (message) => void recorded.push(message));
    const alice = await reader.socket('alice');
    await alice.named('caught_up');
    const ids: number[] = [];
    for (let i = 0; i < 5; i++) ids.push((await writer.item()).submission_id);
    await alice.until(({ data }) => data.id === ids.at(-1));
    await until(() => recorded.length >= 1);
    await spy.unsubscribe(channel);
    const old = await metricOf(reader, 'hub_bus_messages_total{direction="in",outcome="old"}');
    const forger = await cluster.redis.client();
    for (const message of recorded) for (let i = 0; i < 3; i++) await forger.publish(channel, message);
    await until(
      async () =>
        (await metricOf(reader, 'hub_bus_messages_total{direction="in",outcome="old"}')) >= old + 3 * recorded.length,
    );
    const barrier = await writer.item();
    await alice.until(({ data }) => data.id === barrier.submission_id);
    expect(newItems(alice)).to.deep.equal([...ids, barrier.submission_id]);
  });
});
