// What the log holds: immutable events, one per document, and the one document that describes the log itself.
import type { Item, ItemEventName } from '@workitem-hub/client/contract';

/** `void` fills a seq that nobody will write; the others steer the processes themselves and never reach a client. */
export type ControlType = 'void' | 'revocation' | 'user_drain';
export type EventType = ItemEventName | ControlType;

/** A document of `events`. `item` and `version` are absent in control events, so that the unique index skips them. */
export interface EventDocument {
  /** The seq. */
  _id: number;
  item?: number;
  version?: number;
  type: EventType;
  data: object;
  /** Rooms that the event is addressed to. */
  rooms: string[];
  /** The fields of the wire item that this change replaced, as they were; `null` for a new item. */
  before: Partial<Item> | null;
  at: Date;
  /** The trace that led to it, as a `traceparent`; absent when it is not traced. */
  trace?: string;
}

/** An event in memory, on its way from the log to the sockets. */
export interface LogEvent {
  readonly seq: number;
  readonly type: EventType;
  readonly item: number | null;
  readonly version: number | null;
  readonly data: object;
  readonly rooms: readonly string[];
  readonly before: Partial<Item> | null;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly trace?: string | undefined;
}

export function toLogEvent(doc: EventDocument): LogEvent {
  return {
    seq: doc._id,
    type: doc.type,
    item: doc.item ?? null,
    version: doc.version ?? null,
    data: doc.data,
    rooms: doc.rooms,
    before: doc.before,
    at: doc.at.toISOString(),
    ...(doc.trace === undefined ? {} : { trace: doc.trace }),
  };
}

const jsonOf = new WeakMap<LogEvent, string>();

/** The event's data as JSON; made once, however many transports and rings ask for it. */
export function dataJson(event: LogEvent): string {
  let json = jsonOf.get(event);
  if (json === undefined) {
    json = JSON.stringify(event.data);
    jsonOf.set(event, json);
  }
  return json;
}

/** The wire item that an event carries, as it is after the change; `null` for control events. */
export function itemOf(event: LogEvent): Item | null {
  if (event.type === 'new_workitem') return event.data as Item;
  return (event.data as { item?: Item }).item ?? null;
}

/** The wire item as it was before the change; `null` when there was none. */
export function itemBefore(event: LogEvent): Item | null {
  const after = itemOf(event);
  return after && event.before ? { ...after, ...event.before } : null;
}

/** An event that its item's document has promised to the log. */
export interface Outbox {
  version: number;
  type: ItemEventName;
  data: object;
  rooms: string[];
  before: Partial<Item> | null;
  at: Date;
  trace?: string;
}

/** What the log needs to know of a work item's document. */
export interface LoggedItem {
  /** The item's id. */
  _id: number;
  version: number;
  /** Stands from the commit of a version until its event is in the log and that fact is noted. */
  outbox?: Outbox;
  /** Seq of the newest event of the item that has been noted. */
  seq: number;
}

/** What the log needs to know of a submission's document. */
export interface LoggedSubmission {
  /** The submission's number, and the id of its work item. */
  _id: number;
  /** Identity of the mail; unique. */
  key: string;
  ref: string;
}

/** The document `log` of the collection `log`. */
export interface LogDocument {
  _id: 'log';
  /** Identity of the log; a replaced or restored log has another. */
  epoch: string;
  /** Highest seq that was reserved. */
  counter: number;
  /**
   * 32 random bytes, base64url, for what the processes of this log have in common and nobody else may know. They reach
   * no client, and no store but this one.
   */
  secret: string;
  /** Highest submission number that was reserved. */
  submissions: number;
  /** Everything up to here may have been deleted. */
  floor: number;
  /** Everything up to here is in the log or voided: relays start from it. */
  contiguous_to: number;
  /** Submissions up to here have their work item. */
  swept_to: number;
  /** Processes that have started on this log. */
  starts?: number;
  /** Until then one process is deleting old events. */
  retention_until?: Date;
}
