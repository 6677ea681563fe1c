// From a decision about an item to the one document update that carries it out: state, history and event together.
import { randomUUID } from 'node:crypto';
import { audienceOf } from '@workitem-hub/client/audience';
import type { Item, ItemEventData, Status } from '@workitem-hub/client/contract';
import type { Principal } from '../auth/principal.js';
import type { Change } from '../eventlog/appender.js';
import type { Outbox } from '../eventlog/event.js';
import { type HistoryEntry, type ItemState, toItem, type WorkItemDocument } from './work-item.js';

/** An item as commands read it: without the part of its history that does not concern them. */
export type CurrentItem = Omit<WorkItemDocument, 'history' | 'outbox' | 'seq'> & {
  outbox?: { version: number };
  /** At most the one entry that was asked for. */
  history?: HistoryEntry[];
};

/** What a command decided to make of an item. */
export interface Decision {
  action: Exclude<HistoryEntry['action'], 'created'>;
  next: ItemState;
  reason?: string | null;
}

export const stateOf = ({ status, assigned_to, team }: ItemState): ItemState => ({ status, assigned_to, team });

export function sameState(a: ItemState, b: ItemState): boolean {
  return a.status === b.status && a.assigned_to === b.assigned_to && a.team === b.team;
}

/** The wire item as it was right after one version of its history. */
export function itemAt(doc: CurrentItem, entry: HistoryEntry): Item {
  return toItem({ ...doc, ...entry.after, version: entry.version, updated_at: entry.at });
}

/** The appender's order for a decision. `now` in milliseconds since 1970. */
export function changeOf(
  item: CurrentItem,
  { action, next, reason = null }: Decision,
  by: Principal,
  commandId: string | null,
  now: number,
): Change {
  const version = item.version + 1;
  // Clocks of several processes differ; for a reader of one item, time must still run forward.
  const at = new Date(Math.max(now, item.updated_at.getTime()));
  const rooms = audienceOf(next);
  const after = toItem({ ...item, ...next, version, updated_at: at });
  const changeId = randomUUID();
  const entry: HistoryEntry = {
    version,
    action,
    at,
    by: by.sub,
    by_name: by.name,
    reason,
    before: stateOf(item),
    after: next,
    command_id: commandId,
    change_id: changeId,
  };
  return {
    id: item._id,
    version: item.version,
    changeId,
    set: { ...next, rooms, updated_at: at },
    push: { history: entry },
    addToSet: { past_rooms: { $each: rooms } },
    outbox: {
      version,
      ...eventOf(item, after, action, by.sub, reason),
      // Whoever could see it must learn that it left.
      rooms: [...new Set([...item.rooms, ...rooms])],
      before: replaced(toItem(item), after),
      at,
    },
  };
}

function eventOf(
  before: { status: Status; assigned_to: string | null },
  item: Item,
  action: Decision['action'],
  by: string,
  reason: string | null,
): Pick<Outbox, 'type' | 'data'> {
  const { id, submission_ref, status, assigned_to, team, version, updated_at } = item;
  if (action === 'status_set') {
    const data: ItemEventData['status_update'] = {
      submission_ref,
      status,
      updated_at,
      id,
      version,
      previous_status: before.status,
      by,
      reason,
      item,
    };
    return { type: 'status_update', data };
  }
  const data: ItemEventData['workitem_assigned'] = {
    id,
    submission_ref,
    assigned_to,
    team,
    previous_assigned_to: before.assigned_to,
    previous_status: before.status,
    by,
    version,
    item,
  };
  return { type: 'workitem_assigned', data };
}

/** Those fields of `before` that are different in `after`. */
function replaced(before: Item, after: Item): Partial<Item> {
  const keys = ['status', 'assigned_to', 'team', 'version', 'updated_at'] as const;
  return Object.fromEntries(keys.filter((key) => before[key] !== after[key]).map((key) => [key, before[key]]));
}
