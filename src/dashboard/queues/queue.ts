// The queues: parts of what one may see, by whose work it is.
import { type Item, type Principal, STATUSES, type Status } from '@workitem-hub/client';
import { isOpen as isOpenStatus } from '@workitem-hub/client/steps';

export const QUEUES = ['mine', 'team', 'pool', 'all'] as const;
export type QueueName = (typeof QUEUES)[number];

export const QUEUE_WORDS: Record<QueueName, string> = { mine: 'Mine', team: 'Team', pool: 'Pool', all: 'All' };

/** Work that is not over. */
export const OPEN: readonly Status[] = STATUSES.filter(isOpenStatus);
export const isOpen = (item: Item): boolean => isOpenStatus(item.status);

/** Whether an item is in a queue. Team and pool are what nobody has taken yet. */
export function inQueue(queue: QueueName, { assigned_to, team }: Item, sub: string): boolean {
  switch (queue) {
    case 'mine':
      return assigned_to === sub;
    case 'team':
      return assigned_to === null && team !== null;
    case 'pool':
      return assigned_to === null && team === null;
    case 'all':
      return true;
  }
}

/** The queues of a person: who takes no work has none of their own. */
export function queuesOf(principal: Principal | null): readonly QueueName[] {
  if (principal && !principal.roles.includes('underwriter')) return ['team', 'pool', 'all'];
  return QUEUES;
}

export type QueueCounts = Record<QueueName, number>;

/** How many open items each queue has. */
export function countQueues(items: readonly Item[], sub: string): QueueCounts {
  const counts: QueueCounts = { mine: 0, team: 0, pool: 0, all: 0 };
  for (const item of items) {
    if (!isOpen(item)) continue;
    counts.all++;
    if (item.assigned_to === null) counts[item.team === null ? 'pool' : 'team']++;
    else if (item.assigned_to === sub) counts.mine++;
  }
  return counts;
}
