// What balancers, orchestrators and Prometheus ask. Open, but for the metrics in production.
import { createHash, timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import { bearerOf } from '../auth/authenticate.js';
import type { Config } from '../config.js';
import { HubError } from '../errors.js';
import type { Metrics } from '../ops/metrics.js';
import type { Readiness } from '../ops/readiness.js';
import { allowOnly } from './error-handler.js';

export interface HealthDeps {
  config: Config;
  metrics: Metrics;
  readiness: () => Readiness | Promise<Readiness>;
}

export function healthRoutes({ config, metrics, readiness }: HealthDeps): Router {
  const router = Router();

  for (const path of ['/health', '/healthz']) {
    router
      .route(path)
      .get((_req, res) => {
        res.set('Cache-Control', 'no-store').json({ status: 'healthy', timestamp: new Date().toISOString() });
      })
      .all(allowOnly('GET'));
  }

  router
    .route('/readyz')
    .get(async (_req, res) => {
      const { ready, checks } = await readiness();
      res.set('Cache-Control', 'no-store').status(ready ? 200 : 503);
      res.json({ status: ready ? 'ready' : 'not_ready', checks });
    })
    .all(allowOnly('GET'));

  router
    .route('/metrics')
    .get(async (req, res) => {
      if (config.production) assertMetricsToken(bearerOf(req.headers.authorization), config.METRICS_TOKEN);
      const { registry } = metrics;
      res.set('Cache-Control', 'no-store').type(registry.contentType);
      res.send(await registry.metrics());
    })
    .all(allowOnly('GET'));

  return router;
}

function assertMetricsToken(given: string | undefined, expected: string | undefined): void {
  // Digests have one length, so the comparison tells nothing about it.
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  if (given && expected && timingSafeEqual(digest(given), digest(expected))) return;
  throw new HubError('unauthenticated', 'The metrics need METRICS_TOKEN as bearer.');
}
