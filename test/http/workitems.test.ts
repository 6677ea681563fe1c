// Work items over HTTP: lists, details, commands; and who gets which refusal first.
import type { Item } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { type Api, expectRefusal, openApi } from './api.js';

interface Page {
  items: Item[];
  next_cursor: string | null;
  position: { epoch: string; seq: number; scope: string };
}

describe('work items over HTTP', () => {
  let api: Api;
  let alice: string;
  let bob: string;
  let boss: string;
  before(async () => {
    api = await openApi();
    alice = await api.token('alice', ['underwriter'], ['property']);
    bob = await api.token('bob', ['underwriter'], ['cyber']);
    boss = await api.token('boss', ['supervisor']);
    for (const token of [alice, bob, boss]) await api.call('GET', '/api/workitems', { token });
  });
  after(() => api.close());

  const command = (token: string, method: string, path: string, body?: object) =>
    api.call<Item>(method, `/api/workitems/${path}`, { token, body });

  it('lists what the caller sees, newest first, with the position to stream from', async () => {
    const [first, second] = [
      await api.item({ team: 'property' }),
      await api.item({ team: 'property', assigned_to: 'alice' }),
    ];
    const hidden = await api.item({ team: 'cyber' });
    const { status, body } = await api.call<Page>('GET', '/api/workitems', { token: alice });
    expect(status).to.equal(200);
    const ids = body.items.map(({ id }) => id);
    expect(ids.slice(0, 2)).to.deep.equal([second.id, first.id]);
    expect(ids).not.to.include(hidden.id);
    expect(body.position.epoch).to.be.a('string');
    expect(body.position.seq).to.be.a('number');
    expect(body.position.scope).to.be.a('string');
  });

  it('filters by query', async () => {
    const wanted = await api.item({
      team: 'property',
      policy_type: 'Marine Cargo',
      coverage_amount: '$300,000,000',
    });
    for (const query of [
      'policy_type=marine%20cargo&min_coverage=USD:250000000',
      'min_coverage=USD:250000000',
      'min_coverage=USD+300000000',
    ]) {
      const { body } = await api.call<Page>('GET', `/api/workitems?${query}`, { token: alice });
      expect(
        body.items.map(({ id }) => id),
        query,
      ).to.deep.equal([wanted.id]);
    }
    const none = await api.call<Page>('GET', '/api/workitems?min_coverage=USD:300000001&status=pending,quoted', {
      token: alice,
    });
    expect(none.body.items).to.deep.equal([]);
  });

  it('pages', async () => {
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await api.call<Page>('GET', `/api/workitems?limit=1${query}`, { token: alice });
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.next_cursor;
    } while (cursor !== null);
    const { body } = await api.call<Page>('GET', '/api/workitems', { token: alice });
    expect(seen).to.deep.equal(body.items.map(({ id }) => id));
  });

  it('refuses queries it does not know, before it looks at roles', async () => {
    const intake = await api.token('mailer', ['intake']);
    expectRefusal(await api.call('GET', '/api/workitems?stauts=x', { token: intake }), 400, 'invalid');
    expectRefusal(await api.call('GET', '/api/workitems', { token: intake }), 403, 'forbidden');
    expectRefusal(await api.call('GET', '/api/workitems?cursor=xyz', { token: alice }), 400, 'invalid');
  });

  it('shows an item and its history to those who see it', async () => {
    const { id } = await api.item({ team: 'property' });
    expect((await api.call<Item>('GET', `/api/workitems/${id}`, { token: alice })).body).to.include({ id, version: 1 });
    const history = await api.call<{ items: object[] }>('GET', `/api/workitems/${id}/history`, { token: alice });
    expect(history.body.items).to.have.length(1);
    for (const path of [`${id}`, `${id}/history`, '999999']) {
      expectRefusal(await api.call('GET', `/api/workitems/${path}`, { token: bob }), 404, 'not_found', path);
    }
    expectRefusal(await api.call('GET', '/api/workitems/x', { token: bob }), 400, 'invalid');
  });

  it('is claimed, worked on, assigned and released', async () => {
    const { id } = await api.item({ team: 'property' });
    const claimed = await command(alice, 'POST', `${id}/claim`);
    expect(claimed.status).to.equal(200);
    expect(claimed.body).to.include({ id, version: 2, assigned_to: 'alice', status: 'in_progress' });
    const quoted = await command(alice, 'PATCH', `${id}/status`, { status: 'quoted', version: 2 });
    expect(quoted.body).to.include({ version: 3, status: 'quoted' });
    const moved = await command(boss, 'POST', `${id}/assign`, { assigned_to: 'bob', version: 3 });
    expect(moved.body).to.include({ version: 4, assigned_to: 'bob', status: 'quoted' });
    const released = await command(bob, 'POST', `${id}/assign`, { assigned_to: null, version: 4 });
    expect(released.body).to.include({ version: 5, assigned_to: null, status: 'pending' });
  });

  it('tells the loser of a race who won', async () => {
    const { id } = await api.item();
    await command(alice, 'POST', `${id}/claim`);
    const late = await command(bob, 'POST', `${id}/claim`, {});
    expectRefusal(late, 409, 'conflict');
    expect(late.body.error?.details).to.deep.equal({ id, version: 2, status: 'in_progress', assigned_to: 'alice' });
  });

  it('answers a repeated command_id as the first time', async () => {
    const { id } = await api.item();
    const body = { command_id: '4b0dfe06-9d61-4e8e-a8fc-6ea7f0b5f0a3' };
    const first = await command(alice, 'POST', `${id}/claim`, body);
    await command(alice, 'PATCH', `${id}/status`, { status: 'quoted', version: 2 });
    expect((await command(alice, 'POST', `${id}/claim`, body)).body).to.deep.equal(first.body);
  });

  it('checks form, then sight, then role, then version', async () => {
    const { id } = await api.item({ team: 'property' });
    expectRefusal(await command(bob, 'POST', `${id}/assign`, { assigned_to: 'bob' }), 400, 'invalid');
    expectRefusal(await command(bob, 'POST', `${id}/assign`, { assigned_to: 'bob', version: 9 }), 404, 'not_found');
    expectRefusal(await command(alice, 'POST', `${id}/assign`, { assigned_to: 'bob', version: 9 }), 403, 'forbidden');
    expectRefusal(await command(boss, 'POST', `${id}/assign`, { assigned_to: 'bob', version: 9 }), 409, 'conflict');
  });

  it('takes a limited number of commands from one user', async () => {
    const limited = await openApi({ LIMIT_COMMANDS_PER_10S: '2' });
    const [one, other] = [await limited.token('one'), await limited.token('other')];
    const claim = (token: string) => limited.call('POST', '/api/workitems/1/claim', { token });
    await claim(one);
    await claim(one);
    const refused = await claim(one);
    expectRefusal(refused, 429, 'rate_limited');
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 10);
    expectRefusal(await claim(other), 404, 'not_found');
    await limited.close();
  });
});
