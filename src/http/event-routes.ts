// The stream for those who cannot hold a socket: the same events, the same rights, asked for.
import type { ItemEventName, Position } from '@workitem-hub/client/contract';
import { Router } from 'express';
import type { Session } from '../auth/principal.js';
import { allowOnly } from './error-handler.js';
import { type Guards, sessionOf } from './guards.js';
import { check } from '../check.js';
import { eventsQuerySchema } from './requests.js';

/** One page of the stream; `position` is where the next one goes on, `more` whether there is one already. */
export interface EventPage {
  events: { seq: number; event: ItemEventName; data: unknown; at: string }[];
  position: Position;
  more: boolean;
}

export interface EventDeps {
  /**
   * The caller's events behind `after`, at most `limit`; `null`: from now on.
   * @throws HubError `resync` where a socket would get that verdict.
   */
  pollEvents: (caller: Session, after: Position | null, limit: number) => Promise<EventPage>;
}

export function eventRoutes({ pollEvents }: EventDeps, guards: Guards): Router {
  const router = Router();
  router
    .route('/api/events')
    .get(guards.token, async (req, res) => {
      const { after, limit } = check(eventsQuerySchema, req.query);
      res.json(await pollEvents(sessionOf(res), after ?? null, limit));
    })
    .all(allowOnly('GET'));
  return router;
}
