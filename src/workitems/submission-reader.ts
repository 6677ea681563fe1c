// Mails as they were received, for those who see their work item.
import type { Readable } from 'node:stream';
import type { ExtractedFields } from '@workitem-hub/client/contract';
import type { mongo } from 'mongoose';
import { assertViewer, type Principal } from '../auth/principal.js';
import type { Mongo } from '../mongo/connection.js';
import { whenAvailable } from '../mongo/unavailable.js';
import { notFound } from './sight.js';
import { type StoredAttachment, type SubmissionDocument, submissions } from './submission.js';
import { workItems } from './work-item.js';

/** An attachment as told to callers: `size` in bytes, `sha256` hexadecimal. */
export type Attachment = Omit<StoredAttachment, 'file'>;

/** A mail without its text; times are ISO 8601. */
export interface SubmissionSummary {
  submission_ref: string;
  submission_id: number;
  work_item_id: number;
  subject: string;
  from_email: string | null;
  /** As the mail had it beside the address. */
  from_name: string | null;
  received_at: string | null;
  created_at: string;
  extracted_fields: ExtractedFields;
  attachments: Attachment[];
}
export interface Submission extends SubmissionSummary {
  body_text: string;
}

/** Where the large parts of mails lie. */
export interface Files {
  open(id: mongo.ObjectId): Readable;
  readText(id: mongo.ObjectId): Promise<string>;
}

/** All throw HubError: `not_found` for what the caller may not see, `forbidden`, `unavailable`. */
export interface SubmissionReader {
  submission(caller: Principal, ref: string): Promise<Submission>;
  /** Newest first. `limit` 1–500, default 100; `total` counts all that the caller sees. */
  listSubmissions(
    caller: Principal,
    query?: { skip?: number; limit?: number },
  ): Promise<{ items: SubmissionSummary[]; total: number }>;
  /** `stream()` opens the bytes; it fails with an `error` event when the file cannot be read. */
  attachment(caller: Principal, ref: string, id: string): Promise<{ meta: Attachment; stream(): Readable }>;
}

const SUMMARY = { key: 0, idempotency: 0, digest: 0, body_text: 0, body_file: 0 } as const;

export function createSubmissionReader({ mongo, files }: { mongo: Mongo; files: Files }): SubmissionReader {
  const items = workItems.of(mongo);
  const mails = submissions.of(mongo);

  async function find(caller: Principal, ref: string): Promise<SubmissionDocument> {
    const rooms = assertViewer(caller);
    const seen = await items.findOne({ submission_ref: ref, rooms: { $in: rooms } }, { projection: { _id: 1 } });
    const mail = seen && (await mails.findOne({ _id: seen._id }));
    if (!mail) throw notFound('submission');
    return mail;
  }

  return {
    submission: (caller, ref) =>
      whenAvailable(async () => {
        const mail = await find(caller, ref);
        return {
          ...toSummary(mail),
          body_text: mail.body_file ? await files.readText(mail.body_file) : mail.body_text,
        };
      }),

    listSubmissions: (caller, { skip = 0, limit = 100 } = {}) =>
      whenAvailable(async () => {
        const visible = { rooms: { $in: assertViewer(caller) } };
        const page = items
          .find(visible, { projection: { _id: 1 } })
          .sort({ _id: -1 })
          .skip(skip)
          .limit(limit);
        const [seen, total] = await Promise.all([page.toArray(), items.countDocuments(visible)]);
        const ids = seen.map(({ _id }) => _id);
        const found = await mails
          .find({ _id: { $in: ids } }, { projection: SUMMARY })
          .sort({ _id: -1 })
          .toArray();
        return { items: found.map(toSummary), total };
      }),

    attachment: (caller, ref, id) =>
      whenAvailable(async () => {
        const stored = (await find(caller, ref)).attachments.find((one) => one.id === id);
        if (!stored) throw notFound('attachment');
        return { meta: toAttachment(stored), stream: () => files.open(stored.file) };
      }),
  };
}

function toAttachment({ id, name, content_type, size, sha256 }: StoredAttachment): Attachment {
  return { id, name, content_type, size, sha256 };
}

function toSummary(mail: Omit<SubmissionDocument, 'body_text' | 'body_file'>): SubmissionSummary {
  return {
    submission_ref: mail.ref,
    submission_id: mail._id,
    work_item_id: mail._id,
    subject: mail.subject,
    from_email: mail.from_email,
    // Mails of older hubs have none.
    from_name: mail.from_name ?? null,
    received_at: mail.received_at?.toISOString() ?? null,
    created_at: mail.created_at.toISOString(),
    extracted_fields: mail.extracted_fields,
    attachments: mail.attachments.map(toAttachment),
  };
}
