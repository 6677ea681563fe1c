// An event that one process writes is shown by the others without a look into the log.
import { expect } from 'chai';
import { readConfig } from '../../src/config.js';
import type { Ear } from '../sockets/wait.js';
import { newItems, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';
import { type Cluster, metricOf, startCluster } from './cluster.js';

describe('an event of another process', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  let writer: TestHub;
  let reader: TestHub;
  before(async () => {
    cluster = await startCluster(2);
    [writer, reader] = cluster.hubs as [TestHub, TestHub];
  });
  after(() => cluster.end());

  it('arrives though this process cannot read the log', async () => {
    const socketio = await reader.socket('alice');
    await socketio.named('caught_up');
    const raw = reader.raw(`?v=2&token=${await reader.token('alice')}`);
    await raw.named('caught_up');
    const fault = await cluster.blindfold(reader);
    await fault.struck();
    const ids: number[] = [];
    for (let i = 0; i < 20; i++) ids.push((await writer.item({ subject: `Item ${i}` })).submission_id);
    await socketio.until(({ data }) => data.id === ids.at(-1));
    await raw.until(({ data }) => data.id === ids.at(-1));
    expect(newItems(socketio)).to.deep.equal(ids);
    expect(newItems(raw)).to.deep.equal(ids);
    await fault.off();
  });

  it('is the same as if it had been read from the log', async () => {
    const direct = await writer.socket('bob', { roles: ['supervisor'] });
    const told = await reader.socket('bob', { roles: ['supervisor'] });
    await Promise.all([direct.named('caught_up'), told.named('caught_up')]);
    const fault = await cluster.blindfold(reader);
    await fault.struck();
    const { submission_id: id } = await writer.mail({
      subject: 'FW: Submission for Ünïted 😀 Ltd',
      from: 'Broker <broker@example.com>',
      receivedDateTime: '2026-03-01T10:00:00Z',
      body: 'Insured: Ünïted 😀 Ltd\nPolicy type: Cyber\nCoverage: $5,000,000\nEffective date: 2026-05-01',
    });
    const bob = await writer.token('bob', { roles: ['underwriter'] });
    await writer.call('POST', `/api/workitems/${id}/claim`, bob, {});
    const last = await direct.named('workitem_assigned');
    await told.until(({ seq }) => seq === last.seq);
    await fault.off();
    // Who starts now has it from the log.
    const late = await cluster.start();
    const read = await late.socket('bob', {
      roles: ['supervisor'],
      position: { epoch: (await direct.named('ready')).data.epoch as string, seq: 0 },
    });
    await read.until(({ seq }) => seq === last.seq);
    const events = ({ heard }: Ear) =>
      heard.filter(({ event, seq }) => event.includes('workitem') && seq > last.seq - 2);
    expect(events(direct).map(({ event }) => event)).to.deep.equal(['new_workitem', 'workitem_assigned']);
    expect(events(told)).to.deep.equal(events(direct));
    expect(events(read)).to.deep.equal(events(direct));
  });

  it('is counted, and nothing is lost between processes that are well', async () => {
    expect(await metricOf(writer, 'hub_bus_messages_total{direction="out",outcome="sent"}')).to.be.greaterThan(0);
    await until(async () => (await metricOf(reader, 'hub_bus_messages_total{direction="in",outcome="events"}')) > 0);
    expect(await metricOf(reader, 'hub_bus_messages_total{direction="in",outcome="foreign"}')).to.equal(0);
  });

  it('is not heard by processes of another key or another database', async () => {
    const config = readConfig({ MONGODB_DATABASE: 'one' });
    expect(config.REDIS_KEY).to.equal('workitem-hub:one');
    const strangers = await startCluster(1, { REDIS_URL: cluster.redis.url });
    try {
      const heardBefore = await metricOf(reader, 'hub_bus_messages_total{direction="in",outcome="events"}');
      const [stranger] = strangers.hubs as [TestHub];
      await stranger.item();
      // An event that was read from the log before the message came is not heard of.
      await until(async () => {
        await writer.item();
        return (await metricOf(reader, 'hub_bus_messages_total{direction="in",outcome="events"}')) > heardBefore;
      });
      expect(await metricOf(reader, 'hub_bus_messages_total{direction="in",outcome="foreign"}')).to.equal(0);
      expect(await metricOf(stranger, 'hub_bus_messages_total{direction="in",outcome="foreign"}')).to.equal(0);
    } finally {
      await strangers.end();
    }
  });
});
