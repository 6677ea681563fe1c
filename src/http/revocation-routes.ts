// Tokens that are to die before their time: for admins, and for everybody their own.
import { Router } from 'express';
import type { Principal } from '../auth/principal.js';
import type { Revocation, RevocationRequest, Revocations } from '../auth/revocation.js';
import { HubError } from '../errors.js';
import { allowOnly } from './error-handler.js';
import { assertRole, type Guards, sessionOf } from './guards.js';
import { check } from '../check.js';
import { noQuerySchema, opaqueIdSchema, revocationSchema } from './requests.js';

export interface RevocationDeps {
  revocations: Pick<Revocations, 'add' | 'list' | 'remove'>;
}

export function revocationRoutes({ revocations }: RevocationDeps, guards: Guards): Router {
  const router = Router();

  router
    .route('/api/revocations')
    .get(guards.token, async (req, res) => {
      check(noQuerySchema, req.query);
      assertRole(res, 'admin');
      res.json({ items: (await revocations.list()).map(toWire) });
    })
    .post(...guards.command, async (req, res) => {
      const request = check(revocationSchema, req.body) as RevocationRequest;
      const { sub } = isOwn(request, sessionOf(res).principal) ? request : assertRole(res, 'admin');
      res.json(toWire(await revocations.add(request, sub)));
    })
    .all(allowOnly('GET', 'POST'));

  router
    .route('/api/revocations/:id')
    .delete(guards.token, async (req, res) => {
      const id = check(opaqueIdSchema, req.params.id, 'id');
      assertRole(res, 'admin');
      if (!(await revocations.remove(id))) throw new HubError('not_found', 'There is no such revocation.');
      res.status(204).end();
    })
    .all(allowOnly('DELETE'));

  return router;
}

/**
 * To sign out everywhere: all tokens of one's own up to now, the one that asks among them. With a time of one's own choice it would lock
 * one out for the time to come, which is an admin's to do.
 */
const isOwn = (request: RevocationRequest, { sub }: Principal): request is RevocationRequest & { sub: string } =>
  request.sub === sub && request.issued_before === undefined;

/** Without the one of `sub` and `jti` that it does not have. */
function toWire({ id, sub, jti, issued_before, created_at, by }: Revocation): object {
  return { id, ...(sub === null ? {} : { sub }), ...(jti === null ? {} : { jti }), issued_before, created_at, by };
}
