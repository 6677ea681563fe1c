// What the keys and the palette are about: the open item for who is in its panel; else the selected items, the open one, the one that the keyboard is at.
import type { Item, Principal, WorkItemClient } from '@workitem-hub/client';
import { isInPanel } from '../item/panel-focus';
import { readOpenItem } from '../queues/view-url';
import { activeItem, selection } from '../table/selection';
import {
  type Allowed,
  allowedOn,
  allowedOnAll,
  claimWords,
  nameOfItem,
  needsReason,
  type Order,
  stepLabel,
  stepWords,
  usualOrder,
} from './actions';
import { showDialog } from './dialog-state';
import { workOf } from './work';
import { clearSelection } from '../table/selection';

/** Empty where there is nothing that could be meant. */
export function targetOf({ workItems }: WorkItemClient): readonly Item[] {
  const ids = meansSelection() ? [...selection.read()] : one();
  return ids.flatMap((id) => workItems.get(id) ?? []);
}

/** Whether it is what is selected: not for who reads the open item. */
export const meansSelection = (): boolean => selection.read().size > 0 && !isInPanel();

function one(): number[] {
  const open = readOpenItem();
  if (open !== null) return [open];
  const active = activeItem.read();
  // What has left the list was under the keyboard a moment ago, and is not any more.
  return active !== null && document.querySelector(`#items [data-id="${active}"]`) ? [active] : [];
}

/** Several in short, one by its name. */
export const nameOfTarget = (items: readonly Item[]): string =>
  items.length === 1 ? nameOfItem(items[0] as Item) : `${items.length} items`;

/** Has it done, or asks first for what is missing. */
export function order(client: WorkItemClient, items: readonly Item[], wanted: Order | 'assign'): void {
  const ids = items.map(({ id }) => id);
  if (wanted === 'assign') return showDialog({ kind: 'assign', ids });
  if (wanted.kind === 'status' && needsReason(wanted.status) && !wanted.reason) {
    return showDialog({ kind: 'reason', ids, status: wanted.status });
  }
  if (items.length > 1) clearSelection();
  void workOf(client).give(wanted, items);
}

export interface Offer {
  /** As the keys name it, where there is one. */
  name: string;
  words: string;
  key?: string;
  order: Order | 'assign';
}

/** Without what says on a button that more is asked for. */
export const nameOfOffer = ({ words }: Offer): string => words.replace(/ …$/, '');

/** Everything that may be done to them, the most usual first. */
export function offersFor(items: readonly Item[], principal: Principal | null): Offer[] {
  const [first] = items;
  if (!first) return [];
  const allowed: Allowed = items.length === 1 ? allowedOn(first, principal) : allowedOnAll(items, principal);
  const from = items.length === 1 ? first.status : null;
  const usual = items.length === 1 ? usualOrder(first, allowed) : null;
  const offers: Offer[] = [];
  const put = (name: string, words: string, key: string | undefined, wanted: Order | 'assign'): void =>
    void offers.push({ name, words, order: wanted, ...(key === undefined ? {} : { key }) });
  if (allowed.claim) put('claim', items.length === 1 ? claimWords(first) : 'Claim', 'c', { kind: 'claim' });
  for (const status of allowed.steps) {
    // The claim of what is one's own says the same.
    if (allowed.claim && stepWords(status, from) === 'Start') continue;
    const isUsual = typeof usual === 'object' && usual?.kind === 'status' && usual.status === status;
    put(status, stepLabel(status, from), isUsual ? 'e' : undefined, { kind: 'status', status });
  }
  if (allowed.assign) put('assign', 'Assign …', 'a', 'assign');
  if (allowed.release) put('release', 'Release', 'r', { kind: 'release' });
  return offers;
}
