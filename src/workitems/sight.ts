// Who sees an item, and how somebody who does not is told so. Every read and command goes through here.
import type { Status } from '@workitem-hub/client/contract';
import { HubError } from '../errors.js';

/** What is told about an item to somebody whose command came too late. */
export interface Located {
  _id: number;
  version: number;
  status: Status;
  assigned_to: string | null;
}

const meet = (a: readonly string[], b: readonly string[]): boolean => a.some((room) => b.includes(room));

/** Also what somebody gets who may not see the item: the two must not differ. */
export const notFound = (what: string): HubError => new HubError('not_found', `There is no such ${what}.`);

/** `conflict` with `details {id, version, status, assigned_to}`, as the item stands. */
export function conflict(item: Located, message: string): HubError {
  const { _id: id, version, status, assigned_to } = item;
  return new HubError('conflict', message, { details: { id, version, status, assigned_to } });
}

/**
 * For commands. @throws HubError `not_found` when the item does not exist or was never in one of `rooms`; `conflict`
 * when it was, but has gone elsewhere.
 */
export function assertSight<T extends Located & { rooms: string[]; past_rooms: string[] }>(
  item: T | null,
  rooms: readonly string[],
): asserts item is T {
  if (item && meet(item.rooms, rooms)) return;
  if (item && meet(item.past_rooms, rooms)) throw conflict(item, whereabouts(item));
  throw notFound('work item');
}

/** One sentence on who has the item. */
export function whereabouts(item: Located): string {
  return item.assigned_to === null
    ? `Item ${item._id} has gone elsewhere.`
    : `Item ${item._id} is with ${item.assigned_to}.`;
}
