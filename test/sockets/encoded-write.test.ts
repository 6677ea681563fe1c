// Frames written past engine.io arrive whole and in order with everything else, on every transport. These tests fail
// when an update of engine.io or ws changes what src/sockets/encoded-write.ts relies on.
import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { Server } from 'socket.io';
import { io as connect, type Socket as ClientSocket } from 'socket.io-client';
import { WebSocket, WebSocketServer } from 'ws';
import type { LogEvent } from '../../src/eventlog/event.js';
import { ConnectionQueue, takesFrames, webSocketOf, writeFramesRaw } from '../../src/sockets/encoded-write.js';
import { textFrame } from '../../src/sockets/event-frames.js';
import { SocketIoTransport, type WorkitemsSocket } from '../../src/sockets/socketio-transport.js';
import { makeEvent } from './events.js';

const META = { epoch: 'e', seq: 0, at: '2026-03-01T09:30:00.000Z' };

/** Seqs of everything that arrives, of events and of control events alike. */
function collect(client: ClientSocket, last: number): Promise<number[]> {
  const seqs: number[] = [];
  return new Promise((resolve) => {
    client.onAny((_name: string, _data: unknown, meta: { seq: number }) => {
      seqs.push(meta.seq);
      if (meta.seq === last) resolve(seqs);
    });
  });
}

