// Work items: lists, single items and their history, and the commands on them.
import { assignBodySchema, claimBodySchema, setStatusBodySchema } from '@workitem-hub/client/request-schemas';
import { Router } from 'express';
import type { Commands } from '../workitems/commands.js';
import type { People } from '../workitems/people.js';
import type { Similar } from '../workitems/similar.js';
import type { HistoryRecord, Snapshot } from '../workitems/snapshot.js';
import { allowOnly } from './error-handler.js';
import { type Guards, sessionOf } from './guards.js';
import { sendLongJson } from './long-json.js';
import { check } from '../check.js';
import { itemIdSchema, noQuerySchema, workItemsQuery } from './requests.js';

export interface WorkItemDeps {
  snapshot: Snapshot;
  commands: Commands;
  similar: Similar;
  people: Pick<People, 'names'>;
}

export function workItemRoutes({ snapshot, commands, similar, people }: WorkItemDeps, guards: Guards): Router {
  const router = Router();

  router
    .route('/api/workitems')
    .get(guards.token, async (req, res) => {
      const { principal } = sessionOf(res);
      await sendLongJson(req, res, await snapshot.list(principal, workItemsQuery(req.query)));
    })
    .all(allowOnly('GET'));

  router
    .route('/api/workitems/:id')
    .get(guards.token, async (req, res) => {
      check(noQuerySchema, req.query);
      const id = check(itemIdSchema, req.params.id, 'id');
      res.json(await snapshot.get(sessionOf(res).principal, id));
    })
    .all(allowOnly('GET'));

  router
    .route('/api/workitems/:id/history')
    .get(guards.token, async (req, res) => {
      check(noQuerySchema, req.query);
      const id = check(itemIdSchema, req.params.id, 'id');
      const items = await snapshot.history(sessionOf(res).principal, id);
      res.json({ items, names: Object.fromEntries(await people.names(items.flatMap(peopleIn))) });
    })
    .all(allowOnly('GET'));

  router
    .route('/api/workitems/:id/similar')
    .get(guards.token, async (req, res) => {
      check(noQuerySchema, req.query);
      const id = check(itemIdSchema, req.params.id, 'id');
      res.json({ items: await similar.similarTo(sessionOf(res).principal, id) });
    })
    .all(allowOnly('GET'));

  router
    .route('/api/workitems/:id/claim')
    .post(...guards.command, async (req, res) => {
      const id = check(itemIdSchema, req.params.id, 'id');
      const body = check(claimBodySchema, req.body ?? {});
      res.json(await commands.claim(sessionOf(res).principal, id, body));
    })
    .all(allowOnly('POST'));

  router
    .route('/api/workitems/:id/assign')
    .post(...guards.command, async (req, res) => {
      const id = check(itemIdSchema, req.params.id, 'id');
      const body = check(assignBodySchema, req.body);
      res.json(await commands.assign(sessionOf(res).principal, id, body));
    })
    .all(allowOnly('POST'));

  router
    .route('/api/workitems/:id/status')
    .patch(...guards.command, async (req, res) => {
      const id = check(itemIdSchema, req.params.id, 'id');
      const body = check(setStatusBodySchema, req.body);
      res.json(await commands.setStatus(sessionOf(res).principal, id, body));
    })
    .all(allowOnly('PATCH'));

  return router;
}

/** Everybody whom a record of an item's history speaks of. */
function peopleIn({ by, before, after }: HistoryRecord): string[] {
  return [by, before?.assigned_to, after.assigned_to].filter((id) => typeof id === 'string');
}
