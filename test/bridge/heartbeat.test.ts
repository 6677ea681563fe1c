// A connection whose other end has gone silent is found by the heartbeat; one that answers lives on.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { type Edge, startEdge } from '../sockets/edge.js';
import { makeEvent } from '../sockets/events.js';
import { DEADLINE_MS, heardOnce, listenRaw } from '../sockets/wait.js';

const PING = 0x89;
const CLOSE = 0x88;

/** A client that reads and never answers: its frames, as they come. */
async function silentClient(port: number): Promise<{ socket: Socket; read: () => Promise<Buffer> }> {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    'GET /ws/workitems HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  const read = async (): Promise<Buffer> => {
    const [bytes] = await once(socket, 'data', { signal: AbortSignal.timeout(DEADLINE_MS) });
    return bytes as Buffer;
  };
  expect((await read()).toString()).to.match(/^HTTP\/1\.1 101 /);
  return { socket, read };
}

describe('heartbeat of /ws/workitems', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge({ env: { HEARTBEAT_SECONDS: '0.2' } });
  });
  after(() => edge.close());

  it('closes a client that does not answer with 4408, and destroys it when it does not even close', async () => {
    const { socket, read } = await silentClient(edge.port);
    expect((await read())[0]).to.equal(PING);
    const frame = await read();
    expect(frame[0]).to.equal(CLOSE);
    expect(frame.readUInt16BE(2)).to.equal(4408);
    await once(socket, 'close', { signal: AbortSignal.timeout(DEADLINE_MS) });
  });

  it('keeps a client that answers', async () => {
    const client = edge.raw(`?v=2&token=${await edge.token()}`);
    const ear = listenRaw(client);
    for (let i = 0; i < 4; i++) await heardOnce(client, 'ping');
    edge.publish(makeEvent(0));
    await ear.named('new_workitem');
    client.close();
  });
});
