// Connections by the hundred, from one address or of one user: those beyond the limit cost nothing that stays, those
// within it harm nobody else, and a good user behind the flooding address who is in stays in.
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

const LIMIT = 150;
const FLOOD = 600;
const PATHS = ['/ws/workitems', '/socket.io/?EIO=4&transport=websocket'];

/** Connections of this process, of both sides. */
const connections = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;

describe('a flood of connections', function () {
  this.timeout(60_000);
  let hub: TestHub;
  beforeEach(async () => {
    hub = await startHub({ LIMIT_CONNECTS_PER_MINUTE: String(LIMIT) });
  });
  afterEach(() => hub.close());

  function knock(path: string): Promise<{ status: number; client: WebSocket }> {
    const client = new WebSocket(hub.url.replace('http', 'ws') + path);
    client.on('error', () => {});
    return new Promise((resolve) => {
      client.once('open', () => resolve({ status: 101, client }));
      client.once('unexpected-response', (req, res) => {
        res.resume();
        req.destroy();
        resolve({ status: res.statusCode ?? 0, client });
      });
      client.once('close', () => resolve({ status: 0, client }));
    });
  }

  it('is turned away beyond the limit of its address, at all doors together, and leaves nothing behind', async () => {
    const token = await hub.token('alice');
    const inside = hub.raw(`?v=2&token=${token}`);
    await inside.named('caught_up');
    const before = connections();
    const answers = [];
    for (let sent = 0; sent < FLOOD; sent += 100) {
      answers.push(...(await Promise.all(Array.from({ length: 100 }, (_, i) => knock(PATHS[i % 2] as string)))));
    }
    const polling = await fetch(`${hub.url}/socket.io/?EIO=4&transport=polling`);
    expect(polling.status).to.equal(429);
    const let_in = answers.filter(({ status }) => status === 101);
    expect(let_in).to.have.length(LIMIT - 1);
    expect(answers.filter(({ status }) => status === 429)).to.have.length(FLOOD - LIMIT + 1);
    // Who is in stays in, and requests go on.
    const { submission_id: id } = await hub.item();
    await inside.until(({ data }) => data.id === id);
    expect((await hub.call('GET', '/api/workitems', token)).status).to.equal(200);
    for (const { client } of let_in) client.terminate();
    // A connection that is kept for later requests may stay.
    await until(() => connections() <= before + 10);
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(metrics).to.match(/hub_limited_total\{limit="connects"\} \d{3}/);
  });

  it('of one user gets each its stream, and none of it stays', async () => {
    const token = await hub.token('mallory');
    const before = connections();
    const many = Array.from({ length: LIMIT - 1 }, () => hub.raw(`?v=2&token=${token}`));
    await Promise.all(many.map((ear) => ear.named('caught_up')));
    const alice = hub.raw(`?v=2&token=${await hub.token('alice')}`);
    await alice.named('caught_up');
    const { submission_id: id } = await hub.item();
    await alice.until(({ data }) => data.id === id);
    for (const { client } of [...many, alice]) client.terminate();
    await until(() => connections() <= before + 10);
  });
});
