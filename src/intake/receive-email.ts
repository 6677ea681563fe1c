// The story of a mail: seen before? Else read its fields, store its large parts, route it, put it into the log, and
// only then answer. A process may die anywhere in it: the repeat finishes what was begun.
import { randomUUID } from 'node:crypto';
import type { ExtractedFields } from '@workitem-hub/client/contract';
import { domainOf } from '@workitem-hub/client/filter';
import { HubError } from '../errors.js';
import type { Appender } from '../eventlog/appender.js';
import type { Mongo } from '../mongo/connection.js';
import { whenAvailable } from '../mongo/unavailable.js';
import type { Logger } from '../ops/logger.js';
import type { Metrics } from '../ops/metrics.js';
import { type Idempotency, type SubmissionDocument, submissions } from '../workitems/submission.js';
import type { WorkItemDocument } from '../workitems/work-item.js';
import type { AttachmentStore } from './attachment-store.js';
import type { EmailMessage } from './email-message.js';
import { extractFields } from './fields.js';
import { digestOf, idempotencyOf, keyOf } from './idempotency.js';
import { type RoutingRules, routeToTeam } from './routing.js';

/** Where a mail came from. */
export interface Origin {
  /** Who posted it: a fingerprint of the intake key, or the token's `sub`. */
  caller: string;
  /** The header `Idempotency-Key`. */
  header: string | null;
  /** Place in its envelope, from 0. */
  index: number;
}

/** The answer to a mail: of a duplicate, the ids of the first. */
export interface Receipt {
  submission_ref: string;
  submission_id: number;
  status: 'success' | 'duplicate';
  message: string;
}

/**
 * Stores a mail once; resolves when its event is in the log.
 * @throws HubError `conflict`: another mail came under this `Idempotency-Key`; `unavailable`: not confirmed, a repeat is
 *   safe.
 */
export type ReceiveEmail = (message: EmailMessage, origin: Origin) => Promise<Receipt>;

export interface ReceiveEmailDeps {
  mongo: Mongo;
  appender: Pick<Appender<SubmissionDocument, WorkItemDocument>, 'create' | 'finish'>;
  attachments: AttachmentStore;
  rules: RoutingRules;
  metrics: Pick<Metrics, 'intake'>;
  logger: Logger;
}

/** A mail with its identity. */
interface Mail {
  message: EmailMessage;
  idempotency: Idempotency;
  key: string;
  digest: string;
}

interface Outcome {
  first: boolean;
  submission: Pick<SubmissionDocument, '_id' | 'ref' | 'digest'>;
}

/** Longest text in the submission's own document, bytes; the rest of a longer one lies in GridFS. */
const TEXT_MAX = 1024 * 1024;
/** Characters that the document keeps of such a text. */
const TEXT_BEGINNING = 100_000;
/** Milliseconds for storing attachments, which may be many and large. */
const FILES_MS = 30_000;

