// What may be done to an item, and what it is called. Who may do what is the hub's own rule.
import { type Item, type Principal, REASON_REQUIRED, type Status } from '@workitem-hub/client';
import { allowedSteps, isOpen, mayAssign, mayClaim, mayRelease } from '@workitem-hub/client/steps';
import { formatShort, isolated } from '../locale/format';
import { statusWords, titleOf } from '../table/cells';

/** Something that a person wants done to an item. */
export type Order =
  | { kind: 'claim' }
  | { kind: 'release' }
  /** `to` nobody is a team's, or with `team` `null` everybody's. Without `team` the item keeps its own. */
  | { kind: 'assign'; to: string | null; team?: string | null }
  | { kind: 'status'; status: Status; reason?: string };

/** What may be done to an item, or to several at once. */
export interface Allowed {
  claim: boolean;
  release: boolean;
  assign: boolean;
  /** In the order of the contract. */
  steps: readonly Status[];
}

const NOTHING: Allowed = { claim: false, release: false, assign: false, steps: [] };

export function allowedOn(item: Item, principal: Principal | null): Allowed {
  if (!principal) return NOTHING;
  return {
    claim: mayClaim(item, principal),
    // What is over lies with nobody's hands: to give it back would say nothing.
    release: isOpen(item.status) && mayRelease(item, principal),
    assign: mayAssign(principal),
    steps: allowedSteps(item, principal),
  };
}

/** What may be done to each of them. */
export function allowedOnAll(items: readonly Item[], principal: Principal | null): Allowed {
  const [first, ...others] = items.map((item) => allowedOn(item, principal));
  if (!first) return NOTHING;
  return others.reduce<Allowed>(
    (all, one) => ({
      claim: all.claim && one.claim,
      release: all.release && one.release,
      assign: all.assign && one.assign,
      steps: all.steps.filter((step) => one.steps.includes(step)),
    }),
    first,
  );
}

export const needsReason = (status: Status): boolean => REASON_REQUIRED.includes(status);

/** The step that mostly follows. */
const USUAL: Partial<Record<Status, Status>> = {
  in_progress: 'quoted',
  needs_info: 'in_progress',
  referred: 'quoted',
  quoted: 'bound',
  bound: 'completed',
  declined: 'in_progress',
  withdrawn: 'in_progress',
};

/** What one mostly does next to an item: what its first button is for. */
export function usualOrder(item: Item, allowed: Allowed): Order | 'assign' | null {
  if (allowed.claim) return { kind: 'claim' };
  const next = USUAL[item.status];
  if (next && allowed.steps.includes(next)) return { kind: 'status', status: next };
  return allowed.assign && item.assigned_to === null && isOpen(item.status) ? 'assign' : null;
}

const STEP_WORDS: Record<Status, string> = {
  pending: 'Release',
  in_progress: 'Resume',
  needs_info: 'Ask for information',
  referred: 'Refer',
  quoted: 'Quote',
  bound: 'Bind',
  declined: 'Decline',
  withdrawn: 'Withdraw',
  completed: 'Complete',
};

/** A step as one asks for it. @param from the status that it leads from; several have none in common */
export function stepWords(to: Status, from: Status | null): string {
  if (to === 'in_progress' && from === 'pending') return 'Start';
  if (to === 'in_progress' && from !== null && !isOpen(from)) return 'Reopen';
  return STEP_WORDS[to];
}

/** The same on a button: what asks for more before it is done ends in dots. */
export const stepLabel = (to: Status, from: Status | null): string =>
  stepWords(to, from) + (needsReason(to) ? ' …' : '');

/** A claim as one asks for it: what one has already is started. */
export const claimWords = (item: Item): string => (item.assigned_to === null ? 'Claim' : 'Start');

const MOST_LETTERS = 48;

/** An item in a sentence. */
export function nameOfItem(item: Item): string {
  return `${isolated(formatShort(titleOf(item), MOST_LETTERS))} (No. ${item.id})`;
}

/** Where nobody's item lies. */
export const placeWords = (team: string | null): string => (team === null ? 'in the pool' : `with the team ${team}`);

/** Who looks, and how they call others. */
export interface Tellers {
  me: string;
  /** Name of a person. */
  nameOf: (id: string) => string;
}

/** Who has something, in a sentence; `null` for nobody. */
export function holderWords(id: string | null, { me, nameOf }: Tellers): string | null {
  if (id === null) return null;
  return id === me ? 'you' : nameOf(id);
}

/** How it stands with an item, as in "quoted, with you". */
export function standWords(item: Pick<Item, 'status' | 'assigned_to' | 'team'>, tellers: Tellers): string {
  const holder = holderWords(item.assigned_to, tellers);
  return `${statusWords(item.status).toLowerCase()}, ${holder === null ? placeWords(item.team) : `with ${holder}`}`;
}

/** An order by its name, while it is carried out. */
export function orderWords(order: Order, nameOf: (id: string) => string): string {
  switch (order.kind) {
    case 'claim':
      return 'Claim';
    case 'release':
      return 'Release';
    case 'assign':
      if (order.to !== null) return `Assign to ${nameOf(order.to)}`;
      return order.team ? `Assign to the team ${order.team}` : 'Put into the pool';
    case 'status':
      return stepWords(order.status, null);
  }
}

/** How it stands with an item now that it was done, in a sentence. */
export function doneWords(order: Order, item: Item, nameOf: (id: string) => string): string {
  const name = nameOfItem(item);
  switch (order.kind) {
    case 'claim':
      return `${name} is yours.`;
    case 'release':
      return `${name} is released: it is ${placeWords(item.team)}.`;
    case 'assign':
      return `${name} is ${item.assigned_to === null ? placeWords(item.team) : `with ${nameOf(item.assigned_to)}`} now.`;
    case 'status':
      return `${name}: ${statusWords(item.status).toLowerCase()}.`;
  }
}

/** What was done to several, as in "7 claimed". */
export function doneWord(order: Order, nameOf: (id: string) => string): string {
  switch (order.kind) {
    case 'claim':
      return 'claimed';
    case 'release':
      return 'released';
    case 'assign':
      if (order.to !== null) return `assigned to ${nameOf(order.to)}`;
      return order.team ? `assigned to the team ${order.team}` : 'put into the pool';
    case 'status':
      return order.status === 'in_progress'
        ? 'set to in progress'
        : `set to ${statusWords(order.status).toLowerCase()}`;
  }
}
