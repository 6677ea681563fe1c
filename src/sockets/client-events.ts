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
import type { Answer } from './answering.js';
import type { Commands } from '../workitems/commands.js';
import { check } from '../check.js';

/** A socket of `/workitems` that has its stream. */
export interface Caller {
  readonly data: { readonly subscription: Subscription };
}

export interface ClientEventDeps<C extends Caller> {
  commands: Pick<Commands, 'claim' | 'assign' | 'setStatus'>;
  /** Verifies a token that the client sends over its socket. Rejects with HubError. */
  authenticate(token: string, caller: C): Promise<Session>;
  /** Whether a session has not ended since it began. Rejects with HubError. */
  assertHolds(session: Session): Promise<void>;
  /** Counts a command. Rejects with HubError `rate_limited`. */
  limitCommands(sub: string): Promise<void>;
}

/** The answers, whoever asks. Each throws or rejects with HubError for what it refuses. */
export function clientEvents<C extends Caller>(deps: ClientEventDeps<C>): Record<keyof ClientEvents, Answer<C>> {
  const { commands } = deps;

  async function commander({ data: { subscription } }: C): Promise<Principal> {
    const { principal } = subscription.session;
    await deps.assertHolds(subscription.session);
    await deps.limitCommands(principal.sub);
    return principal;
  }

  return {
    set_filter: ({ data }, body) => data.subscription.setFilter(check(setFilterSchema, body).filter),

    async refresh_token(caller, body) {
      const session = await deps.authenticate(check(refreshTokenSchema, body).token, caller);
      const { scope } = caller.data.subscription.refresh(session);
      return { expires_at: new Date(session.expiresAt).toISOString(), principal: session.principal, scope };
    },

    ack: ({ data }, body) => data.subscription.ack(check(ackSchema, body)),

    ping: (_caller, body) => check(pingSchema, body),

    async claim(caller, body) {
      const principal = await commander(caller);
      const { id, ...claim } = check(claimSchema, body);
      return { item: await commands.claim(principal, id, claim) };
    },

    async assign(caller, body) {
      const principal = await commander(caller);
      const { id, ...assignment } = check(assignSchema, body);
      return { item: await commands.assign(principal, id, assignment) };
    },

    async set_status(caller, body) {
      const principal = await commander(caller);
      const { id, ...change } = check(setStatusSchema, body);
      return { item: await commands.setStatus(principal, id, change) };
    },
  };
}