/** Counts what is handed to the operating system. */
function countWrites(socket: WorkitemsSocket): () => number {
  const wire = (webSocketOf(socket.conn) as unknown as { _socket: Socket })._socket;
  let writes = 0;
  for (const name of ['_write', '_writev'] as const) {
    const write = wire[name]?.bind(wire) as (...args: unknown[]) => void;
    wire[name] = (...args: unknown[]) => {
      writes++;
      write(...args);
    };
  }
  return () => writes;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const eventsOf = (from: number, to: number): LogEvent[] => range(from, to).map((seq) => makeEvent(seq));

describe('encoded writes', () => {
  let http: HttpServer;
  let io: Server;
  const clients: ClientSocket[] = [];

  beforeEach(async () => {
    http = createServer().listen(0, '127.0.0.1');
    io = new Server(http, { serveClient: false, perMessageDeflate: false });
    await once(http, 'listening');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await io.close();
  });

  async function join(transports: string[]): Promise<{ client: ClientSocket; socket: WorkitemsSocket }> {
    const { port } = http.address() as AddressInfo;
    const client = connect(`http://127.0.0.1:${port}/workitems`, { transports, forceNew: true });
    clients.push(client);
    const [socket] = (await once(io.of('/workitems'), 'connection')) as [WorkitemsSocket];
    return { client, socket };
  }

  for (const transport of ['websocket', 'polling']) {
    it(`keep the order with control events on ${transport}`, async () => {
      const { client, socket } = await join([transport]);
      expect(takesFrames(socket.conn)).to.equal(transport === 'websocket');
      const writer = new SocketIoTransport(socket, () => {});
      const arrived = collect(client, 12);
      writer.sendControl('head', { epoch: 'e', seq: 1 }, { ...META, seq: 1 });
      writer.sendEvents(eventsOf(2, 6), 'e');
      writer.sendControl('head', { epoch: 'e', seq: 7 }, { ...META, seq: 7 });
      writer.sendEvents(eventsOf(8, 8), 'e');
      writer.sendEvents(eventsOf(9, 11), 'e');
      writer.sendControl('head', { epoch: 'e', seq: 12 }, { ...META, seq: 12 });
      expect(await arrived).to.deep.equal(range(1, 12));
    });

    it(`carry data and meta as emit would on ${transport}`, async () => {
      const { client, socket } = await join([transport]);
      const event = makeEvent(3, { data: { text: 'Müller & Söhne 🚢 \u001e \u2028 "quoted"' } });
      const arrived = once(client as never, 'new_workitem') as Promise<unknown[]>;
      new SocketIoTransport(socket, () => {}).sendEvents([event], 'e');
      expect(await arrived).to.deep.equal([event.data, { epoch: 'e', seq: 3, at: event.at }]);
    });
  }

  it('survive the change from polling to WebSocket', async () => {
    const { client, socket } = await join(['polling', 'websocket']);
    const writer = new SocketIoTransport(socket, () => {});
    let seq = 0;
    const burst = (): void => {
      writer.sendEvents(eventsOf(seq + 1, seq + 3), 'e');
      writer.sendControl('head', { epoch: 'e', seq: seq + 4 }, { ...META, seq: seq + 4 });
      seq += 4;
    };
    const seen: number[] = [];
    client.onAny((_name: string, _data: unknown, meta: { seq: number }) => seen.push(meta.seq));
    // Writes at every stage: before the probe, while engine.io holds writes back for it, and after.
    const upgraded = once(socket.conn, 'upgrade');
    socket.conn.on('packet', burst);
    socket.conn.on('upgrading', burst);
    socket.conn.on('upgrade', burst);
    burst();
    await upgraded;
    burst();
    socket.conn.off('packet', burst);
    const last = ++seq;
    const done = collect(client, last);
    writer.sendControl('head', { epoch: 'e', seq: last }, { ...META, seq: last });
    await done;
    expect(takesFrames(socket.conn)).to.be.true;
    expect(seen).to.deep.equal(range(1, last));
  });

  it('are one write per burst', async () => {
    const { client, socket } = await join(['websocket']);
    const writes = countWrites(socket);
    new SocketIoTransport(socket, () => {}).sendEvents(eventsOf(1, 200), 'e');
    expect(writes()).to.equal(1);
    await collect(client, 200);
  });

  it('are one write per tick where they are gathered, in their order', async () => {
    const { client, socket } = await join(['websocket']);
    const writes = countWrites(socket);
    const writer = new SocketIoTransport(socket, () => {});
    const arrived = collect(client, 12);
    writer.gather();
    socket.emit('head', { epoch: 'e', seq: 0 }, META);
    writer.sendControl('head', { epoch: 'e', seq: 1 }, { ...META, seq: 1 });
    writer.gather();
    writer.sendEvents(eventsOf(2, 11), 'e');
    writer.sendControl('head', { epoch: 'e', seq: 12 }, { ...META, seq: 12 });
    expect(writes()).to.equal(0);
    expect(await arrived).to.deep.equal(range(0, 12));
    expect(writes()).to.equal(1);
  });

  it('are written at once again in the next tick', async () => {
    const { client, socket } = await join(['websocket']);
    const writer = new SocketIoTransport(socket, () => {});
    writer.gather();
    writer.sendEvents(eventsOf(1, 1), 'e');
    await collect(client, 1);
    const writes = countWrites(socket);
    writer.sendEvents(eventsOf(2, 2), 'e');
    expect(writes()).to.equal(1);
    await collect(client, 2);
  });

  it('are gathered for nobody on polling', async () => {
    const { client, socket } = await join(['polling']);
    const writer = new SocketIoTransport(socket, () => {});
    const arrived = collect(client, 2);
    writer.gather();
    writer.sendEvents(eventsOf(1, 2), 'e');
    expect(await arrived).to.deep.equal([1, 2]);
  });

  it('are one packet per burst behind what engine.io is writing', async () => {
    const { client, socket } = await join(['websocket']);
    const flushes: unknown[][] = [];
    socket.conn.on('flush', (packets: unknown[]) => flushes.push([...packets]));
    const writer = new SocketIoTransport(socket, () => {});
    socket.emit('head', { epoch: 'e', seq: 0 }, META);
    writer.sendEvents(eventsOf(1, 200), 'e');
    expect(await collect(client, 200)).to.deep.equal(range(0, 200));
    expect(flushes.flat()).to.have.length(2);
  });

  it('count as waiting in engine.io', async () => {
    const { client, socket } = await join(['websocket']);
    const queue = new ConnectionQueue(socket.conn);
    const writer = new SocketIoTransport(socket, () => {});
    expect(queue.bytes()).to.equal(0);
    // Is under way, so that what follows waits in engine.io.
    socket.emit('head', { epoch: 'e', seq: 0 }, META);
    const before = queue.bytes();
    writer.sendEvents(eventsOf(1, 10), 'e');
    expect(queue.bytes()).to.be.above(before + 1000);
    await collect(client, 10);
    expect(queue.bytes()).to.equal(0);
  });

  it('see what a reader that stopped leaves in ws', async () => {
    const { client, socket } = await join(['websocket']);
    const webSocket = webSocketOf(socket.conn);
    expect(webSocket?.bufferedAmount).to.be.a('number');
    const queue = new ConnectionQueue(socket.conn);
    const raw = (client.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws
      ._socket;
    raw.pause();
    const writer = new SocketIoTransport(socket, () => {});
    const big = makeEvent(1, { data: { text: 'x'.repeat(60_000) } });
    for (let i = 0; i < 400; i++) writer.sendEvents([big], 'e');
    expect(queue.bytes()).to.be.above(10_000_000);
    raw.resume();
  });
});

describe('encoded writes on a raw WebSocket', () => {
  let server: WebSocketServer;
  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
    await once(server, 'listening');
  });
  afterEach((done) => {
    for (const socket of server.clients) socket.terminate();
    server.close(done);
  });

  async function join(perMessageDeflate: boolean): Promise<{ client: WebSocket; socket: WebSocket }> {
    const { port } = server.address() as AddressInfo;
    const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate });
    const [socket] = (await once(server, 'connection')) as [WebSocket];
    if (client.readyState !== client.OPEN) await once(client, 'open');
    return { client, socket };
  }

  it('arrive as messages, in order with those that were sent', async () => {
    const { client, socket } = await join(false);
    const texts: string[] = [];
    client.on('message', (data) => texts.push((data as Buffer).toString()));
    socket.send('one');
    expect(writeFramesRaw(socket, Buffer.concat([textFrame('two'), textFrame('three')]))).to.be.true;
    socket.send('four');
    socket.close();
    await once(client, 'close');
    expect(texts).to.deep.equal(['one', 'two', 'three', 'four']);
  });

  it('are left to the plain path on a compressed connection', async () => {
    const { socket } = await join(true);
    expect(writeFramesRaw(socket, textFrame('one'))).to.be.false;
  });

  it('are dropped on a connection that is closing', async () => {
    const { socket } = await join(false);
    socket.close();
    expect(writeFramesRaw(socket, textFrame('one'))).to.be.true;
    expect(socket.bufferedAmount).to.be.below(10);
  });
});
