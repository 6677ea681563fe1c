// What the hub refused, or could not be told, in words about the item and the people.
import { type Item, type Status, WorkItemError } from '@workitem-hub/client';
import { holderWords, nameOfItem, type Order, standWords, type Tellers } from './actions';

export interface Refusal {
  /** `taken` by others; `moved` on; `refused` for another reason; not `sent`; `unknown` whether it was done. */
  kind: 'taken' | 'moved' | 'refused' | 'unsent' | 'unknown';
  /** A sentence. */
  words: string;
  /** Who has what was taken, by name. */
  holder?: string;
}

/** How the item stands, as the hub tells whoever came too late. */
interface Standing {
  status: Status;
  assigned_to: string | null;
}

const isStanding = (details: unknown): details is Standing =>
  typeof details === 'object' && details !== null && 'status' in details && 'assigned_to' in details;

/** What was ordered after something that was refused. */
export class NotReached extends Error {}

export function refusalOf(thrown: unknown, order: Order, item: Item, tellers: Tellers): Refusal {
  const name = nameOfItem(item);
  if (thrown instanceof NotReached) {
    return { kind: 'unsent', words: `${name}: what came before it was refused, so this was not sent.` };
  }
  if (!(thrown instanceof WorkItemError)) return { kind: 'refused', words: `${name}: ${String(thrown)}` };
  const { code, details, message } = thrown;
  if (code === 'conflict' && isStanding(details)) {
    const holder = holderWords(details.assigned_to, tellers);
    if (order.kind === 'claim' && holder !== null && holder !== 'you') {
      return { kind: 'taken', words: `${holder} was faster and has ${name}.`, holder };
    }
    const { team } = item;
    const stands = standWords({ ...details, team }, tellers);
    return { kind: 'moved', words: `${name} has moved on: it is ${stands} now. Nothing was changed.` };
  }
  switch (code) {
    case 'not_found':
      return { kind: 'moved', words: `${name} is not on your list any more.` };
    case 'timeout':
      return (details as { sent?: boolean } | undefined)?.sent
        ? { kind: 'unknown', words: `${name}: the hub did not answer. Look how it stands when the connection is back.` }
        : { kind: 'unsent', words: `${name} was not changed: there was no connection for too long.` };
    case 'closed':
      return { kind: 'unsent', words: `${name} was not changed: the session had ended.` };
    default:
      return { kind: 'refused', words: `${name}: ${message}` };
  }
}

const KIND_WORDS: Record<Refusal['kind'], [one: string, several: string]> = {
  taken: ['was taken by others', 'were taken by others'],
  moved: ['has moved on', 'have moved on'],
  refused: ['was refused', 'were refused'],
  unsent: ['was not sent', 'were not sent'],
  unknown: ['was not answered', 'were not answered'],
};

/** Several refusals in short, as in "2 were taken by others, 1 has moved on". */
export function sumOf(refusals: readonly Refusal[]): string[] {
  return (Object.keys(KIND_WORDS) as Refusal['kind'][]).flatMap((kind) => {
    const count = refusals.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : [`${count} ${KIND_WORDS[kind][count === 1 ? 0 : 1]}`];
  });
}
