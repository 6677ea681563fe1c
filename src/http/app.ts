// The HTTP side of the hub: what every request passes, then one router per group of routes.
import cors from 'cors';
import express, { type Express, type Request } from 'express';
import helmet from 'helmet';
import type { Origins } from '../auth/origins.js';
import type { Config } from '../config.js';
import { httpLogger, type Logger } from '../ops/logger.js';
import { measureHttp } from '../ops/metrics.js';
import { discardRefusedBodies } from './body.js';
import { handleError, notFound } from './error-handler.js';
import { deskFiles } from './desk-files.js';
import { type DeskDeps, deskRoutes } from './desk-routes.js';
import { type EventDeps, eventRoutes } from './event-routes.js';
import { createGuards, type GuardDeps } from './guards.js';
import { type HealthDeps, healthRoutes } from './health-routes.js';
import { type IntakeDeps, intakeRoutes } from './intake-routes.js';
import { type PeopleDeps, peopleRoutes } from './people-routes.js';
import { type RevocationDeps, revocationRoutes } from './revocation-routes.js';
import { assertHostHeader } from './server.js';
import { type SubmissionDeps, submissionRoutes } from './submission-routes.js';
import { type TestDeps, testRoutes } from './test-routes.js';
import { type WorkItemDeps, workItemRoutes } from './workitem-routes.js';

/** Everything the routes stand on; each router names its own part. */
export type AppDeps = { config: Config; logger: Logger; origins: Origins } & GuardDeps &
  IntakeDeps &
  TestDeps &
  WorkItemDeps &
  SubmissionDeps &
  PeopleDeps &
  EventDeps &
  RevocationDeps &
  DeskDeps &
  HealthDeps;

/** Builds the app; it listens on nothing. */
export function createApp(deps: AppDeps): Express {
  const { config } = deps;
  const guards = createGuards(deps);
  const app = express();
  app.disable('x-powered-by');
  // Private answers are not stored, so nobody could ask whether they changed.
  app.disable('etag');
  app.set('trust proxy', deps.addresses.trust);
  // No nesting in queries: `filter[$gt]` is an unknown key and nothing else.
  app.set('query parser', 'simple');

  app.use(httpLogger(deps.logger), measureHttp(deps.metrics), discardRefusedBodies());
  app.use((req, _res, next) => {
    // Behind the log, which else would not have the request.
    assertHostHeader(req);
    next();
  });
  app.use(securityHeaders(config), crossOrigin(deps.origins));
  app.use(healthRoutes(deps));
  app.use('/api', (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  app.use(
    intakeRoutes(deps),
    testRoutes(deps, guards),
    workItemRoutes(deps, guards),
    submissionRoutes(deps, guards),
    peopleRoutes(deps, guards),
    eventRoutes(deps, guards),
    revocationRoutes(deps, guards),
    deskRoutes(deps),
  );
  app.use(deskFiles());
  app.use(notFound);
  app.use(handleError);
  return app;
}

function securityHeaders(config: Config) {
  const encrypted = config.PUBLIC_URL?.startsWith('https:') ?? false;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Where the desk asks for tokens; there are no frames in which it would do so.
        ...(config.OIDC_AUTHORITY ? { connectSrc: ["'self'", new URL(config.OIDC_AUTHORITY).origin] } : {}),
        // Attachments that are looked at: the desk reads them with its token, and shows pictures and PDFs out of its memory.
        imgSrc: ["'self'", 'data:', 'blob:'],
        frameSrc: ['blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // As `frameAncestors`, for browsers that do not know it.
    xFrameOptions: { action: 'deny' },
    // A browser that was told so would refuse the plain address of a hub in development for months.
    strictTransportSecurity: encrypted,
  });
}

function crossOrigin(origins: Origins) {
  return cors<Request>((req, decide) => {
    decide(null, {
      origin: origins.isAllowed(req),
      methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
      allowedHeaders: [
        'Authorization',
        'Content-Type',
        'Idempotency-Key',
        'If-None-Match',
        'X-Api-Key',
        'X-Request-Id',
      ],
      exposedHeaders: ['Content-Disposition', 'ETag', 'Retry-After', 'X-Request-Id'],
      maxAge: 600,
    });
  });
}
