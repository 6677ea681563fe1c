// Refuses the steps that an item may not take, and those without the reason that they need.
import { REASON_REQUIRED, type Status } from '@workitem-hub/client/contract';
import { type Held, isAssignee, isSupervisor, takerOf } from '@workitem-hub/client/steps';
import type { Principal } from '../auth/principal.js';
import { HubError } from '../errors.js';
import { conflict, type Located } from './sight.js';

/** @throws HubError `invalid` when `status` needs a reason and there is none, or only blanks. */
export function assertReason(status: Status, reason: string | null | undefined): void {
  if (REASON_REQUIRED.includes(status) && !reason?.trim()) {
    throw new HubError('invalid', `The status ${status} needs a reason.`, { details: { field: 'reason' } });
  }
}

/** @throws HubError `forbidden` for somebody who may not take this step, or no step of this item at all. */
export function assertMayStep(item: Held, to: Status, principal: Principal): void {
  if (isSupervisor(principal)) return;
  if (!isAssignee(item, principal)) {
    throw new HubError('forbidden', 'Only the assignee or a supervisor may set the status.');
  }
  if (takerOf(item.status, to) === 'supervisor') {
    throw new HubError('forbidden', `Only a supervisor may reopen an item that is ${item.status}.`);
  }
}

/** @throws HubError `forbidden` as {@link assertMayStep}; `conflict` when the item's status does not lead to `to`. */
export function assertStep(item: Located, to: Status, principal: Principal): void {
  assertMayStep(item, to, principal);
  const taker = takerOf(item.status, to);
  if (!taker) throw conflict(item, `The status cannot go from ${item.status} to ${to}.`);
  if (taker === 'assignee' && !isAssignee(item, principal)) {
    throw conflict(item, 'A pending item is started by a claim or by its assignee.');
  }
}
