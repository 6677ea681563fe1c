// What every request passes: addresses and methods, headers, origins, request ids.
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { type Api, expectRefusal, openApi } from './api.js';

const DESK = 'https://desk.example';

describe('every request', () => {
  let api: Api;
  before(async () => {
    api = await openApi({ ALLOWED_ORIGINS: DESK });
  });
  after(() => api.close());

  it('gets not_found at an unknown address', async () => {
    for (const path of [
      '/nothing',
      '/..%2f..%2fpackage.json',
      '/api',
      '/api/nothing',
      '/api/workitems/1/2/3',
      '/api/email/intake/more',
    ]) {
      expectRefusal(await api.call('GET', path), 404, 'not_found', path);
    }
  });

  it('gets 405 and the methods there are for a wrong method', async () => {
    for (const [method, path, allowed] of [
      ['DELETE', '/api/workitems', 'GET'],
      ['GET', '/api/email/intake', 'POST'],
      ['PUT', '/api/workitems/1/status', 'PATCH'],
      ['PATCH', '/api/revocations', 'GET, POST'],
      ['POST', '/health', 'GET'],
    ] as const) {
      const answer = await api.call(method, path);
      expectRefusal(answer, 405, 'invalid', path);
      expect(answer.headers.get('allow')).to.equal(allowed);
    }
  });

  it('may be HEAD where it may be GET', async () => {
    const answer = await api.call('HEAD', '/health');
    expect(answer.status).to.equal(200);
    expect(answer.body).to.equal(null);
  });

  it('is invalid with a badly encoded address', async () => {
    const token = await api.token('alice');
    expectRefusal(await api.call('GET', '/api/workitems/%zz', { token }), 400, 'invalid');
    expectRefusal(await api.call('GET', '/api/submissions/%ff%fe', { token }), 400, 'invalid');
  });

  it('is answered with headers that leave a browser little to do wrong', async () => {
    const { headers } = await api.call('GET', '/health');
    expect(headers.get('content-security-policy')).to.contain("default-src 'self'").and.not.contain('unsafe');
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('x-powered-by')).to.equal(null);
    expect(headers.get('strict-transport-security'), 'over plain HTTP').to.equal(null);
  });

  it('is not stored by anybody', async () => {
    const token = await api.token('alice');
    for (const path of ['/api/workitems', '/api/submissions', '/api/workitems/999', '/api/nothing', '/health']) {
      expect((await api.call('GET', path, { token })).headers.get('cache-control'), path).to.equal('no-store');
    }
  });

  it('keeps the id it came with, or gets one', async () => {
    const given = await api.call('GET', '/health', { headers: { 'x-request-id': 'abc-1' } });
    expect(given.headers.get('x-request-id')).to.equal('abc-1');
    expect((await api.call('GET', '/health')).headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
  });

  it('from an allowed page may be read by it, from another not', async () => {
    const allowed = await api.call('GET', '/health', { headers: { origin: DESK } });
    expect(allowed.headers.get('access-control-allow-origin')).to.equal(DESK);
    for (const origin of ['https://evil.example', 'null', 'https://desk.example.evil.example']) {
      const foreign = await api.call('GET', '/health', { headers: { origin } });
      expect(foreign.headers.get('access-control-allow-origin'), origin).to.equal(null);
    }
  });

  it('is announced by a browser with a preflight', async () => {
    const headers = { origin: DESK, 'access-control-request-method': 'PATCH' };
    const answer = await api.call('OPTIONS', '/api/workitems/1/status', { headers });
    expect(answer.status).to.equal(204);
    expect(answer.headers.get('access-control-allow-methods')).to.contain('PATCH');
    expect(answer.headers.get('access-control-allow-headers')).to.contain('Authorization');
  });

  describe('that is hardly HTTP', () => {
    const raw = async (text: string): Promise<string> => {
      const { hostname, port } = new URL(api.url);
      const socket = connect(Number(port), hostname);
      let answer = '';
      socket.on('data', (chunk) => {
        answer += String(chunk);
      });
      socket.on('error', () => {});
      socket.write(text, 'latin1');
      await once(socket, 'close');
      return answer;
    };

    for (const [what, text, status] of [
      ['no HTTP at all', 'hello\r\n\r\n', 400],
      ['no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
      ['an unknown method', 'BREW /health HTTP/1.1\r\nHost: x\r\n\r\n', 400],
      ['a header with a control character', 'GET /health HTTP/1.1\r\nHost: x\r\nA: b\u0001\r\n\r\n', 400],
      ['two lengths', 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
      ['a broken chunk', 'POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 404],
      ['headers of 100 kB', `GET /health HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
    ] as const) {
      it(`is refused: ${what}`, async () => {
        const answer = await raw(text);
        expect(answer).to.match(new RegExp(`^HTTP/1.1 ${status} `));
        expect(answer).to.match(/\r\n\r\n{"error":{"code":"(invalid|too_large|not_found)","message":/);
      });
    }
  });
});
