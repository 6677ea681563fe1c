// What is done to items at times, and cannot be done to these now: the palette says why not, rather than that there is no such thing.
import { type Item, type Principal, STATUSES } from '@workitem-hub/client';
import { isSupervisor } from '@workitem-hub/client/steps';
import { standWords, stepWords, type Tellers } from './actions';
import { nameOfOffer, offersFor } from './target';

export interface Barred {
  words: string;
  reason: string;
}

export const NO_TARGET = 'go to an item first';

/** Each step by all of its names, which depend on the status that it leads from. */
const STEPS = STATUSES.flatMap((to) => ([null, 'pending', 'declined'] as const).map((from) => stepWords(to, from)));
const ALL: ReadonlySet<string> = new Set(['Claim', ...STEPS, 'Assign']);

export function barredFor(items: readonly Item[], principal: Principal | null, tellers: Tellers): Barred[] {
  const offered = new Set(offersFor(items, principal).map(nameOfOffer));
  return [...ALL]
    .filter((words) => !offered.has(words))
    .map((words) => ({ words, reason: roleFor(words, principal) ?? reasonOf(items, tellers) }));
}

function roleFor(words: string, principal: Principal | null): string | null {
  if (!principal) return null;
  const who = words === 'Claim' ? 'underwriters' : ['Assign', 'Reopen'].includes(words) ? 'supervisors' : null;
  const may = who === 'supervisors' ? isSupervisor(principal) : principal.roles.includes('underwriter');
  return who === null || may ? null : `only ${who} ${words.toLowerCase()}`;
}

function reasonOf([first, ...others]: readonly Item[], tellers: Tellers): string {
  if (!first) return NO_TARGET;
  if (others.length > 0) return `not to each of these ${others.length + 1} items`;
  return `No. ${first.id} is ${standWords(first, tellers)}`;
}
