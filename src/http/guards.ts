// What stands before the handlers: who is calling, and how often they may.
import type { RequestHandler, Response } from 'express';
import { type Authenticator, bearerOf } from '../auth/authenticate.js';
import { hasRole, type Principal, type Role, type Session } from '../auth/principal.js';
import { HubError } from '../errors.js';
import type { Addresses } from '../ops/address.js';
import type { Limits } from '../ops/limits.js';
import type { People } from '../workitems/people.js';
import { readBody, SMALL_BODY } from './body.js';

export interface Guards {
  /** Lets in who carries a valid token; handlers behind it find it with {@link sessionOf}. */
  token: RequestHandler;
  /** For commands: a token, the limit of its user, then the body. */
  command: RequestHandler[];
}

export interface GuardDeps {
  addresses: Addresses;
  authenticator: Authenticator;
  limits: Limits;
  people: People;
}

export function createGuards(deps: GuardDeps): Guards {
  const token: RequestHandler = async (req, res, next) => {
    const session = await deps.authenticator.authenticate(
      bearerOf(req.headers.authorization),
      deps.addresses.clientAddress(req),
    );
    deps.people.seen(session.principal);
    res.locals.session = session;
    next();
  };
  const limit: RequestHandler = async (_req, res, next) => {
    await deps.limits.consume('commands', sessionOf(res).principal.sub);
    next();
  };
  return { token, command: [token, limit, readBody({ limit: SMALL_BODY })] };
}

/** The verified token of the request. */
export function sessionOf(res: Response): Session {
  return res.locals.session as Session;
}

/** @throws HubError `forbidden` for a caller with none of the roles. */
export function assertRole(res: Response, ...roles: Role[]): Principal {
  const { principal } = sessionOf(res);
  if (hasRole(principal, ...roles)) return principal;
  throw new HubError('forbidden', `This needs the role ${roles.join(' or ')}.`);
}
