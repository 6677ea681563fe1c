// Who works here: for those who hand out work.
import { Router } from 'express';
import type { People } from '../workitems/people.js';
import { allowOnly } from './error-handler.js';
import { assertRole, type Guards } from './guards.js';
import { check } from '../check.js';
import { noQuerySchema } from './requests.js';

export interface PeopleDeps {
  people: People;
}

export function peopleRoutes({ people }: PeopleDeps, guards: Guards): Router {
  const router = Router();
  router
    .route('/api/people')
    .get(guards.token, async (req, res) => {
      check(noQuerySchema, req.query);
      assertRole(res, 'supervisor', 'admin');
      res.json({ items: await people.list() });
    })
    .all(allowOnly('GET'));
  return router;
}
