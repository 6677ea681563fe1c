// What others have given to this person or taken from them, in words at the foot of the page: several at once together, as after a
// catch-up. Mails that come in are not said there.
import type { Item, WorkItemClient } from '@workitem-hub/client';
import { nameOfItem, placeWords } from '../commands/actions';
import { nameOfPerson } from '../commands/people';
import { formatCount } from '../locale/format';
import { PLAIN_VIEW } from '../queues/view';
import { goTo, openItem } from '../queues/view-url';
import { toast } from '../ui/toasts';

export interface HandOver {
  item: Item;
  by: string | null;
  /** To this person; else from them. */
  given: boolean;
}

const items = (count: number, one: string, several: string): string[] =>
  count === 0 ? [] : [count === 1 ? `1 item ${one}` : `${formatCount(count)} items ${several}`];

export function tellHandOvers(client: WorkItemClient, all: readonly HandOver[]): void {
  const [first] = all;
  if (!first) return;
  const given = all.filter((one) => one.given).length;
  if (all.length > 1) {
    const said = [
      ...items(given, 'was given to you', 'were given to you'),
      ...items(all.length - given, 'was taken from you', 'were taken from you'),
    ];
    const show = (): void => goTo({ view: { ...PLAIN_VIEW, queue: 'mine' }, open: null });
    toast(`${said.join(', ')}.`, { action: given > 0 ? { words: 'Show', run: show } : undefined });
    return;
  }
  const { item, by } = first;
  const nameOf = (id: string): string => nameOfPerson(client, id);
  if (first.given) {
    const open = { words: 'Open', run: () => openItem(item.id) };
    const name = nameOfItem(item);
    const words = by === null ? `${name} was given to you.` : `${nameOf(by)} gave you ${name}.`;
    toast(words, { action: open, about: [item.id] });
  } else {
    const where = item.assigned_to === null ? placeWords(item.team) : `with ${nameOf(item.assigned_to)}`;
    toast(`${nameOfItem(item)} is ${where} now.`, { about: [item.id] });
  }
}
