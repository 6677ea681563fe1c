// Reading bodies: limits on what they become, room for all of them together, answers that reach their senders.
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import express from 'express';
import { createByteBudget, discardRefusedBodies, readBody } from '../../src/http/body.js';
import { handleError } from '../../src/http/error-handler.js';

const LIMIT = 64 * 1024;

describe('reading bodies', () => {
  let server: Server;
  let url: string;
  let release: () => void = () => {};

  before(async () => {
    const app = express();
    app.post('/impatient', discardRefusedBodies(LIMIT), readBody({ limit: LIMIT }));
    app.use(discardRefusedBodies());
    app.post('/echo', readBody({ limit: LIMIT }), (req, res) => void res.json({ body: req.body ?? null }));
    const budget = createByteBudget(3 * 1024);
    app.post('/held', readBody({ limit: 2 * 1024, budget }), async (_req, res) => {
      await new Promise<void>((resolve) => {
        release = resolve;
        server.emit('held');
      });
      res.json({});
    });
    app.post('/free', readBody({ limit: 2 * 1024, budget }), (_req, res) => void res.json({}));
    app.post('/refused', (_req, res) => void res.status(401).json({}));
    app.use(handleError);
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const post = async (path: string, body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, { method: 'POST', body, headers });
    return { status: response.status, body: (await response.json()) as { error?: { code: string }; body?: unknown } };
  };

  it('takes any content type as JSON', async () => {
    for (const type of ['application/json', 'text/plain', 'application/octet-stream', 'multipart/form-data', 'x']) {
      expect((await post('/echo', '{"a":[1]}', { 'content-type': type })).body).to.deep.equal({ body: { a: [1] } });
    }
  });

  it('has no value for an empty body', async () => {
    expect((await post('/echo', '')).body).to.deep.equal({ body: null });
  });

  const text = JSON.stringify({ text: 'x'.repeat(1000) });
  for (const [encoding, bytes] of [
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
  ] as const) {
    it(`reads ${encoding}`, async () => {
      const answer = await post('/echo', bytes, { 'content-encoding': encoding });
      expect(answer.body).to.deep.equal({ body: JSON.parse(text) });
    });
  }

  it('refuses an unknown content encoding', async () => {
    for (const encoding of ['zstd', 'constructor', 'gzip, gzip']) {
      const answer = await post('/echo', text, { 'content-encoding': encoding });
      expect([answer.status, answer.body.error?.code]).to.deep.equal([400, 'invalid']);
    }
  });

  it('refuses what is not compressed as it says, or is cut off', async () => {
    for (const [encoding, bytes] of [
      ['gzip', Buffer.from(text)],
      ['br', Buffer.from('\u0000\u0001\u0002zzzzzz')],
      ['deflate', Buffer.from(text)],
      ['gzip', gzipSync(text).subarray(0, 20)],
    ] as const) {
      const answer = await post('/echo', bytes, { 'content-encoding': encoding });
      expect([answer.status, answer.body.error?.code], encoding).to.deep.equal([400, 'invalid']);
    }
  });

  it('counts a compressed body by what it becomes', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20));
    const answer = await post('/echo', bomb.subarray(0, LIMIT), { 'content-encoding': 'gzip' });
    expect([answer.status, answer.body.error?.code]).to.deep.equal([413, 'too_large']);
  });

  it('refuses a large body with an answer that its sender can read, and goes on serving', async () => {
    const large = Buffer.alloc(30 * 1024 * 1024, 0x20);
    expect((await post('/echo', large)).status).to.equal(413);
    expect((await post('/refused', large)).status).to.equal(401);
    expect((await post('/echo', '1')).status).to.equal(200);
  });

  it('is read by a sender whose connection ends with the answer, and who sends all before it reads', async () => {
    const { port } = server.address() as AddressInfo;
    for (const line of ['HTTP/1.1', 'HTTP/1.0']) {
      const socket = connect(port, '127.0.0.1');
      const length = 20 * 1024 * 1024;
      const head = `POST /echo ${line}\r\nHost: hub\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`;
      socket.pause().write(head);
      const piece = Buffer.alloc(1024 * 1024, 'x');
      for (let sent = 0; sent < length; sent += piece.length) {
        if (!socket.write(piece)) await once(socket, 'drain');
      }
      const answer: Buffer[] = [];
      for await (const bytes of socket) answer.push(bytes as Buffer);
      expect(Buffer.concat(answer).toString()).to.match(/^HTTP\/1.1 413 [^]*"code":"too_large"/);
    }
    expect((await post('/echo', '1')).status).to.equal(200);
  });

  it('refuses a large body that did not say its length', async () => {
    const sending = request(`${url}/echo`, { method: 'POST' });
    sending.on('error', () => {});
    const answered = once(sending, 'response');
    for (let i = 0; i < 20; i++) sending.write(Buffer.alloc(LIMIT, 0x20));
    const [response] = (await answered) as [{ statusCode: number; resume(): void }];
    expect(response.statusCode).to.equal(413);
    sending.destroy();
  });

  it('cuts a sender that goes on for ever after its refusal', async () => {
    const sending = request(`${url}/impatient`, { method: 'POST' });
    const cut = new Promise((resolve) => sending.once('close', resolve));
    sending.on('error', () => {});
    sending.on('response', (response) => response.resume().on('error', () => {}));
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const pour = (): void => {
      while (!sending.destroyed && sending.write(chunk));
      if (!sending.destroyed) sending.once('drain', pour);
    };
    pour();
    await cut;
  });

  it('survives a sender that goes away in the middle', async () => {
    for (const headers of [{}, { 'content-encoding': 'gzip' }]) {
      const arrived = once(server, 'request');
      const sending = request(`${url}/echo`, { method: 'POST', headers: { 'content-length': '1000', ...headers } });
      sending.on('error', () => {});
      sending.write(gzipSync(text).subarray(0, 10));
      const [, response] = await arrived;
      const closed = once(response, 'close');
      sending.destroy();
      await closed;
    }
    expect((await post('/echo', '1')).status).to.equal(200);
  });

  it('bounds the bytes of all bodies together, and gives the room back', async () => {
    const body = JSON.stringify('x'.repeat(1900));
    const held = once(server, 'held');
    const first = post('/held', body);
    await held;
    const refused = await post('/free', body);
    expect([refused.status, refused.body.error?.code]).to.deep.equal([503, 'unavailable']);
    expect((await post('/free', JSON.stringify('x'.repeat(500)))).status).to.equal(200);
    release();
    expect((await first).status).to.equal(200);
    expect((await post('/free', body)).status).to.equal(200);
  });

  it('keeps no room for what is announced and does not come', async () => {
    const arrived = once(server, 'request');
    const sending = request(`${url}/free`, { method: 'POST', headers: { 'content-length': '2000' } });
    sending.on('error', () => {});
    sending.flushHeaders();
    const [, response] = await arrived;
    expect((await post('/free', JSON.stringify('x'.repeat(1900)))).status).to.equal(200);
    const closed = once(response, 'close');
    sending.destroy();
    await closed;
  });
});
