// What clients of `/workitems` may ask for over their socket, and how each question is answered.
import type { ClientEvents } from '@workitem-hub/client/contract';
import {
  ackSchema,
  assignSchema,
  claimSchema,
  pingSchema,
  refreshTokenSchema,
  setFilterSchema,
  setStatusSchema,
} from '@workitem-hub/client/request-schemas';
import type { Principal, Session } from '../auth/principal.js';
import type { Subscription } from '../delivery/subscription.js';
import type { Commands } from '../workitems/commands.js';
import { check } from '../check.js';

export interface ClientEventDeps {
  commands: Pick<Commands, 'claim' | 'assign' | 'setStatus'>;
  /** Verifies a token that the client sends over its socket. Rejects with HubError. */
  authenticate(token: string): Promise<Session>;
  /** Whether a session has not ended since it began. Rejects with HubError. */
  assertHolds(session: Session): Promise<void>;
  /** Counts a command. Rejects with HubError `rate_limited`. */
  limitCommands(sub: string): Promise<void>;
}

/** Answers one event: takes what the client sent, unchecked; gives what goes into the acknowledgement beside `ok`. */
type Answer = (body: unknown) => object | Promise<object>;

/** The answers for one subscription. Each throws or rejects with HubError for what it refuses. */
export function clientEvents(subscription: Subscription, deps: ClientEventDeps): Record<keyof ClientEvents, Answer> {
  const { commands } = deps;

  async function commander(): Promise<Principal> {
    const { principal } = subscription.session;
    await deps.assertHolds(subscription.session);
    await deps.limitCommands(principal.sub);
    return principal;
  }

  return {
    set_filter: (body) => subscription.setFilter(check(setFilterSchema, body).filter),

    async refresh_token(body) {
      const session = await deps.authenticate(check(refreshTokenSchema, body).token);
      const { scope } = subscription.refresh(session);
      return { expires_at: new Date(session.expiresAt).toISOString(), principal: session.principal, scope };
    },

    ack: (body) => subscription.ack(check(ackSchema, body)),

    ping: (body) => check(pingSchema, body),

    async claim(body) {
      const caller = await commander();
      const { id, ...claim } = check(claimSchema, body);
      return { item: await commands.claim(caller, id, claim) };
    },

    async assign(body) {
      const caller = await commander();
      const { id, ...assignment } = check(assignSchema, body);
      return { item: await commands.assign(caller, id, assignment) };
    },

    async set_status(body) {
      const caller = await commander();
      const { id, ...change } = check(setStatusSchema, body);
      return { item: await commands.setStatus(caller, id, change) };
    },
  };
}
