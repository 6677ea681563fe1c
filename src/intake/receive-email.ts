// The story of a mail that was read: seen before? Else store its large parts, route it, put it into the log, and only
// then answer. A process may die anywhere in it: the repeat finishes what was begun.
import { randomUUID } from 'node:crypto';
import { domainOf } from '@workitem-hub/client/filter';
import { HubError } from '../errors.js';
import type { Appender } from '../eventlog/appender.js';
import type { Mongo } from '../mongo/connection.js';
import { whenAvailable } from '../mongo/unavailable.js';
import type { Logger } from '../ops/logger.js';
import type { Metrics } from '../ops/metrics.js';
import { traced, traceparent } from '../ops/tracing.js';
import { type Idempotency, type SubmissionDocument, submissions } from '../workitems/submission.js';
import type { WorkItemDocument } from '../workitems/work-item.js';
import type { AttachmentStore } from './attachment-store.js';
import { idempotencyOf, keyOf } from './idempotency.js';
import type { Mail } from './mail.js';
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
export type ReceiveEmail = (mail: Mail, origin: Origin) => Promise<Receipt>;

export interface ReceiveEmailDeps {
  mongo: Mongo;
  appender: Pick<Appender<SubmissionDocument, WorkItemDocument>, 'create' | 'finish'>;
  attachments: AttachmentStore;
  rules: RoutingRules;
  metrics: Pick<Metrics, 'intake'>;
  logger: Logger;
}

/** A mail with its identity. */
interface Identified {
  mail: Mail;
  idempotency: Idempotency;
  key: string;
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

  return async function receive(mail, origin) {
    const stop = deps.metrics.intake.startTimer();
    if (mail.fieldsError !== undefined) logger.error({ err: mail.fieldsError }, 'fields were not extracted');
    try {
      const idempotency = idempotencyOf(mail, origin);
      const one = { mail, idempotency, key: keyOf(idempotency) };
      const { first, submission } = await join(one);
      assertSameMail(one, submission);
      stop({ outcome: first ? 'created' : 'duplicate' });
      return receiptOf(submission, first);
    } catch (error) {
      stop({ outcome: error instanceof HubError ? error.code : 'defect' });
      throw error;
    }
  };

  /** Of the same mail twice at once, the second waits for the first and shares its fate. */
  async function join(one: Identified): Promise<Outcome> {
    const other = underWay.get(one.key);
    if (other) return { ...(await other), first: false };
    const own = store(one);
    underWay.set(one.key, own);
    try {
      return await own;
    } finally {
      underWay.delete(one.key);
    }
  }

  async function store(one: Identified): Promise<Outcome> {
    // Only spares storing large parts twice: who was first is decided by the unique insert.
    const before = hasLargeParts(one.mail) ? await whenAvailable(() => known.findOne({ key: one.key })) : null;
    if (before) {
      await appender.finish(before);
      return { first: false, submission: before };
    }
    const draft = await draftOf(one);
    const { outcome, submission } = await traced('commit', {}, async (span) => {
      const trace = traceparent();
      const stored = await appender.create(one.key, (id) => ({ ...draft, ...(trace && { trace }), _id: id }));
      span.setAttributes({ 'hub.submission': stored.submission._id, 'hub.outcome': stored.outcome });
      return stored;
    });
    if (outcome === 'duplicate') {
      await attachments.remove(filesOf(draft));
      return { first: false, submission };
    }
    logger.debug({ submission: submission._id, ref: submission.ref, team: submission.team }, 'mail stored');
    return { first: true, submission };
  }

  async function draftOf({ mail, idempotency, key }: Identified): Promise<Omit<SubmissionDocument, '_id'>> {
    const ref = randomUUID();
    const { text, stored } = hasLargeParts(mail)
      ? await whenAvailable(() => storeLargeParts(ref, mail), FILES_MS)
      : { text: { body_text: mail.bodyText, body_file: null }, stored: [] };
    return {
      idempotency,
      key,
      digest: mail.digest,
      ref,
      subject: mail.subject,
      from_email: mail.from.address,
      from_name: mail.from.name,
      received_at: mail.receivedAt,
      created_at: new Date(),
      ...text,
      extracted_fields: mail.fields,
      attachments: stored,
      team: routeToTeam(deps.rules, {
        policyType: mail.fields.policy_type,
        senderDomain: domainOf(mail.from.address),
      }),
      assigned_to: null,
    };
  }

  async function storeLargeParts(ref: string, mail: Mail) {
    const files = mail.attachments.map(({ name, content }) => ({ name, content }));
    const long = isLong(mail.bodyText);
    if (long) files.push({ name: 'body.txt', content: Buffer.from(mail.bodyText) });
    const stored = await attachments.save(ref, files);
    const body = long ? stored.pop() : undefined;
    return {
      text: {
        body_text: body ? mail.bodyText.slice(0, TEXT_BEGINNING) : mail.bodyText,
        body_file: body?.file ?? null,
      },
      stored: stored.map((file, i) => ({
        id: String(i + 1),
        name: mail.attachments[i]?.name as string,
        content_type: mail.attachments[i]?.contentType as string,
        ...file,
      })),
    };
  }
}

const isLong = (text: string): boolean => Buffer.byteLength(text) > TEXT_MAX;

function hasLargeParts({ attachments, bodyText }: Mail): boolean {
  return attachments.length > 0 || isLong(bodyText);
}

/** The files of a mail that is not going to be stored. */
function filesOf({ attachments, body_file }: Pick<SubmissionDocument, 'attachments' | 'body_file'>) {
  return [...attachments.map(({ file }) => file), ...(body_file ? [body_file] : [])];
}

/** Senders who name their mails themselves are told when they use a name twice; all other keys are made of the mail. */
function assertSameMail({ mail, idempotency }: Identified, stored: Outcome['submission']): void {
  if (idempotency.kind !== 'idempotency_key' || mail.digest === stored.digest) return;
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
