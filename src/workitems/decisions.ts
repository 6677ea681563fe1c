// What each command makes of an item that its caller sees: the rules, in the order role, people, version, step. Each
// gives `null` when there is nothing to change and throws the HubError that refuses.
import type { AssignBody, SetStatusBody } from '@workitem-hub/client/contract';
import { isSupervisor, mayAssign, mayClaim, mayRelease, whenReleased, isOpen } from '@workitem-hub/client/steps';
import { hasRole, type Principal } from '../auth/principal.js';
import { HubError } from '../errors.js';
import { type CurrentItem, type Decision, sameState, stateOf } from './change.js';
import type { KnownPerson, People } from './people.js';
import { conflict, whereabouts } from './sight.js';
import { assertMayStep, assertStep } from './status.js';

/** Where the rules look people up. */
export type Directory = Pick<People, 'find' | 'findByEmail'>;

/** Underwriters take what nobody has, or start what is theirs. */
export function decideClaim(item: CurrentItem, caller: Principal, version?: number): Decision | null {
  if (!hasRole(caller, 'underwriter')) throw new HubError('forbidden', 'Only an underwriter may claim an item.');
  assertVersion(item, version);
  const mine = item.assigned_to === caller.sub;
  if (item.assigned_to !== null && !mine) throw conflict(item, whereabouts(item));
  if (mine && item.status === 'in_progress') return null;
  if (!mayClaim(item, caller)) {
    throw conflict(item, `An item that is ${item.status} cannot be claimed.`);
  }
  return { action: 'claimed', next: { ...stateOf(item), assigned_to: caller.sub, status: 'in_progress' } };
}

/** Supervisors give items to people and teams; an assignee may give their own back to its team. */
export async function decideAssign(
  item: CurrentItem,
  caller: Principal,
  { assigned_to, team = item.team, version }: AssignBody,
  people: Directory,
): Promise<Decision | null> {
  if (!mayAssign(caller)) {
    if (assigned_to !== null || !mayRelease(item, caller)) {
      throw new HubError('forbidden', 'Only a supervisor may assign an item; its assignee may release it.');
    }
    if (team !== item.team) throw new HubError('forbidden', 'Only a supervisor may move an item to another team.');
  }
  if (assigned_to !== null) assertTakesWork(await people.find(assigned_to), 'assigned_to');
  assertVersion(item, version);
  const status = assigned_to === null ? whenReleased(item.status) : item.status;
  const next = { status, assigned_to, team };
  if (sameState(item, next)) return null;
  return { action: assigned_to === null ? 'released' : 'assigned', next };
}

/** One step of the status machine. The form of the reason has been checked. */
export function decideStatus(
  item: CurrentItem,
  caller: Principal,
  { status, reason, version }: SetStatusBody,
): Decision {
  assertMayStep(item, status, caller);
  assertVersion(item, version);
  assertStep(item, status, caller);
  return { action: 'status_set', next: { ...stateOf(item), status }, reason: reason?.trim() || null };
}

/** A supervisor confirms for the underwriter with this e-mail: theirs and started, in one change. */
export async function decideStart(
  item: CurrentItem,
  caller: Principal,
  email: string,
  people: Directory,
): Promise<Decision | null> {
  if (!isSupervisor(caller)) throw new HubError('forbidden', 'Only a supervisor may confirm for somebody else.');
  const person = await people.findByEmail(email);
  assertTakesWork(person, 'underwriter_email');
  if (!isOpen(item.status)) throw conflict(item, `An item that is ${item.status} cannot be confirmed.`);
  const next = { ...stateOf(item), assigned_to: person.id, status: 'in_progress' as const };
  return sameState(item, next) ? null : { action: 'assigned', next };
}

function assertVersion(item: CurrentItem, version: number | undefined): void {
  if (version !== undefined && version !== item.version) {
    throw conflict(item, `Item ${item._id} is at version ${item.version} now.`);
  }
}

function assertTakesWork(person: KnownPerson | null, field: string): asserts person is KnownPerson {
  if (!person) throw new HubError('invalid', 'This person has never signed in.', { details: { field } });
  if (!person.roles.includes('underwriter')) {
    throw new HubError('invalid', 'This person is not an underwriter.', { details: { field } });
  }
}
