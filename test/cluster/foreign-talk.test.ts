// Whatever somebody writes into the channels of the hubs, none of them ends of it, and they go on hearing each other.
import { expect } from 'chai';
import { until } from '../support/until.js';
import { type Cluster, metricOf, startCluster } from './cluster.js';

const KEY = 'foreign-talk';
const CHANNELS = [`${KEY}-request#/#`, `${KEY}-response#/#`];
/** What the adapter would stumble over, obey or answer: no message at all, parts that are missing, events of its own. */
const FOREIGN: readonly (string | Buffer)[] = [
  Buffer.alloc(0),
  Buffer.from([0xc0]),
  Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]),
  'null',
  '{',
  '['.repeat(100_000),
  '{"type":2,"opts":{"rooms":5}}',
  '{"type":4,"opts":{"rooms":[],"except":[]},"close":true}',
  '{"type":5}',
  '{"type":6,"data":5}',
  '{"type":6,"data":["error"]}',
  '{"type":6,"data":["connection",null]}',
  '{"type":6,"data":{"length":1000000000},"requestId":"1"}',
  '{"type":7}',
  JSON.stringify({ type: 6, data: Array.from({ length: 200_000 }, () => 'bus') }),
  '{"uid":"abcdef","type":6,"data":["bus","no.such.seal"]}',
];

describe('what others write into the channels of the hubs', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster(2, { REDIS_KEY: KEY });
  });
  after(() => cluster.end());

  it('neither ends them nor keeps them from hearing each other', async () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', note);
    try {
      const somebody = await cluster.redis.client();
      let listeners = 0;
      for (const message of FOREIGN) {
        for (const channel of CHANNELS) listeners = await somebody.publish(channel, message);
      }
      expect(listeners).to.equal(2);
      const [writer, reader] = cluster.hubs as [Cluster['hubs'][0], Cluster['hubs'][0]];
      // Redis keeps their order: what a hub hears of the other comes after all of that.
      await until(async () => {
        await writer.item();
        return (await metricOf(reader, 'hub_bus_messages_total{direction="in",outcome="events"}')) > 0;
      });
      expect(rejections).to.deep.equal([]);
      const foreign = await metricOf(reader, 'hub_bus_messages_total{direction="in",outcome="foreign"}');
      const lost = await metricOf(reader, 'hub_bus_messages_total{direction="in",outcome="lost"}');
      // The last looks like one of ours, until it is to be opened; on the other channel nobody waits for it.
      expect({ foreign, lost }).to.deep.equal({ foreign: 1, lost: CHANNELS.length * FOREIGN.length - 2 });
    } finally {
      process.off('unhandledRejection', note);
    }
  });
});
