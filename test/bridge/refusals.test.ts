// Raw WebSockets that are refused are upgraded and then closed with the code that says why.
import { expect } from 'chai';
import { once } from 'node:events';
import { connect } from 'node:net';
import { FLOOD_LIMIT } from '../../src/sockets/flood-guard.js';
import { type Edge, EPOCH, startEdge } from '../sockets/edge.js';
import { makeEvent, makeItem } from '../sockets/events.js';
import { closeOf, DEADLINE_MS, heardOnce, listenRaw } from '../sockets/wait.js';

describe('refusals of /ws/workitems', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge({ env: { LEGACY_WS_ANONYMOUS: 'off', LIMIT_REPLAY_MB_PER_MINUTE: '0.01' } });
  });
  after(() => edge.close());

  it('are 4401 without a token', async () => {
    expect((await closeOf(edge.raw())).code).to.equal(4401);
    expect((await closeOf(edge.raw('?v=2'))).code).to.equal(4401);
  });

  it('are 4401 with a token that does not hold', async () => {
    expect(await closeOf(edge.raw('?token=nonsense'))).to.include({ code: 4401 });
    const expired = await closeOf(edge.raw(`?token=${await edge.token({ ttl: -60 })}`));
    expect(expired.code).to.equal(4401);
    expect(expired.text).to.match(/^token_expired: /);
  });

  it('are 4403 for roles that see nothing', async () => {
    const { code } = await closeOf(edge.raw(`?token=${await edge.token({ roles: ['intake'] })}`));
    expect(code).to.equal(4403);
  });

  for (const query of ['v=3', 'v=2&colour=red', 'since=e1:1', 'v=2&since=nonsense', 'v=2&filter={"x":1}', 'v=2&v=2']) {
    it(`are 4400 for ?${query}`, async () => {
      const { code, text } = await closeOf(edge.raw(`?${query}&token=${await edge.token()}`));
      expect(code).to.equal(4400);
      expect(text).to.match(/^invalid: ./);
    });
  }

  it('say in words which versions there are', async () => {
    const { text } = await closeOf(edge.raw(`?v=3&token=${await edge.token()}`));
    expect(text).to.equal('invalid: v: must be 1 or 2');
  });

  it('are 4429 for a replay over the limit', async () => {
    const big = makeEvent(0, { data: { ...makeItem(), subject: 'x'.repeat(30_000) } });
    edge.publish(big);
    const { code, text } = await closeOf(edge.raw(`?v=2&since=${EPOCH}:0&token=${await edge.token()}`));
    expect(code).to.equal(4429);
    expect(text).to.match(/^rate_limited: /);
  });

  it('are 404 on other paths, before the upgrade', async () => {
    for (const path of ['/', '/ws', '/ws/workitems/x', '/socket.io', '/ws/workitems%00']) {
      const socket = connect(edge.port, '127.0.0.1');
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      );
      const [answer] = (await once(socket, 'data', { signal: AbortSignal.timeout(DEADLINE_MS) })) as [Buffer];
      expect(answer.toString(), path).to.match(/^HTTP\/1\.1 404 /);
      socket.destroy();
    }
  });

  for (const [what, path, headers] of [
    ['without a key', '/ws/workitems', 'Host: x'],
    ['without a key on Socket.IO', '/socket.io/?EIO=4&transport=websocket', 'Host: x'],
    ['without a host', '/ws/workitems', 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='],
  ] as const) {
    it(`are 400 in the usual format for an upgrade ${what}`, async () => {
      const socket = connect(edge.port, '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers}\r\n\r\n`);
      const [answer] = (await once(socket, 'data', { signal: AbortSignal.timeout(DEADLINE_MS) })) as [Buffer];
      expect(answer.toString()).to.match(
        /^HTTP\/1\.1 400 [^]*\r\n\r\n\{"error":\{"code":"invalid","message":".+"\}\}$/,
      );
      socket.destroy();
    });
  }
});

describe('junk on /ws/workitems', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge();
  });
  after(() => edge.close());

  async function join() {
    const client = edge.raw(`?v=2&token=${await edge.token()}`);
    const ear = listenRaw(client);
    await ear.named('caught_up');
    return { client, ear };
  }

  it('is ignored when it is text', async () => {
    const { client, ear } = await join();
    for (const text of ['', 'hello', '{"event":"claim","data":{"id":1}}', '['.repeat(10_000)]) client.send(text);
    client.ping();
    await heardOnce(client, 'pong');
    edge.publish(makeEvent(0));
    await ear.named('new_workitem');
    client.close();
  });

  it('is 4400 when it is binary', async () => {
    const { client } = await join();
    client.send(Buffer.from([1, 2, 3]));
    expect((await closeOf(client)).code).to.equal(4400);
  });

  it('is 1009 when it is too large', async () => {
    const { client } = await join();
    client.send('x'.repeat(70_000));
    expect((await closeOf(client)).code).to.equal(1009);
  });

  for (const [what, say] of [
    ['texts', (client: Awaited<ReturnType<typeof join>>['client']) => client.send('x')],
    ['pings', (client: Awaited<ReturnType<typeof join>>['client']) => client.ping()],
    ['pongs', (client: Awaited<ReturnType<typeof join>>['client']) => client.pong()],
  ] as const) {
    it(`is 4429 when it is a flood of ${what}, and harms nobody else`, async () => {
      const { client } = await join();
      const bystander = await join();
      for (let i = 0; i < FLOOD_LIMIT + 5; i++) say(client);
      expect((await closeOf(client)).code).to.equal(4429);
      edge.publish(makeEvent(0));
      await bystander.ear.named('new_workitem');
      bystander.client.close();
    });
  }

  for (const [what, bytes, code] of [
    ['a reserved bit', [0xc1, 0x80, 0, 0, 0, 0], 1002],
    ['a frame without a mask', [0x81, 0x01, 0x61], 1002],
    ['broken UTF-8', [0x81, 0x81, 0, 0, 0, 0, 0xff], 1007],
    ['a length of 2^63', [0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1009],
  ] as [string, number[], number][]) {
    it(`is ${code} when it has ${what}`, async () => {
      const { client } = await join();
      (client as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from(bytes));
      expect((await closeOf(client)).code).to.equal(code);
    });
  }
});
