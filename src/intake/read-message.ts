// Reads one mail out of one posted object, by whatever names its connector gives the fields.
import { HubError } from '../errors.js';
import { readAttachments } from './attachments.js';
import { ANY_BODY, readBody } from './body.js';
import type { EmailMessage, Mailbox } from './email-message.js';
import { cleanName, cleanText, decodeEncodedWords, decodePercent } from './encoding.js';
import {
  hasAny,
  isObject,
  type LooseFields,
  looseFields,
  pick,
  pickedName,
  pickText,
  wrongType,
} from './json-shape.js';
import { readMailbox, readMailboxes } from './mailbox.js';
import { parseTimestamp } from './timestamp.js';

export interface IntakeLimits {
  /** Attachments that one message may have; 0 for no bound. */
  maxAttachments: number;
}

const MAX_SUBJECT = 998;
const SUBJECT = ['subject', 'emailsubject', 'mailsubject'];
const SENDER = [
  'from',
  'fromemail',
  'fromaddress',
  'emailfrom',
  'sender',
  'senderemail',
  'senderaddress',
  'senderemailaddress',
];
const SENDER_NAME = ['fromname', 'sendername', 'senderdisplayname', 'fromdisplayname'];
const RECIPIENTS = ['torecipients', 'to', 'toemail', 'toaddress', 'recipients', 'recipient'];
const RECEIVED = [
  'receiveddatetime',
  'datetimereceived',
  'receivedat',
  'receiveddate',
  'received',
  'receivedon',
  'sentdatetime',
  'datetimesent',
  'sentat',
  'date',
  'createddatetime',
  'timestamp',
];
const INTERNET_ID = ['internetmessageid', 'messageidheader', 'rfc822messageid'];
const OWN_ID = ['id', 'messageid', 'emailid', 'mailid'];
const ATTACHMENTS = ['attachments', 'attachment', 'files'];

/** Tells a mail from other objects, by fields that only mails have. */
export function looksLikeMail(value: unknown): value is object {
  return isObject(value) && areOfMail(looseFields(value));
}

const ONLY_MAILS_HAVE = [...SUBJECT, ...SENDER, ...INTERNET_ID];

function areOfMail(fields: LooseFields): boolean {
  return hasAny(fields, ONLY_MAILS_HAVE) || (hasAny(fields, RECEIVED) && hasAny(fields, ANY_BODY));
}

/**
 * @param value a parsed JSON value of bounded depth
 * @throws HubError `invalid` naming the field that is wrong, or `too_large` for too many attachments
 */
export function readMessage(value: unknown, limits: IntakeLimits): EmailMessage {
  if (!isObject(value)) throw wrongType('A message', 'an object', value);
  const fields = looseFields(value);
  if (!areOfMail(fields)) throw new HubError('invalid', 'This is no message: it has no subject, sender or message id.');
  const body = readBody(fields);
  const message: EmailMessage = {
    subject: headerLine(pickText(fields, SUBJECT), MAX_SUBJECT),
    from: readSender(fields),
    to: readMailboxes(pick(fields, RECIPIENTS)),
    receivedAt: readReceivedAt(fields),
    ...readIds(fields),
    bodyText: body.text,
    bodyHtml: body.html,
    attachments: readAttachments(pick(fields, ATTACHMENTS), limits.maxAttachments, pickedName(fields, ATTACHMENTS)),
  };
  const { subject, from, bodyText, attachments } = message;
  if (!subject && !from.address && !bodyText && attachments.length === 0) {
    throw new HubError('invalid', 'The message is empty: no subject, no sender, no text, no attachment.');
  }
  return message;
}

function headerLine(text: string | null, max: number): string {
  return text === null ? '' : cleanName(decodeEncodedWords(decodePercent(text.slice(0, 8 * max))), max);
}

function readSender(fields: LooseFields): Mailbox {
  let sender: Mailbox = { address: null, name: null };
  // `from` may only hold a directory name while `sender` holds the address.
  for (const name of SENDER) {
    const next = readMailbox(fields.get(name), fields.spelling(name));
    sender = { address: sender.address ?? next.address, name: sender.name ?? next.name };
    if (sender.address !== null) break;
  }
  const name = pickText(fields, SENDER_NAME);
  return name === null ? sender : { ...sender, name: headerLine(name, 300) || sender.name };
}

function readReceivedAt(fields: LooseFields): Date | null {
  for (const name of RECEIVED) {
    const at = parseTimestamp(fields.get(name));
    if (at !== null) return at;
  }
  return null;
}

function readIds(fields: LooseFields): Pick<EmailMessage, 'internetMessageId' | 'messageId'> {
  const internet = idOf(pickText(fields, INTERNET_ID));
  const own = pick(fields, OWN_ID);
  const messageId = typeof own === 'number' ? String(own) : own === null || typeof own === 'string' ? idOf(own) : null;
  if (own !== null && messageId === null && typeof own !== 'string')
    throw wrongType(pickedName(fields, OWN_ID), 'text', own);
  // A flat mail's only id is often the header.
  if (internet === null && messageId !== null && /^<[^<>\s]+@[^<>\s]+>$/.test(messageId)) {
    return { internetMessageId: bare(messageId), messageId: null };
  }
  return { internetMessageId: internet === null ? null : bare(internet), messageId };
}

function idOf(text: string | null): string | null {
  return text === null ? null : cleanText(text).trim() || null;
}

function bare(id: string): string {
  return id.replace(/^</, '').replace(/>$/, '').trim() || id;
}
