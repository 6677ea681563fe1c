// What operators ask: alive, ready, and the metrics.
import { expect } from 'chai';
import type { Readiness } from '../../src/http/health-routes.js';
import { type Api, expectRefusal, openApi } from './api.js';

const PRODUCTION = {
  NODE_ENV: 'production',
  MONGODB_URL: 'mongodb://not.used.example',
  JWT_SECRET: 'for this test only: 0123456789 abcdefghij',
};

describe('health', () => {
  let api: Api;
  let readiness: Readiness = { ready: true, checks: { mongodb: 'ok' } };
  before(async () => {
    api = await openApi({}, { readiness: () => readiness });
  });
  after(() => api.close());

  it('is healthy while the process serves', async () => {
    for (const path of ['/health', '/healthz']) {
      const { status, body } = await api.call(`GET`, path);
      expect(status).to.equal(200);
      expect(body).to.have.keys('status', 'timestamp').and.include({ status: 'healthy' });
      expect(new Date(body.timestamp as string).toISOString()).to.equal(body.timestamp);
    }
  });

  it('is ready with the state of each part', async () => {
    const { status, body } = await api.call('GET', '/readyz');
    expect(status).to.equal(200);
    expect(body).to.deep.equal({ status: 'ready', checks: { mongodb: 'ok' } });
  });

  it('is not ready with the reason', async () => {
    readiness = { ready: false, checks: { mongodb: 'away' } };
    const { status, body } = await api.call('GET', '/readyz');
    expect(status).to.equal(503);
    expect(body).to.deep.equal({ status: 'not_ready', checks: { mongodb: 'away' } });
  });

  it('shows metrics by route, not by address', async () => {
    await api.call('GET', '/api/workitems/4711/history');
    const { status, headers, body } = await api.call('GET', '/metrics');
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.contain('text/plain');
    expect(body).to.contain('route="/api/workitems/:id/history"').and.not.contain('4711');
  });

  describe('in production', () => {
    let guarded: Api;
    before(async () => {
      guarded = await openApi({ ...PRODUCTION, METRICS_TOKEN: 'sesame' });
    });
    after(() => guarded.close());

    it('shows metrics to who has the token', async () => {
      expect((await guarded.call('GET', '/metrics', { token: 'sesame' })).status).to.equal(200);
      for (const token of [undefined, 'sesam', await guarded.token('root', ['admin'])]) {
        expectRefusal(await guarded.call('GET', '/metrics', { token }), 401, 'unauthenticated');
      }
    });
  });

  it('shows metrics to nobody in production without a token', async () => {
    const closed = await openApi(PRODUCTION);
    expectRefusal(await closed.call('GET', '/metrics', { token: 'undefined' }), 401, 'unauthenticated');
    await closed.close();
  });
});
