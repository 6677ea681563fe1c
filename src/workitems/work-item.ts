// The unit an underwriter works on: one per submission, with its state, its history and the event it owes the log.
import { audienceOf } from '@workitem-hub/client/audience';
import type { ExtractedFields, Item, Status } from '@workitem-hub/client/contract';
import { Schema } from 'mongoose';
import type { LoggedItem } from '../eventlog/event.js';
import { defineCollection } from '../mongo/collections.js';
import { likenessOf } from './likeness.js';
import type { SubmissionDocument } from './submission.js';

/** The part of an item that commands change. */
export interface ItemState {
  status: Status;
  assigned_to: string | null;
  team: string | null;
}

/** One version of an item: who made it, when, and what it was afterwards. Kept for ever. */
export interface HistoryEntry {
  version: number;
  action: 'created' | 'claimed' | 'assigned' | 'released' | 'status_set';
  at: Date;
  /** `sub` of who did it; `null` for the intake. */
  by: string | null;
  by_name: string | null;
  reason: string | null;
  before: ItemState | null;
  after: ItemState;
  /** The caller's own id of the command. */
  command_id: string | null;
  /** Ours: tells whether a write whose answer was lost took place. */
  change_id: string;
}

export interface WorkItemDocument extends LoggedItem, ItemState {
  submission_ref: string;
  subject: string;
  from_email: string | null;
  extracted_fields: ExtractedFields;
  created_at: Date;
  updated_at: Date;
  /** Who may see it now. */
  rooms: string[];
  /** Who could ever see it: they get `conflict`, not `not_found`, when it has gone elsewhere. */
  past_rooms: string[];
  /** What items about the same business have in common; absent in items of before there was such a thing. */
  alike?: string[];
  history: HistoryEntry[];
}

const schema = new Schema(
  {
    _id: { type: Number, required: true },
    submission_ref: { type: String, required: true },
    subject: String,
    from_email: String,
    extracted_fields: Object,
    status: { type: String, required: true },
    assigned_to: String,
    team: String,
    version: { type: Number, required: true },
    seq: { type: Number, required: true },
    outbox: Object,
    created_at: { type: Date, required: true },
    updated_at: { type: Date, required: true },
    rooms: [String],
    past_rooms: [String],
    alike: { type: [String], default: undefined },
    history: [Object],
  },
  { autoIndex: false, versionKey: false },
);
schema.index({ submission_ref: 1 }, { unique: true });
// Lists: newest first within the rooms of the caller.
schema.index({ rooms: 1, _id: -1 });
// The sweep's only question: which outboxes stand. Few do, so the index is small.
schema.index({ 'outbox.version': 1 }, { partialFilterExpression: { 'outbox.version': { $exists: true } } });

// Statistics: who has how much of what, from the index alone.
schema.index({ status: 1, assigned_to: 1, team: 1 });
// Similar items, newest first.
schema.index({ alike: 1, _id: -1 });

export const workItems = defineCollection<WorkItemDocument>('workitems', schema);

/** Projection for what clients see of an item. */
export const LISTED = { history: 0, outbox: 0, past_rooms: 0, rooms: 0, seq: 0, alike: 0 } as const;
export type ListedItem = Omit<WorkItemDocument, keyof typeof LISTED>;

/** The item as every client sees it. */
export function toItem(doc: ListedItem): Item {
  return {
    id: doc._id,
    submission_id: doc._id,
    submission_ref: doc.submission_ref,
    subject: doc.subject,
    from_email: doc.from_email,
    created_at: doc.created_at.toISOString(),
    status: doc.status,
    extracted_fields: doc.extracted_fields,
    assigned_to: doc.assigned_to,
    team: doc.team,
    version: doc.version,
    updated_at: doc.updated_at.toISOString(),
  };
}

/** The first version of a submission's work item, with its event in the outbox. The same for whoever makes it. */
export function firstVersion(submission: SubmissionDocument): WorkItemDocument {
  const state: ItemState = { status: 'pending', assigned_to: submission.assigned_to, team: submission.team };
  const rooms = audienceOf(state);
  const at = submission.created_at;
  const doc: WorkItemDocument = {
    _id: submission._id,
    submission_ref: submission.ref,
    subject: submission.subject,
    from_email: submission.from_email,
    extracted_fields: submission.extracted_fields,
    ...state,
    version: 1,
    seq: 0,
    created_at: at,
    updated_at: at,
    rooms,
    past_rooms: rooms,
    alike: likenessOf(submission),
    history: [
      {
        version: 1,
        action: 'created',
        at,
        by: null,
        by_name: null,
        reason: null,
        before: null,
        after: state,
        command_id: null,
        change_id: submission.ref,
      },
    ],
  };
  const { trace } = submission;
  doc.outbox = {
    version: 1,
    type: 'new_workitem',
    data: toItem(doc),
    rooms,
    before: null,
    at,
    ...(trace && { trace }),
  };
  return doc;
}
