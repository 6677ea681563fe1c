// Who has signed in, for those who hand out work.
import { expect } from 'chai';
import { type Api, expectRefusal, openApi } from './api.js';

describe('people over HTTP', () => {
  let api: Api;
  before(async () => {
    api = await openApi();
  });
  after(() => api.close());

  it('are known from their first call on', async () => {
    await api.call('GET', '/api/workitems', { token: await api.token('alice', ['underwriter'], ['cyber']) });
    const { status, body } = await api.call<{ items: { id: string }[] }>('GET', '/api/people', {
      token: await api.token('boss', ['supervisor']),
    });
    expect(status).to.equal(200);
    expect(body.items.find(({ id }) => id === 'alice')).to.deep.include({
      name: 'Name of alice',
      email: 'alice@hub.example',
      roles: ['underwriter'],
      teams: ['cyber'],
      online: false,
    });
  });

  it('are not shown to underwriters', async () => {
    expectRefusal(await api.call('GET', '/api/people', { token: await api.token('alice') }), 403, 'forbidden');
  });
});
