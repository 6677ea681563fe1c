// A broker's e-mail as received and stored. The log inserts it; the work item is made from it.
import type { ExtractedFields } from '@workitem-hub/client/contract';
import { mongo, Schema } from 'mongoose';
import type { LoggedSubmission } from '../eventlog/event.js';
import { defineCollection } from '../mongo/collections.js';

export interface StoredAttachment {
  /** Names the attachment in URLs; unique within the submission. */
  id: string;
  /** The GridFS file. */
  file: mongo.ObjectId;
  name: string;
  content_type: string;
  /** Bytes. */
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

/** What makes a mail the same mail when it comes again; `key` of the document is one text made of it. */
export interface Idempotency {
  kind: 'idempotency_key' | 'internet_message_id' | 'message_id' | 'content' | 'test';
  /** Who posted it: a fingerprint of the intake key, or the token's `sub`. */
  caller: string;
  value: string;
  /** Place in its envelope, from 0. */
  index: number;
}

export interface SubmissionDocument extends LoggedSubmission {
  idempotency: Idempotency;
  /** Hash of sender, subject, date, body and attachments: tells a repeat from another mail under the same key. */
  digest: string;
  subject: string;
  from_email: string | null;
  from_name: string | null;
  received_at: Date | null;
  created_at: Date;
  /** The text, when it is at most 1 MB; a longer one lies in GridFS, and this is its beginning. */
  body_text: string;
  body_file: mongo.ObjectId | null;
  extracted_fields: ExtractedFields;
  attachments: StoredAttachment[];
  /** Where the work item starts: routed to a team, or (test items) to a person. */
  team: string | null;
  assigned_to: string | null;
  /** The trace in which it was committed, as a `traceparent`; absent when it was not traced. */
  trace?: string;
}

const schema = new Schema(
  {
    _id: { type: Number, required: true },
    key: { type: String, required: true },
    ref: { type: String, required: true },
    idempotency: { type: Object, required: true },
    digest: { type: String, required: true },
    subject: String,
    from_email: String,
    from_name: String,
    received_at: Date,
    created_at: { type: Date, required: true },
    body_text: String,
    body_file: Schema.Types.ObjectId,
    extracted_fields: Object,
    attachments: [Object],
    team: String,
    assigned_to: String,
    trace: String,
  },
  { autoIndex: false, versionKey: false },
);
schema.index({ key: 1 }, { unique: true });
schema.index({ ref: 1 }, { unique: true });

export const submissions = defineCollection<SubmissionDocument>('submissions', schema);
