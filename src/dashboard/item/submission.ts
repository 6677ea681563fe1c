// What the hub tells of an item beside the item itself: its mail, its history, items like it.
import type { ExtractedFields, Item, Status } from '@workitem-hub/client';

export type Field = keyof ExtractedFields;

/** Where something stands: `quote` is the text from `start` to before `end`, in UTF-16 code units. */
export interface Place {
  in: 'body_text' | 'subject';
  start: number;
  end: number;
  quote: string;
}

export interface Attachment {
  id: string;
  name: string;
  /** As the sender said: nothing to rely on. */
  content_type: string;
  /** Bytes. */
  size: number;
}

export interface Mail {
  subject: string;
  from_email: string | null;
  from_name?: string | null;
  /** ISO 8601. */
  received_at: string | null;
  created_at: string;
  body_text: string;
  attachments: readonly Attachment[];
  evidence?: Partial<Record<Field, Place>>;
}

interface State {
  status: Status;
  assigned_to: string | null;
  team: string | null;
}

export interface HistoryEntry {
  version: number;
  action: 'created' | 'claimed' | 'assigned' | 'released' | 'status_set';
  by: string | null;
  by_name?: string | null;
  reason: string | null;
  before: State | null;
  after: State;
  at: string;
}

export interface History {
  /** Oldest first. */
  items: readonly HistoryEntry[];
  /** Names of people, by id. */
  names: Readonly<Record<string, string>>;
}

export interface Similar {
  items: readonly { item: Item; reason: 'same_insured' | 'same_sender' }[];
}

export const mailPath = (ref: string): string => `api/submissions/${encodeURIComponent(ref)}`;
export const attachmentPath = (ref: string, id: string): string =>
  `${mailPath(ref)}/attachments/${encodeURIComponent(id)}`;
export const itemPath = (id: number): string => `api/workitems/${id}/`;
