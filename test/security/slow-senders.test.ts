// Senders that take for ever: to begin, to end their headers, to send their body, to join a namespace. Each is sent away,
// and whoever comes meanwhile is served.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { createHttpServer } from '../../src/http/server.js';
import { type Edge, startEdge } from '../sockets/edge.js';
import { closeOf, heardOnce, listen } from '../sockets/wait.js';
import { dial, exchange, statusesOf } from './raw-http.js';

const POST = 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n';
const UPGRADE = 'GET /ws/workitems HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';

describe('a slow sender', () => {
  let server: Server;
  let url: string;
  before(async () => {
    // In a hub it is 15 s, 120 s and 5 s.
    server = createHttpServer(
      (req, res) => {
        req.resume().on('end', () => res.end('{}'));
      },
      { headersMs: 400, requestMs: 800, checkMs: 50 },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Sends the beginning at once, then a piece again and again; resolves with what came back when it was cut off. */
  async function drip(start: string, piece: string): Promise<string> {
    const socket = dial(url);
    let heard = '';
    socket.on('data', (chunk) => {
      heard += String(chunk);
    });
    socket.write(start);
    const dripping = setInterval(() => piece && socket.write(piece), 40);
    await once(socket, 'close');
    clearInterval(dripping);
    return heard;
  }

  it('is cut off, whatever it is slow with', async () => {
    const senders = [
      ['that says nothing', '', ''],
      ['of a request line', 'GET /', 'x'],
      ['of headers', POST, 'A: b\r\n'],
      ['of one header', `${POST}A: `, 'b'],
      ['of an upgrade', UPGRADE, 'A: b\r\n'],
      ['of a body', `${POST}\r\n`, 'x'],
      ['of chunks', 'POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
      ['of a chunk extension', 'POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1', ';a=b'],
    ] as const;
    const told = senders.map(async ([what, start, piece]) => [what, ...statusesOf(await drip(start, piece))]);
    expect(await Promise.all(told)).to.deep.equal(senders.map(([what]) => [what, 408]));
  });

  it('holds up nobody else', async () => {
    const slow = Array.from({ length: 200 }, () => drip(POST, 'A: b\r\n'));
    const heard = await exchange(url, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(statusesOf(heard)).to.deep.equal([200]);
    for (const one of await Promise.all(slow)) expect(statusesOf(one)).to.deep.equal([408]);
  });

  it('has in a hub the time that the protocol says', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout, maxHeadersCount } = createHttpServer(() => {});
    expect([headersTimeout, requestTimeout, keepAliveTimeout]).to.deep.equal([15_000, 120_000, 75_000]);
    expect(maxHeadersCount).to.equal(200);
  });
});

describe('a connection that joins nothing', () => {
  let edge: Edge;
  const patient = globalThis.setTimeout;
  before(async () => {
    edge = await startEdge();
    // What waits for 10 s waits for less here.
    globalThis.setTimeout = ((work: () => void, ms: number, ...rest: []) =>
      patient(work, ms === 10_000 ? 300 : ms, ...rest)) as typeof setTimeout;
  });
  after(async () => {
    globalThis.setTimeout = patient;
    await edge.close();
  });
  const open = async (): Promise<WebSocket> => {
    const client = new WebSocket(`ws://127.0.0.1:${edge.port}/socket.io/?EIO=4&transport=websocket`);
    await heardOnce(client, 'message');
    return client;
  };

  it('is closed after 10 s on Socket.IO, also when it was refused, and one that joined is not', async () => {
    const silent = await open();
    const refused = await open();
    refused.send('40/workitems,{"token":"x"}');
    const joined = edge.socketio({ token: await edge.token() });
    await listen(joined).named('caught_up');
    await Promise.all([closeOf(silent), closeOf(refused)]);
    expect(joined.connected).to.equal(true);
  });
});
