// What may be done to an item and by whom (§ Commands of the protocol). Its only home: the hub decides by these rules, and a screen
// offers by them what the hub would not refuse.
import { type Item, type Principal, STATUSES, type Status } from './contract.js';

/** Who may take a step: `handler` the item's assignee or a supervisor, `assignee` only the assignee, `supervisor` only a supervisor. */
export type Taker = 'handler' | 'assignee' | 'supervisor';

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

/** What the rules look at. */
export type Held = Pick<Item, 'status' | 'assigned_to'>;

/** Whether somebody still has to decide on an item; such an item can be claimed, and goes back to `pending` when released. */
export const isOpen = (status: Status): boolean => OPEN.has(status);

/** The status of an item once nobody has it any more. */
export const whenReleased = (status: Status): Status => (isOpen(status) ? 'pending' : status);

/** Who may take the step; `undefined` when there is none. */
export const takerOf = (from: Status, to: Status): Taker | undefined => STEPS[from][to];

export const isAssignee = (item: Held, { sub }: Principal): boolean => item.assigned_to === sub;
export const isSupervisor = ({ roles }: Principal): boolean => roles.includes('supervisor') || roles.includes('admin');

/** Statuses that `principal` may set on `item` now, in the contract's order; some of them need a reason. */
export function allowedSteps(item: Held, principal: Principal): Status[] {
  const assignee = isAssignee(item, principal);
  const supervisor = isSupervisor(principal);
  const may: Record<Taker, boolean> = { handler: assignee || supervisor, assignee, supervisor };
  return STATUSES.filter((to) => {
    const taker = takerOf(item.status, to);
    return taker !== undefined && may[taker];
  });
}

/** Underwriters take what nobody has, or start what is theirs. */
export function mayClaim(item: Held, principal: Principal): boolean {
  if (!principal.roles.includes('underwriter')) return false;
  return isAssignee(item, principal) ? item.status === 'pending' : item.assigned_to === null && isOpen(item.status);
}

/** Supervisors give items to people and teams. */
export const mayAssign = isSupervisor;

/** An item goes back to its team by whoever has it, or a supervisor. */
export const mayRelease = (item: Held, principal: Principal): boolean =>
  item.assigned_to !== null && (isAssignee(item, principal) || isSupervisor(principal));
