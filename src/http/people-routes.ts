// Who works here, and how much lies with whom: for those who hand out work.
import { Router } from 'express';
import type { People } from '../workitems/people.js';
import type { StatisticsReader } from '../workitems/statistics.js';
import { allowOnly } from './error-handler.js';
import { assertRole, type Guards } from './guards.js';
import { check } from '../check.js';
import { noQuerySchema } from './requests.js';

export interface PeopleDeps {
  people: People;
  statistics: StatisticsReader;
}

export function peopleRoutes({ people, statistics }: PeopleDeps, guards: Guards): Router {
  const router = Router();
  router
    .route('/api/people')
    .get(guards.token, async (req, res) => {
      check(noQuerySchema, req.query);
      assertRole(res, 'supervisor', 'admin');
      res.json({ items: await people.list() });
    })
    .all(allowOnly('GET'));
  router
    .route('/api/statistics')
    .get(guards.token, async (req, res) => {
      check(noQuerySchema, req.query);
      assertRole(res, 'supervisor', 'admin');
      res.json(await statistics.read());
    })
    .all(allowOnly('GET'));
  return router;
}
