// A mail with all that can be said of it alone: worked out where mails are read, before anything knows whether it is new.
import type { ExtractedFields } from '@workitem-hub/client/contract';
import type { EmailMessage } from './email-message.js';
import { extractFields } from './fields.js';
import { digestOf } from './idempotency.js';

/** A mail as it is going to be stored. */
export interface Mail extends Omit<EmailMessage, 'to' | 'bodyHtml'> {
  /** What was found in it; all `null` when looking failed, with the reason in `fieldsError`. */
  fields: ExtractedFields;
  fieldsError?: unknown;
  /** See {@link digestOf}. */
  digest: string;
}

const NOTHING: ExtractedFields = {
  insured_name: null,
  policy_type: null,
  coverage_amount: null,
  effective_date: null,
  broker: null,
};

/** Reads the fields of a mail, and makes its digest. A mail is never refused because of what cannot be read out of it. */
export function toMail(message: EmailMessage): Mail {
  // Nothing is stored of these, and the HTML may be megabytes that would be copied between threads.
  const { to: _to, bodyHtml: _html, ...kept } = message;
  const digest = digestOf(message);
  try {
    return { ...kept, fields: extractFields(message), digest };
  } catch (fieldsError) {
    return { ...kept, fields: NOTHING, fieldsError, digest };
  }
}
