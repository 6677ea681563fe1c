// Revocations over HTTP, and that they hold at once.
import { expect } from 'chai';
import { type Api, expectRefusal, openApi } from './api.js';

interface Revoked {
  id: string;
  issued_before: number;
}

describe('revocations over HTTP', () => {
  let api: Api;
  let admin: string;
  before(async () => {
    api = await openApi();
    admin = await api.token('root', ['admin']);
  });
  after(() => api.close());

  const revoke = (body: object, token = admin) => api.call<Revoked>('POST', '/api/revocations', { token, body });

  it('end a user, are listed, and can be lifted', async () => {
    const token = await api.token('mallory');
    const { status, body } = await revoke({ sub: 'mallory' });
    expect(status).to.equal(200);
    expect(body).to.have.all.keys('id', 'sub', 'issued_before', 'created_at', 'by');
    expect(body).to.include({ sub: 'mallory', by: 'root' });
    expectRefusal(await api.call('GET', '/api/workitems', { token }), 401, 'unauthenticated');
    const later = await api.token('mallory');
    expect((await api.call('GET', '/api/workitems', { token: later })).status).to.equal(200);

    const list = await api.call<{ items: Revoked[] }>('GET', '/api/revocations', { token: admin });
    expect(list.body.items).to.deep.equal([body]);
    const path = `/api/revocations/${body.id}`;
    expect((await api.call('DELETE', path, { token: admin })).status).to.equal(204);
    expect((await api.call('GET', '/api/workitems', { token })).status).to.equal(200);
    expectRefusal(await api.call('DELETE', path, { token: admin }), 404, 'not_found');
  });

  it('end one token', async () => {
    const { body } = await revoke({ jti: 'token-1', issued_before: 1 });
    expect(body).to.include({ jti: 'token-1', issued_before: 1 }).and.not.have.property('sub');
  });

  it('of all one’s own tokens up to now are for everybody', async () => {
    const token = await api.token('dora');
    const other = await api.token('dora');
    expectRefusal(await revoke({ sub: 'dora', issued_before: 9_999_999_999 }, token), 403, 'forbidden');
    expectRefusal(await revoke({ jti: 'token-of-dora' }, token), 403, 'forbidden');
    expectRefusal(await revoke({ sub: 'Dora' }, token), 403, 'forbidden');
    const { status, body } = await revoke({ sub: 'dora' }, token);
    expect(status).to.equal(200);
    expect(body).to.include({ sub: 'dora', by: 'dora' });
    for (const one of [token, other]) {
      expectRefusal(await api.call('GET', '/api/workitems', { token: one }), 401, 'unauthenticated');
    }
    expect((await api.call('GET', '/api/workitems', { token: await api.token('dora') })).status).to.equal(200);
  });

  it('of others are for admins, who must be clear', async () => {
    expectRefusal(await revoke({ sub: 'a', jti: 'b' }), 400, 'invalid');
    const boss = await api.token('boss', ['supervisor']);
    expectRefusal(await revoke({ sub: 'alice' }, boss), 403, 'forbidden');
    expectRefusal(await revoke({}, boss), 400, 'invalid');
    expectRefusal(await api.call('GET', '/api/revocations', { token: boss }), 403, 'forbidden');
    expectRefusal(await api.call('DELETE', '/api/revocations/x', { token: boss }), 403, 'forbidden');
  });
});
