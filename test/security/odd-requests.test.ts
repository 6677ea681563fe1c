// Paths that climb, hosts that lie, methods that nobody serves, headers without end: each gets a plain refusal.
import { expect } from 'chai';
import { startHub, type TestHub } from '../support/hub.js';
import { exchange, statusesOf } from './raw-http.js';

const CLIMBING = [
  '/../package.json',
  '/../../../../etc/passwd',
  '/..%2f..%2f..%2fetc/passwd',
  '/%2e%2e/%2e%2e/package.json',
  '/%2e%2e%2fpackage.json',
  '/..\\..\\package.json',
  '/..%5c..%5cpackage.json',
  '/....//....//package.json',
  '/%c0%ae%c0%ae/package.json',
  '/%252e%252e/package.json',
  '/index.html/../../config.ts',
  '/./../main.ts',
  '//etc/passwd',
  '/%00index.html',
  '/icon.svg%00.html',
  '/.env',
  '/.git/config',
  '/src/dashboard/main.tsx',
  '/dist/dashboard/index.html',
  '/assets/../../main.js',
  '/node_modules/ws/package.json',
  'http://127.0.0.1/../package.json',
];
const LEADING = [
  '//evil.example',
  '//evil.example/..',
  '/\\evil.example',
  '/%5cevil.example',
  '//evil.example/%2f..',
  '///x/',
];

describe('an odd request', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub({ ALLOWED_ORIGINS: 'https://desk.example' });
  });
  after(() => hub.close());

  const ask = (line: string, ...headers: string[]): Promise<string> =>
    exchange(hub.url, `${line} HTTP/1.1\r\n${['Host: x', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`);

  async function headersOf(path: string, token: string): Promise<Headers> {
    const response = await fetch(hub.url + path, { headers: { authorization: `Bearer ${token}` } });
    // A body that nobody reads keeps its connection.
    await response.arrayBuffer();
    return response.headers;
  }

  it('climbs out of nothing', async () => {
    for (const path of CLIMBING) {
      const heard = await ask(`GET ${path}`);
      expect(statusesOf(heard)[0], `${path}\n${heard}`).to.be.oneOf([400, 403, 404]);
      expect(heard, path).not.to.match(/root:|"dependencies"|import |createHub/);
    }
    expect(statusesOf(await ask('GET /icon.svg'))).to.deep.equal([200]);
  });

  it('is sent nowhere else', async () => {
    for (const path of [...LEADING, '/api', '/socket.io', '/ws']) {
      const heard = await ask(`GET ${path}`);
      expect(statusesOf(heard)[0], path).to.be.within(400, 499);
      expect(heard, path).not.to.match(/^location:/im);
    }
  });

  it('does not choose what the hub says its name is', async () => {
    for (const header of ['Host: evil.example', 'X-Forwarded-Host: evil.example', 'Forwarded: host=evil.example']) {
      for (const path of ['/', '/api/workitems', '/readyz', '/nowhere']) {
        const heard = await exchange(
          hub.url,
          `GET ${path} HTTP/1.1\r\n${header.startsWith('Host') ? '' : 'Host: x\r\n'}${header}\r\nConnection: close\r\n\r\n`,
        );
        expect(heard, header).not.to.contain('evil.example');
      }
    }
    // Behind nobody who is trusted, such headers do not make a foreign page the hub's own.
    for (const header of ['X-Forwarded-Host: evil.example', 'X-Forwarded-For: 127.0.0.1', 'X-Original-URL: /healthz']) {
      const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
      const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
      const heard = await exchange(
        hub.url,
        `GET /ws/workitems HTTP/1.1\r\n${['Host: x', ...upgrade, key, 'Origin: https://evil.example', header].join('\r\n')}\r\n\r\n`,
      );
      expect(statusesOf(heard), header).to.deep.equal([403]);
    }
  });

  it('of a method that is not served changes nothing', async () => {
    const { submission_id: id } = await hub.item();
    const token = await hub.token('alice');
    const authorization = `Authorization: Bearer ${token}`;
    for (const method of ['TRACE', 'PUT', 'DELETE', 'PROPFIND', 'PURGE', 'LOCK', 'MKCOL', 'SEARCH']) {
      for (const path of [`/api/workitems/${id}`, '/api/email/intake', '/', '/icon.svg', '/metrics']) {
        const heard = await ask(`${method} ${path}`, authorization, 'X-Canary: mirrored');
        expect(statusesOf(heard)[0], `${method} ${path}`).to.be.oneOf([400, 404, 405]);
        expect(heard).not.to.contain('mirrored');
      }
    }
    for (const header of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
      const heard = await ask(`GET /api/workitems/${id}/claim?_method=POST`, authorization, `${header}: POST`);
      expect(statusesOf(heard)[0], header).to.equal(400 + 5);
    }
    expect(statusesOf(await ask('CONNECT evil.example:443'))).not.to.include(200);
    const { body } = await hub.call('GET', `/api/workitems/${id}`, token);
    expect(body).to.include({ version: 1, assigned_to: null });
  });

  it('with headers without end is refused, and with very many is answered', async () => {
    expect(statusesOf(await ask('GET /healthz', `X: ${'x'.repeat(20_000)}`))).to.deep.equal([431]);
    expect(statusesOf(await ask(`GET /${'x'.repeat(20_000)}`))).to.deep.equal([431]);
    const many = Array.from({ length: 1_500 }, (_, index) => `A${index}: b`);
    expect(statusesOf(await ask('GET /healthz', ...many))[0]).to.be.oneOf([200, 431]);
    const both = await ask('GET /api/workitems', 'Authorization: Bearer a', 'Authorization: Bearer b');
    expect(statusesOf(both)[0]).to.be.oneOf([400, 401]);
  });

  it('gets no cookie, and no word of what serves it', async () => {
    const token = await hub.token('alice');
    for (const path of [
      '/',
      '/icon.svg',
      '/api/workitems',
      '/healthz',
      '/nowhere',
      '/socket.io/?EIO=4&transport=polling',
    ]) {
      const headers = await headersOf(path, token);
      for (const name of ['set-cookie', 'x-powered-by', 'server']) expect(headers.get(name), path).to.equal(null);
    }
  });

  it('for something private is answered with what no cache keeps', async () => {
    const token = await hub.token('alice');
    for (const path of [
      '/api/workitems',
      '/api/workitems/1',
      '/api/submissions',
      '/api/events',
      '/api/nowhere',
      '/metrics',
    ]) {
      const headers = await headersOf(path, token);
      expect(headers.get('cache-control'), path).to.equal('no-store');
    }
    const polling = await headersOf('/socket.io/?EIO=4&transport=polling', token);
    expect(polling.get('cache-control')).to.equal('no-store');
  });
});
