// What makes a mail the same mail when it comes again, as a retrying Logic App will send it.
import { createHash } from 'node:crypto';
import type { Idempotency } from '../workitems/submission.js';
import type { EmailMessage } from './email-message.js';

/** How a mail came in. */
export interface Delivery {
  /** The header `Idempotency-Key`. */
  header?: string | null;
  /** Who posted it: a fingerprint of the intake key, or the token's `sub`. */
  caller: string;
  /** Place in its envelope, from 0. */
  index: number;
}

/** Longer identities are told apart by their hash. */
const MAX_VALUE = 256;

/** The mail's identity by the first that exists: `Idempotency-Key`, `Message-ID`, the mailbox's id, its content. */
export function idempotencyOf(
  message: EmailMessage & { digest?: string },
  { header, caller, index }: Delivery,
): Idempotency {
  const identity = (kind: Idempotency['kind'], value: string): Idempotency => ({
    kind,
    caller,
    value: value.length > MAX_VALUE ? `sha256 ${sha256(value)}` : value,
    index,
  });
  if (header) return identity('idempotency_key', header);
  if (message.internetMessageId) return identity('internet_message_id', message.internetMessageId);
  if (message.messageId) return identity('message_id', message.messageId);
  return identity('content', message.digest ?? digestOf(message));
}

/**
 * One text for one mail, at most some 300 characters. An `Idempotency-Key` names a request of one caller, so caller and place
 * count; a mailbox's id (`id`) names a mail to one caller, whose numbering need not be anybody else's. A `Message-ID` and the
 * content are the mail's own, whoever posts it and wherever in an envelope.
 */
export function keyOf({ kind, caller, value, index }: Idempotency): string {
  const ofCaller = sha256(JSON.stringify([caller, value]));
  if (kind === 'idempotency_key') return `${kind}:${ofCaller}:${index}`;
  return kind === 'message_id' ? `${kind}:${ofCaller}` : `${kind}:${value}`;
}

/** Hash of sender, subject, date, text and attachments, hexadecimal: equal for equal mails, whatever envelope they came in. */
export function digestOf(message: EmailMessage): string {
  return sha256(
    JSON.stringify([
      message.from.address?.toLowerCase() ?? message.from.name,
      message.subject,
      message.receivedAt?.toISOString() ?? null,
      message.bodyText,
      message.attachments.map(({ name, content }) => [name, sha256(content)]),
    ]),
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
