// What the desk has to know before anybody is signed in, and on a hub in development the sign-in itself.
import { CONTRACT } from '@workitem-hub/client/contract';
import { type RequestHandler, Router } from 'express';
import { DEMO_PEOPLE, type DemoPerson, demoEmail, demoToken } from '../auth/demo-people.js';
import type { Origins } from '../auth/origins.js';
import type { Secrets } from '../auth/secrets.js';
import { check } from '../check.js';
import type { Config } from '../config.js';
import { HubError } from '../errors.js';
import type { Addresses } from '../ops/address.js';
import type { Limits } from '../ops/limits.js';
import type { People } from '../workitems/people.js';
import { readBody, SMALL_BODY } from './body.js';
import { allowOnly, notFound } from './error-handler.js';
import { demoSignInSchema, noQuerySchema } from './requests.js';

/** How people sign in at the desk: at a provider, by picking a person of the demonstration, or with a token from elsewhere. */
export type DeskAuth =
  | { kind: 'oidc'; authority: string; client_id: string; scope: string }
  | { kind: 'demo'; people: readonly DemoPerson[] }
  | { kind: 'token' };

export interface DeskConfig {
  auth: DeskAuth;
  /** Whether `POST /api/test/workitem` exists; in production it is for admins. */
  test_controls: boolean;
  contract: number;
}

export interface DeskDeps {
  config: Config;
  secrets: Pick<Secrets, 'jwtSecret'>;
  origins: Pick<Origins, 'isOwn'>;
  addresses: Addresses;
  limits: Limits;
  people: Pick<People, 'introduce'>;
}

export function deskRoutes(deps: DeskDeps): Router {
  const { config, secrets, limits, addresses, origins, people } = deps;
  const router = Router();
  const auth = authOf(config, secrets);
  const desk: DeskConfig = { auth, test_controls: config.TEST_WORKITEMS, contract: CONTRACT };

  router
    .route('/desk.json')
    .get((req, res) => {
      check(noQuerySchema, req.query);
      res.set('Cache-Control', 'no-store').json(desk);
    })
    .all(allowOnly('GET'));

  const PATH = '/api/demo/sign-in';
  const { jwtSecret } = secrets;
  if (auth.kind !== 'demo' || jwtSecret === undefined) return router.all(PATH, notFound);

  const limited: RequestHandler = async (req, _res, next) => {
    // It asks for no password: a page that a developer visits must not get an admin's token by it.
    if (!origins.isOwn(req)) throw new HubError('forbidden', 'Only a page of this hub may sign people in here.');
    await limits.consume('test', addresses.clientAddress(req));
    next();
  };
  let introduced: Promise<void> | null = null;
  /** They all work here: a supervisor who is the first to come finds somebody to assign to. Once is enough. */
  const introduce = (): Promise<void> =>
    (introduced ??= people
      .introduce(DEMO_PEOPLE.map(({ sub, ...one }) => ({ id: sub, ...one, email: demoEmail(sub) })))
      .catch((error: unknown) => {
        introduced = null;
        throw error;
      }));
  router
    .route(PATH)
    .post(limited, readBody({ limit: SMALL_BODY }), async (req, res) => {
      const { sub } = check(demoSignInSchema, req.body);
      const person = DEMO_PEOPLE.find((one) => one.sub === sub);
      if (!person) throw new HubError('invalid', 'There is no such person.', { details: { field: 'sub' } });
      await introduce();
      res.json(await demoToken(jwtSecret, person, config));
    })
    .all(allowOnly('POST'));
  return router;
}

function authOf(config: Config, { jwtSecret }: DeskDeps['secrets']): DeskAuth {
  const { OIDC_AUTHORITY, OIDC_CLIENT_ID, OIDC_SCOPE } = config;
  if (OIDC_AUTHORITY && OIDC_CLIENT_ID) {
    return { kind: 'oidc', authority: OIDC_AUTHORITY, client_id: OIDC_CLIENT_ID, scope: OIDC_SCOPE };
  }
  return config.production || jwtSecret === undefined ? { kind: 'token' } : { kind: 'demo', people: DEMO_PEOPLE };
}
