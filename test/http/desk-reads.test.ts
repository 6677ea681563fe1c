// What the desk reads beside lists and items: numbers for those who hand out work, similar items, names in histories.
import type { Item } from '@workitem-hub/client/contract';
import { STATUSES } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import type { SimilarItem } from '../../src/workitems/similar.js';
import type { Statistics } from '@workitem-hub/client/contract';
import { type Api, expectRefusal, openApi } from './api.js';

describe('what the desk reads', () => {
  let api: Api;
  let alice: string;
  let boss: string;
  before(async () => {
    api = await openApi();
    alice = await api.token('alice', ['underwriter'], ['cyber']);
    boss = await api.token('boss', ['supervisor']);
    await api.call('GET', '/api/workitems', { token: alice });
  });
  after(() => api.close());

  it('are statistics, for supervisors and admins', async () => {
    await api.item({ assigned_to: 'alice', team: 'cyber' });
    for (const token of [boss, await api.token('root', ['admin'])]) {
      const { status, body, headers } = await api.call<Statistics>('GET', '/api/statistics', { token });
      expect(status).to.equal(200);
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(body).to.have.all.keys('as_of', 'arrivals', 'time_to_claim', 'load', 'statuses');
      expect(body.arrivals).to.have.length(24);
      expect(body.statuses).to.have.all.keys(...STATUSES);
      expect(body.load.people[0]).to.include({ id: 'alice', name: 'Name of alice', open: 1, pending: 1 });
      expect(body.load.teams).to.deep.include({ team: 'cyber', pending: 1, open: 1 });
    }
  });

  it('are no statistics for anybody else', async () => {
    expectRefusal(await api.call('GET', '/api/statistics', { token: alice }), 403, 'forbidden');
    const robot = await api.token('robot', ['intake']);
    expectRefusal(await api.call('GET', '/api/statistics', { token: robot }), 403, 'forbidden');
    expectRefusal(await api.call('GET', '/api/statistics'), 401, 'unauthenticated');
    expectRefusal(await api.call('GET', '/api/statistics?hours=9', { token: boss }), 400, 'invalid');
    expectRefusal(await api.call('POST', '/api/statistics', { token: boss }), 405, 'invalid');
  });

  it('are similar items', async () => {
    const first = await api.item({ insured_name: 'Tarn Mill Ltd' });
    const second = await api.item({ insured_name: 'TARN MILL LIMITED' });
    const { status, body } = await api.call<{ items: SimilarItem[] }>('GET', `/api/workitems/${second.id}/similar`, {
      token: alice,
    });
    expect(status).to.equal(200);
    expect(body.items.find(({ item }) => item.id === first.id)).to.deep.equal({ item: first, reason: 'same_insured' });
    for (const [path, code] of [
      ['/api/workitems/99999/similar', 'not_found'],
      ['/api/workitems/x/similar', 'invalid'],
      ['/api/workitems/0/similar', 'invalid'],
      [`/api/workitems/${first.id}/similar?limit=500`, 'invalid'],
    ] as const) {
      expectRefusal(await api.call('GET', path, { token: alice }), code === 'invalid' ? 400 : 404, code, path);
    }
    expectRefusal(await api.call('GET', `/api/workitems/${first.id}/similar`), 401, 'unauthenticated');
    expectRefusal(await api.call('POST', `/api/workitems/${first.id}/similar`, { token: alice }), 405, 'invalid');
  });

  it('are the names of all whom a history speaks of', async () => {
    await api.call('GET', '/api/workitems', { token: await api.token('bob') });
    const { id } = await api.item({ assigned_to: 'nobody-yet' });
    const assign = (assigned_to: string, version: number) =>
      api.call<Item>('POST', `/api/workitems/${id}/assign`, { token: boss, body: { assigned_to, version } });
    expect((await assign('bob', 1)).status).to.equal(200);
    expect((await assign('alice', 2)).status).to.equal(200);
    const { body } = await api.call<{ items: object[]; names: Record<string, string> }>(
      'GET',
      `/api/workitems/${id}/history`,
      { token: alice },
    );
    expect(body.items).to.have.length(3);
    expect(body.names).to.deep.equal({ alice: 'Name of alice', bob: 'Name of bob', boss: 'Name of boss' });
  });
});
