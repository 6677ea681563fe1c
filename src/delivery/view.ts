// What one stream shows: its rooms and its filter, compiled.
import type { Filter } from '@workitem-hub/client/contract';
import { type ItemPredicate, compileFilter } from '@workitem-hub/client/filter';
import { type LogEvent, itemBefore, itemOf } from '../eventlog/event.js';
import { filterKey, scopeOf } from './scope.js';

export interface Audience {
  readonly rooms: readonly string[];
  readonly scope: string;
  /** Whose stream it is: who `me` is in its filter. */
  readonly sub: string;
  readonly filter: Filter | null;
  readonly filterKey: string;
  readonly predicate: ItemPredicate;
}

const everything: ItemPredicate = () => true;

export function createAudience(rooms: readonly string[], filter: Filter | null, sub: string): Audience {
  return {
    rooms,
    sub,
    filter,
    scope: scopeOf(rooms, filter, sub),
    filterKey: filterKey(filter, sub),
    predicate: filter ? compileFilter(filter, sub) : everything,
  };
}

/** Whether an event belongs into a stream: one of its rooms, and the item passes before or after the change. */
export function shows(audience: Audience, event: LogEvent): boolean {
  if (!event.rooms.some((room) => audience.rooms.includes(room))) return false;
  const item = itemOf(event);
  if (!item) return false;
  if (audience.predicate(item)) return true;
  const before = itemBefore(event);
  return before !== null && audience.predicate(before);
}
