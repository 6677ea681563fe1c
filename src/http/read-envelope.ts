// What a thread does with the bytes of a body: JSON, the messages in it, what is in each of them.
import { HubError } from '../errors.js';
import { type Envelope, type IntakeLimits, parseEnvelope } from '../intake/envelope.js';
import { type Mail, toMail } from '../intake/mail.js';
import { parseJson } from './json.js';

/** The mails in a body. @throws HubError as `parseJson` and `parseEnvelope` */
export function readEnvelope(bytes: Uint8Array, limits: IntakeLimits): Envelope<Mail> {
  const { single, messages } = parseEnvelope(bytes.length === 0 ? undefined : parseJson(bytes), limits);
  return { single, messages: messages.map((one) => (one instanceof HubError ? one : toMail(one))) };
}
