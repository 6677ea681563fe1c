// Whatever is thrown at the hub gets a documented refusal, and the hub goes on serving.
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { signToken } from '../../src/auth/sign.js';
import { SECRET } from '../support/hub.js';
import { type Api, type Call, expectRefusal, INTAKE_KEY, openApi } from './api.js';

const MIB = 1024 * 1024;
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

const BODIES: Record<string, [body: string | Uint8Array, headers?: Record<string, string>]> = {
  nothing: [''],
  'a number': ['1'],
  'a text': ['"hello"'],
  null: ['null'],
  true: ['true'],
  'an empty list': ['[]'],
  'a list of nothing': ['[null]'],
  'a list of lists': ['[[[]]]'],
  'broken JSON': ['{"subject":'],
  'two values': ['{} {}'],
  '10,000 levels': [deep(10_000)],
  '90,000 brackets': ['['.repeat(90_000)],
  'invalid UTF-8': [Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d])],
  'UTF-16': [Buffer.from('\uFEFF{"subject":"x"}', 'utf16le')],
  'binary data': [Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
  'a prototype': ['{"__proto__":{"admin":true}}'],
  'a constructor': ['{"constructor":{"prototype":{"admin":true}}}'],
  operators: ['{"version":{"$gt":0},"assigned_to":{"$ne":null},"status":{"$in":["bound"]},"subject":{"$gt":""}}'],
  'numbers beyond reason': ['{"version":1e999,"status":-1}'],
  'a form': ['a=1&b=2', { 'content-type': 'application/x-www-form-urlencoded' }],
  'gzip that is none': ['{}', { 'content-encoding': 'gzip' }],
  'an unknown encoding': ['{}', { 'content-encoding': 'rot13' }],
  'half a gzip': [gzipSync('{"a":1}').subarray(0, 15), { 'content-encoding': 'gzip' }],
};

describe('bad input', () => {
  let api: Api;
  let boss: string;
  let id: number;
  before(async () => {
    api = await openApi({ LIMIT_COMMANDS_PER_10S: '0' });
    boss = await api.token('boss', ['supervisor', 'underwriter', 'admin']);
    ({ id } = await api.item());
  });
  after(() => api.close());

  const routes = (): [method: string, path: string, call: Call][] => [
    ['POST', '/api/email/intake', { headers: { 'x-api-key': INTAKE_KEY } }],
    ['POST', `/api/workitems/${id}/assign`, { token: boss }],
    ['PATCH', `/api/workitems/${id}/status`, { token: boss }],
    ['POST', '/api/revocations', { token: boss }],
  ];

  for (const [what, [body, headers]] of Object.entries(BODIES)) {
    it(`is invalid: ${what}`, async () => {
      for (const [method, path, call] of routes()) {
        const answer = await api.call(method, path, { ...call, body, headers: { ...call.headers, ...headers } });
        expectRefusal(answer, 400, 'invalid', path);
      }
      expect((await api.call('GET', `/api/workitems/${id}`, { token: boss })).body.version).to.equal(1);
    });
  }

  it('is too large: 30 MB', async () => {
    const body = Buffer.alloc(30 * MIB, 0x20);
    for (const [method, path, call] of routes()) {
      expectRefusal(await api.call(method, path, { ...call, body }), 413, 'too_large', path);
    }
  });

  it('is too large: 100 kB for a command', async () => {
    const [, ...commands] = routes();
    for (const [method, path, call] of commands) {
      const body = JSON.stringify({ reason: 'x'.repeat(101 * 1024) });
      expectRefusal(await api.call(method, path, { ...call, body }), 413, 'too_large', path);
    }
  });

  it('is too large: 300 MB in 300 kB', async () => {
    const body = gzipSync(Buffer.alloc(300 * MIB, 0x20));
    const headers = { 'x-api-key': INTAKE_KEY, 'content-encoding': 'gzip' };
    expectRefusal(await api.call('POST', '/api/email/intake', { headers, body }), 413, 'too_large');
  });

  it('is no token', async () => {
    const token = await api.token('alice');
    for (const authorization of [
      'Bearer',
      'Bearer x',
      'Bearer a.b.c',
      `Basic ${token}`,
      `Bearer ${token}x`,
      `Bearer ${token} ${token}`,
      `Bearer ${'x'.repeat(10_000)}`,
    ]) {
      const answer = await api.call('GET', '/api/workitems', { headers: { authorization } });
      expectRefusal(answer, 401, 'unauthenticated', authorization.slice(0, 20));
      expect(answer.headers.get('www-authenticate')).to.equal('Bearer');
    }
  });

  it('is no token any more', async () => {
    const token = await signToken(SECRET, { sub: 'alice', roles: ['underwriter'] }, -60);
    expectRefusal(await api.call('GET', '/api/workitems', { token }), 401, 'token_expired');
  });

  it('is a token once too often', async () => {
    const strict = await openApi({ LIMIT_FAILED_AUTH_PER_MINUTE: '2' });
    const call = (token: string) => strict.call('GET', '/api/workitems', { token });
    await call('x');
    await call('y');
    expectRefusal(await call('z'), 429, 'rate_limited');
    expect((await call(await strict.token('alice'))).status).to.equal(200);
    await strict.close();
  });

  it('is no token: in the address', async () => {
    expectRefusal(await api.call('GET', `/api/workitems?token=${boss}`), 401, 'unauthenticated');
  });

  it('is no query', async () => {
    for (const query of [
      'a[$gt]=1',
      '__proto__=1',
      'limit=1&limit=2',
      'status=%00',
      'limit=%F0%9F',
      'x'.repeat(5000),
    ]) {
      expectRefusal(await api.call('GET', `/api/workitems?${query}`, { token: boss }), 400, 'invalid', query);
    }
  });

  it('is no path', async () => {
    for (const part of ['0', '-1', '1.0', '1e1', 'NaN', '%24gt', '[object Object]', '9'.repeat(400), '%00']) {
      expectRefusal(await api.call('GET', `/api/workitems/${part}`, { token: boss }), 400, 'invalid', part);
    }
  });

  it('leaves no trace on objects', () => {
    expect(({} as { admin?: boolean }).admin).to.equal(undefined);
  });
});
