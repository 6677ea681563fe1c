// What operators ask: alive, ready, and the metrics.
import { expect } from 'chai';
import { type Api, expectRefusal, openApi } from './api.js';

const PRODUCTION = { NODE_ENV: 'production' };

describe('health', () => {
  let api: Api;
  before(async () => {
    api = await openApi();
  });
  after(() => api.close());

  it('is healthy while the process serves', async () => {
    for (const path of ['/health', '/healthz']) {
      const { status, body } = await api.call('GET', path);
      expect(status).to.equal(200);
      expect(body).to.have.keys('status', 'timestamp').and.include({ status: 'healthy' });
      expect(new Date(body.timestamp as string).toISOString()).to.equal(body.timestamp);
    }
  });

  it('shows metrics by route, not by address', async () => {
    await api.call('GET', '/api/workitems/4711/history');
    const { status, headers, body } = await api.call('GET', '/metrics');
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.contain('text/plain');
    expect(body).to.contain('route="/api/workitems/:id/history"').and.not.contain('4711');
  });

  it('is ready until it drains, and says why not', async () => {
    const before = await api.call('GET', '/readyz');
    expect(before.status).to.equal(200);
    expect(before.body).to.deep.equal({ status: 'ready', checks: { hub: 'ok', mongodb: 'ok', log: 'ok' } });
    await api.hub.drain();
    const after = await api.call('GET', '/readyz');
    expect(after.status).to.equal(503);
    expect(after.body).to.deep.include({ status: 'not_ready' });
    expect(after.body.checks).to.include({ hub: 'draining', mongodb: 'ok' });
    expect((await api.call('GET', '/healthz')).status, 'alive all the same').to.equal(200);
  });

  it('shows metrics in production to who has the token', async () => {
    const guarded = await openApi({ ...PRODUCTION, METRICS_TOKEN: 'sesame' });
    expect((await guarded.call('GET', '/metrics', { token: 'sesame' })).status).to.equal(200);
    for (const token of [undefined, 'sesam', await guarded.token('root', ['admin'])]) {
      expectRefusal(await guarded.call('GET', '/metrics', { token }), 401, 'unauthenticated');
    }
    await guarded.close();
  });

  it('shows metrics in production to nobody when there is no token', async () => {
    const closed = await openApi(PRODUCTION);
    expectRefusal(await closed.call('GET', '/metrics', { token: 'undefined' }), 401, 'unauthenticated');
    await closed.close();
  });
});
