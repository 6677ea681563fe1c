// Made-up items for demonstrations: who may make them, and that they are real otherwise.
import type { Item } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { type Api, expectRefusal, openApi } from './api.js';

const PATH = '/api/test/workitem';
const PRODUCTION = { NODE_ENV: 'production' };

describe('test items', () => {
  let api: Api;
  before(async () => {
    api = await openApi({ LIMIT_TEST_PER_MINUTE: '20' });
  });
  after(() => api.close());

  it('need no body and no token in development', async () => {
    const { status, body } = await api.call('POST', PATH);
    expect(status).to.equal(200);
    expect(body).to.have.all.keys('message', 'submission_id', 'submission_ref', 'websocket_connections');
    expect(body.websocket_connections).to.equal(0);
    const token = await api.token('alice');
    const item = await api.call<Item>('GET', `/api/workitems/${body.submission_id as number}`, { token });
    expect(item.body.extracted_fields).to.have.all.keys(
      'insured_name',
      'policy_type',
      'coverage_amount',
      'effective_date',
      'broker',
    );
    expect(Object.values(item.body.extracted_fields)).not.to.include(null);
  });

  it('tell how many sockets are open', async () => {
    const ear = await api.socket('alice');
    await ear.named('ready');
    expect((await api.call('POST', PATH)).body.websocket_connections).to.equal(1);
    ear.client.close();
  });

  it('are as the body wishes', async () => {
    const wishes = {
      assigned_to: 'alice',
      team: 'cyber',
      subject: 'A test',
      insured_name: 'Acme',
      policy_type: 'Cyber',
    };
    const { body } = await api.call('POST', PATH, { body: wishes });
    const token = await api.token('alice');
    const { body: item } = await api.call<Item>('GET', `/api/workitems/${body.submission_id as number}`, { token });
    expect(item).to.include({ assigned_to: 'alice', team: 'cyber', subject: 'A test' });
    expect(item.extracted_fields).to.include({ insured_name: 'Acme', policy_type: 'Cyber' });
  });

  it('come several at once', async () => {
    const { body } = await api.call('POST', PATH, { body: { count: 5, assigned_to: 'many' } });
    expect(body.message).to.contain('5');
    const token = await api.token('many');
    const page = await api.call<{ items: Item[] }>('GET', '/api/workitems?assigned=me', { token });
    expect(page.body.items).to.have.length(5);
  });

  it('are refused with wishes that make no sense', async () => {
    for (const body of [{ assigned_to: 5 }, { colour: 'red' }, [], 'x', { count: 1000 }]) {
      expectRefusal(await api.call('POST', PATH, { body }), 400, 'invalid', JSON.stringify(body));
    }
  });

  it('are limited per address', async () => {
    expectRefusal(await api.call('POST', PATH, { body: { count: 50 } }), 429, 'rate_limited');
  });

  it('are not there when switched off, as in production', async () => {
    for (const env of [{ TEST_WORKITEMS: 'off' }, PRODUCTION]) {
      const closed = await openApi(env);
      const token = await closed.token('root', ['admin']);
      expectRefusal(await closed.call('POST', PATH, { token }), 404, 'not_found');
      await closed.close();
    }
  });

  it('are for admins in production when switched on', async () => {
    const guarded = await openApi({ ...PRODUCTION, TEST_WORKITEMS: 'on' });
    expectRefusal(await guarded.call('POST', PATH), 401, 'unauthenticated');
    expectRefusal(
      await guarded.call('POST', PATH, { token: await guarded.token('boss', ['supervisor']) }),
      403,
      'forbidden',
    );
    expect((await guarded.call('POST', PATH, { token: await guarded.token('root', ['admin']) })).status).to.equal(200);
    await guarded.close();
  });
});
