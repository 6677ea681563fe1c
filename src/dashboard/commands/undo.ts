// The way back from what was done: commands like any other, bound to the version that it led to, so that they never undo what somebody
// else has done since.
import type { Item, Principal } from '@workitem-hub/client';
import { canSee } from '@workitem-hub/client/audience';
import { allowedSteps, isSupervisor, mayClaim } from '@workitem-hub/client/steps';
import { needsReason, type Order } from './actions';

/** What leads back, one after the other; `null` when nothing does. @param before the item as it stood @param after as it stands */
export function wayBack(order: Order, before: Item, after: Item, me: Principal): readonly Order[] | null {
  if (after.version === before.version || !canSee(me, after)) return null;
  switch (order.kind) {
    case 'claim':
      // What was one's own before has been started, and nothing leads from there to pending.
      return before.assigned_to === null ? [{ kind: 'release' }] : null;
    case 'release':
      return backToHolder(before, after, me);
    case 'assign':
      if (before.assigned_to === null) return [{ kind: 'assign', to: null, team: before.team }];
      return [{ kind: 'assign', to: before.assigned_to, team: before.team }];
    case 'status':
      return allowedSteps(after, me).includes(before.status) && !needsReason(before.status)
        ? [{ kind: 'status', status: before.status }]
        : null;
  }
}

function backToHolder(before: Item, after: Item, me: Principal): readonly Order[] | null {
  if (before.assigned_to !== me.sub) {
    return before.assigned_to !== null && isSupervisor(me) ? [{ kind: 'assign', to: before.assigned_to }] : null;
  }
  if (!mayClaim(after, me)) return null;
  const claimed = { status: 'in_progress', assigned_to: me.sub } as const;
  const further = before.status !== 'in_progress' && allowedSteps(claimed, me).includes(before.status);
  // A referral has a reason, which is to be given anew.
  if (!further || needsReason(before.status)) return [{ kind: 'claim' }];
  return [{ kind: 'claim' }, { kind: 'status', status: before.status }];
}
