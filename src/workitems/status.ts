// The steps an item may take, as data: which follow which, who may take them, and which need a reason.
import { REASON_REQUIRED, STATUSES, type Status } from '@workitem-hub/client/contract';
import { isSupervisor, type Principal } from '../auth/principal.js';
import { HubError } from '../errors.js';
import { conflict, type Located } from './sight.js';

/** Who may take a step: `handler` its assignee or a supervisor, `assignee` only the assignee, `supervisor` only a supervisor. */
type Taker = 'handler' | 'assignee' | 'supervisor';

const STEPS: Record<Status, Partial<Record<Status, Taker>>> = {
  // The other way out of pending is a claim, which also assigns.
  pending: { in_progress: 'assignee' },
  in_progress: {
    needs_info: 'handler',
    referred: 'handler',
    quoted: 'handler',
    declined: 'handler',
    withdrawn: 'handler',
  },
  needs_info: { in_progress: 'handler', declined: 'handler', withdrawn: 'handler' },
  referred: { in_progress: 'handler', quoted: 'handler', declined: 'handler', withdrawn: 'handler' },
  quoted: { in_progress: 'handler', bound: 'handler', declined: 'handler', withdrawn: 'handler' },
  bound: { completed: 'handler' },
  declined: { in_progress: 'supervisor' },
  withdrawn: { in_progress: 'supervisor' },
  completed: {},
};

const OPEN: ReadonlySet<Status> = new Set<Status>(['pending', 'in_progress', 'needs_info', 'referred', 'quoted']);

/** Whether somebody still has to decide on an item; such an item can be claimed, and goes back to `pending` when released. */
export const isOpen = (status: Status): boolean => OPEN.has(status);

/** What the rules look at; `Item` and the stored document both fit. */
type Held = { status: Status; assigned_to: string | null };

const isAssignee = (item: Held, principal: Principal): boolean => item.assigned_to === principal.sub;

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
  if (STEPS[item.status][to] === 'supervisor') {
    throw new HubError('forbidden', `Only a supervisor may reopen an item that is ${item.status}.`);
  }
}

/** @throws HubError `forbidden` as {@link assertMayStep}; `conflict` when the item's status does not lead to `to`. */
export function assertStep(item: Located, to: Status, principal: Principal): void {
  assertMayStep(item, to, principal);
  const taker = STEPS[item.status][to];
  if (!taker) throw conflict(item, `The status cannot go from ${item.status} to ${to}.`);
  if (taker === 'assignee' && !isAssignee(item, principal)) {
    throw conflict(item, 'A pending item is started by a claim or by its assignee.');
  }
}

/** Statuses that `principal` may set on `item` now, in the contract's order; some of them need a reason. */
export function allowedSteps(item: Held, principal: Principal): Status[] {
  const assignee = isAssignee(item, principal);
  const supervisor = isSupervisor(principal);
  const may: Record<Taker, boolean> = { handler: assignee || supervisor, assignee, supervisor };
  return STATUSES.filter((to) => {
    const taker = STEPS[item.status][to];
    return taker !== undefined && may[taker];
  });
}