export function createReceiveEmail(deps: ReceiveEmailDeps): ReceiveEmail {
  const { appender, attachments, logger } = deps;
  const known = submissions.of(deps.mongo);
  const underWay = new Map<string, Promise<Outcome>>();

  return async function receive(message, origin) {
    const stop = deps.metrics.intake.startTimer();
    try {
      const idempotency = idempotencyOf(message, origin);
      const mail = { message, idempotency, key: keyOf(idempotency), digest: digestOf(message) };
      const { first, submission } = await join(mail);
      assertSameMail(mail, submission);
      stop({ outcome: first ? 'created' : 'duplicate' });
      return receiptOf(submission, first);
    } catch (error) {
      stop({ outcome: error instanceof HubError ? error.code : 'defect' });
      throw error;
    }
  };

  /** Of the same mail twice at once, the second waits for the first and shares its fate. */
  async function join(mail: Mail): Promise<Outcome> {
    const other = underWay.get(mail.key);
    if (other) return { ...(await other), first: false };
    const own = store(mail);
    underWay.set(mail.key, own);
    try {
      return await own;
    } finally {
      underWay.delete(mail.key);
    }
  }

  async function store(mail: Mail): Promise<Outcome> {
    // Only spares storing large parts twice: who was first is decided by the unique insert.
    const before = hasLargeParts(mail.message) ? await whenAvailable(() => known.findOne({ key: mail.key })) : null;
    if (before) {
      await appender.finish(before);
      return { first: false, submission: before };
    }
    const draft = await draftOf(mail);
    const { outcome, submission } = await appender.create(mail.key, (id) => ({ ...draft, _id: id }));
    if (outcome === 'duplicate') {
      await attachments.remove(filesOf(draft));
      return { first: false, submission };
    }
    logger.debug({ submission: submission._id, ref: submission.ref, team: submission.team }, 'mail stored');
    return { first: true, submission };
  }

  async function draftOf({ message, ...identity }: Mail): Promise<Omit<SubmissionDocument, '_id'>> {
    const ref = randomUUID();
    const extracted_fields = fieldsOf(message);
    const { text, stored } = await whenAvailable(() => storeLargeParts(ref, message), FILES_MS);
    return {
      ...identity,
      ref,
      subject: message.subject,
      from_email: message.from.address,
      from_name: message.from.name,
      received_at: message.receivedAt,
      created_at: new Date(),
      ...text,
      extracted_fields,
      attachments: stored,
      team: routeToTeam(deps.rules, {
        policyType: extracted_fields.policy_type,
        senderDomain: domainOf(message.from.address),
      }),
      assigned_to: null,
    };
  }

  /** A mail is never refused because of what cannot be read out of it. */
  function fieldsOf(message: EmailMessage): ExtractedFields {
    try {
      return extractFields(message);
    } catch (error) {
      logger.error({ err: error }, 'fields were not extracted');
      return { insured_name: null, policy_type: null, coverage_amount: null, effective_date: null, broker: null };
    }
  }

  async function storeLargeParts(ref: string, message: EmailMessage) {
    const files = message.attachments.map(({ name, content }) => ({ name, content }));
    const long = isLong(message.bodyText);
    if (long) files.push({ name: 'body.txt', content: Buffer.from(message.bodyText) });
    const stored = files.length > 0 ? await attachments.save(ref, files) : [];
    const body = long ? stored.pop() : undefined;
    return {
      text: {
        body_text: body ? message.bodyText.slice(0, TEXT_BEGINNING) : message.bodyText,
        body_file: body?.file ?? null,
      },
      stored: stored.map((file, i) => ({
        id: String(i + 1),
        name: message.attachments[i]?.name as string,
        content_type: message.attachments[i]?.contentType as string,
        ...file,
      })),
    };
  }
}

const isLong = (text: string): boolean => Buffer.byteLength(text) > TEXT_MAX;

function hasLargeParts({ attachments, bodyText }: EmailMessage): boolean {
  return attachments.length > 0 || isLong(bodyText);
}

/** The files of a mail that is not going to be stored. */
function filesOf({ attachments, body_file }: Pick<SubmissionDocument, 'attachments' | 'body_file'>) {
  return [...attachments.map(({ file }) => file), ...(body_file ? [body_file] : [])];
}

/** Senders who name their mails themselves are told when they use a name twice; all other keys are made of the mail. */
function assertSameMail(mail: Mail, stored: Outcome['submission']): void {
  if (mail.idempotency.kind !== 'idempotency_key' || mail.digest === stored.digest) return;
  throw new HubError('conflict', 'Another message was received under this Idempotency-Key.', {
    details: { submission_id: stored._id, submission_ref: stored.ref },
  });
}

function receiptOf({ _id, ref }: Outcome['submission'], first: boolean): Receipt {
  return {
    submission_ref: ref,
    submission_id: _id,
    status: first ? 'success' : 'duplicate',
    message: first ? 'Email received and stored' : 'Email was received before',
  };
}
