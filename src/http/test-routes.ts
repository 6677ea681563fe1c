// Test items for demonstrations: open in development; in production off, or for admins only.
import { type RequestHandler, Router } from 'express';
import type { Origins } from '../auth/origins.js';
import type { Config } from '../config.js';
import { HubError } from '../errors.js';
import { createTestSubmission, type TestAppender } from '../intake/test-submission.js';
import type { Addresses } from '../ops/address.js';
import type { Limits } from '../ops/limits.js';
import { readBody, SMALL_BODY } from './body.js';
import { allowOnly, notFound } from './error-handler.js';
import { assertRole, type Guards } from './guards.js';
import { check } from '../check.js';
import { testWorkItemSchema } from './requests.js';

export interface TestDeps {
  config: Config;
  origins: Pick<Origins, 'isAllowed'>;
  addresses: Addresses;
  limits: Limits;
  appender: TestAppender;
  /** Open sockets of all processes. */
  totalConnections: () => Promise<number>;
}

export function testRoutes(deps: TestDeps, guards: Guards): Router {
  const { config, addresses, limits } = deps;
  const router = Router();
  const PATH = '/api/test/workitem';
  if (!config.TEST_WORKITEMS) return router.all(PATH, notFound);

  const limited: RequestHandler = async (req, _res, next) => {
    // The one command that needs no token: any page that a developer visits could give it.
    if (!deps.origins.isAllowed(req)) throw new HubError('forbidden', 'This origin is not among ALLOWED_ORIGINS.');
    await limits.consume('test', addresses.clientAddress(req));
    next();
  };
  router
    .route(PATH)
    .post(
      ...(config.production ? [limited, guards.token] : [limited]),
      readBody({ limit: SMALL_BODY }),
      async (req, res) => {
        const { count, ...wishes } = check(testWorkItemSchema, req.body ?? {});
        if (config.production) assertRole(res, 'admin');
        // The request has taken one point itself.
        if (count > 1) await limits.consume('test', addresses.clientAddress(req), count - 1);
        const made = await Promise.all(
          Array.from({ length: count }, () => createTestSubmission(deps.appender, wishes)),
        );
        const [{ submission }] = made as [(typeof made)[0]];
        res.json({
          message: count === 1 ? 'Test work item created' : `${count} test work items created, this is the first`,
          submission_id: submission._id,
          submission_ref: submission.ref,
          // The items are stored: a count that cannot be had must not say otherwise.
          websocket_connections: await deps.totalConnections().catch(() => 0),
        });
      },
    )
    .all(allowOnly('POST'));
  return router;
}
