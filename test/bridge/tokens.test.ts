// The three ways in which a raw WebSocket brings its token, and that none of them leaves a trace of it.
import { expect } from 'chai';
import { type Edge, startEdge } from '../sockets/edge.js';
import { closeOf, heardOnce, listenRaw } from '../sockets/wait.js';

describe('tokens of /ws/workitems', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge({ env: { LOG_LEVEL: 'trace' } });
  });
  after(() => edge.close());

  it('come in the Authorization header', async () => {
    const headers = { Authorization: `Bearer ${await edge.token({ sub: 'hana' })}` };
    const { data } = await listenRaw(edge.raw('?v=2', [], { headers })).named('ready');
    expect(data.principal).to.include({ sub: 'hana' });
  });

  it('come in the subprotocols, of which only the name is answered', async () => {
    const client = edge.raw('?v=2', ['workitems', `bearer.${await edge.token({ sub: 'petra' })}`]);
    const { data } = await listenRaw(client).named('ready');
    expect(data.principal).to.include({ sub: 'petra' });
    expect(client.protocol).to.equal('workitems');
  });

  it('come in the query', async () => {
    const client = edge.raw(`?v=2&token=${await edge.token({ sub: 'quinn' })}`);
    const { data } = await listenRaw(client).named('ready');
    expect(data.principal).to.include({ sub: 'quinn' });
  });

  it('are not needed by old pages in development, for what everybody may see', async () => {
    const client = edge.raw('?v=1');
    await heardOnce(client, 'open');
    client.close();
    expect((await closeOf(client)).code).to.equal(1005);
    expect((await closeOf(edge.raw('?v=2'))).code).to.equal(4401);
  });

  it('must hold even where none is needed', async () => {
    expect((await closeOf(edge.raw('?token=nonsense'))).code).to.equal(4401);
  });

  it('never show in the log, and connections are counted there', async () => {
    const token = await edge.token({ sub: 'tess' });
    const from = edge.lines.length;
    const before = edge.delivery.connections();
    const client = edge.raw(`?v=2&token=${token}`);
    await listenRaw(client).named('ready');
    client.close();
    await heardOnce(client, 'close');
    const refused = edge.raw(`?v=2&token=${token}&nonsense=1`);
    await closeOf(refused);
    const broken = edge.raw(`?v=2&token=${token}`);
    await heardOnce(broken, 'open');
    (broken as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from([0xff, 0xff]));
    await heardOnce(broken, 'close');
    const lines = edge.lines.slice(from).join('');
    expect(lines).to.include(`"WebSocket connected. Total connections: ${before + 1}"`);
    expect(lines).to.include(`"WebSocket disconnected. Total connections: ${before}"`);
    expect(lines).to.not.include(token);
    expect(lines).to.not.include(token.split('.')[2]);
  });
});
