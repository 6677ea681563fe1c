// A token for a click: only on a hub in development, only for its people, and for no page but its own.
import type { Person } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { DEMO_PEOPLE } from '../../src/auth/demo-people.js';
import { type Api, expectRefusal, openApi } from './api.js';

const DESK = 'https://desk.example';

describe('the sign-in of the demonstration', () => {
  let api: Api;
  before(async () => {
    api = await openApi({ ALLOWED_ORIGINS: DESK });
  });
  after(() => api.close());

  const signIn = (body: unknown, origin?: string) =>
    api.call<{ token: string; expires_at: string }>('POST', '/api/demo/sign-in', {
      body,
      headers: origin === undefined ? {} : { origin },
    });

  it('leaves a supervisor who comes first with people to assign to', async () => {
    const { token } = (await signIn({ sub: 'sam' })).body;
    const { body } = await api.call<{ items: Person[] }>('GET', '/api/people', { token });
    expect(body.items.map(({ id }) => id)).to.include.members(DEMO_PEOPLE.map(({ sub }) => sub));
    await api.call('POST', '/api/demo/sign-in', { body: { sub: 'bob' } });
    const again = await api.call<{ items: Person[] }>('GET', '/api/people', { token });
    const seen = (id: string) => again.body.items.find((one) => one.id === id)?.last_seen;
    expect(seen('carol')).to.equal(null);
    expect(seen('sam')).to.be.a('string');
    // Once is enough: who was taken out stays out.
    await api.database.mongo.connection.collection<{ _id: string }>('people').deleteOne({ _id: 'carol' });
    await signIn({ sub: 'bob' });
    const last = await api.call<{ items: Person[] }>('GET', '/api/people', { token });
    expect(last.body.items.map(({ id }) => id)).not.to.include('carol');
  });

  it('gives each of the people a token that is good for twelve hours', async () => {
    for (const { sub, roles } of DEMO_PEOPLE) {
      const { status, body, headers } = await signIn({ sub });
      expect(status).to.equal(200);
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(body).to.have.all.keys('token', 'expires_at');
      const claims = JSON.parse(Buffer.from(body.token.split('.')[1] as string, 'base64url').toString());
      expect(claims).to.deep.include({ sub, roles, email: `${sub}@hub.example` });
      expect(claims.exp - claims.iat).to.equal(12 * 3600);
      expect(body.expires_at).to.equal(new Date(claims.exp * 1_000).toISOString());
      expect((await api.call('GET', '/api/workitems', { token: body.token })).status).to.equal(200);
    }
  });

  it('gives an admin what an admin may do', async () => {
    const { token } = (await signIn({ sub: 'ada' })).body;
    expect((await api.call('GET', '/api/revocations', { token })).status).to.equal(200);
  });

  it('refuses anybody else and anything else', async () => {
    for (const body of [
      { sub: 'mallory' },
      { sub: '' },
      { sub: 'x'.repeat(257) },
      { sub: 7 },
      { sub: null },
      { sub: 'ada', roles: ['admin'] },
      { sub: 'sam', ttl: '9y' },
      { sub: '__proto__' },
      [],
      'ada',
      undefined,
    ]) {
      expectRefusal(await signIn(body), 400, 'invalid', JSON.stringify(body));
    }
    expectRefusal(await api.call('GET', '/api/demo/sign-in'), 405, 'invalid');
  });

  it('is for the hub’s own page, and for no page at all', async () => {
    const port = new URL(api.url).port;
    expect((await signIn({ sub: 'ada' }, api.url)).status).to.equal(200);
    for (const origin of [DESK, 'https://evil.example', 'null', '', `http://localhost:${port}`, `${api.url}0`]) {
      expectRefusal(await signIn({ sub: 'ada' }, origin), 403, 'forbidden', origin);
    }
  });

  it('does not exist in production', async () => {
    const production = await openApi({ NODE_ENV: 'production' });
    try {
      for (const method of ['POST', 'GET']) {
        const answer = await production.call(
          method,
          '/api/demo/sign-in',
          method === 'POST' ? { body: { sub: 'ada' } } : {},
        );
        expectRefusal(answer, 404, 'not_found');
      }
    } finally {
      await production.close();
    }
  });

  it('is counted by address', async () => {
    const narrow = await openApi({ LIMIT_TEST_PER_MINUTE: '2' });
    try {
      const ask = () => narrow.call('POST', '/api/demo/sign-in', { body: { sub: 'bob' } });
      expect([(await ask()).status, (await ask()).status]).to.deep.equal([200, 200]);
      expectRefusal(await ask(), 429, 'rate_limited');
    } finally {
      await narrow.close();
    }
  });
});
