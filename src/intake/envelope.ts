// The first step of a mail in the hub: whatever was posted, finds the messages in it and reads each on its own.
import { HubError } from '../errors.js';
import type { EmailMessage } from './email-message.js';
import { decodeBase64 } from './encoding.js';
import { assertShallow, isObject, looseFields, parseJsonText } from './json-shape.js';
import { type IntakeLimits, looksLikeMail, readMessage } from './read-message.js';

export type { EmailMessage } from './email-message.js';
export type { IntakeLimits } from './read-message.js';

/** What a body held. */
export interface Envelope<Message = EmailMessage> {
  /** One message: it is answered by one result, several by a list, in their order. */
  single: boolean;
  /** Each message, or why that one is refused. Never empty. */
  messages: (Message | HubError)[];
}

/** Messages that one body may hold. */
export const MAX_MESSAGES = 500;

/**
 * Reads the body of an intake request: a message, a list, or any of these in the wrappers of connectors (`{value: […]}`, `{body: …}`,
 * JSON as text, base64 under `$content`), with field names in any case.
 * @param body what a JSON parser made of the request
 * @throws HubError `invalid` when nothing in the body can be taken for a mail, or it is too deep; `too_large` for more than
 *   {@link MAX_MESSAGES}. A single bad message among others is refused in its place instead.
 */
export function parseEnvelope(body: unknown, limits: IntakeLimits): Envelope {
  assertShallow(body);
  const found = findMessages(body, 0);
  if (found.length > MAX_MESSAGES) {
    throw new HubError('too_large', `A request may hold at most ${MAX_MESSAGES} messages.`, {
      details: { max: MAX_MESSAGES },
    });
  }
  if (!found.some(looksLikeMail)) {
    throw new HubError(
      'invalid',
      'The body holds no e-mail: expected a message, a list of messages, or {"value": […]}.',
    );
  }
  const messages = found.map((message) => readOrRefuse(message, limits));
  return { single: messages.length === 1, messages };
}

/** Wrappers around wrappers that connectors and templates make: trigger outputs, their body, its `value`, a list in it. */
const MAX_WRAPPERS = 6;
const WRAPPERS = [
  'value',
  'body',
  'messages',
  'emails',
  'message',
  'email',
  'mail',
  'items',
  'data',
  'payload',
  'outputs',
  'triggerbody',
  'result',
  'results',
];

/** The messages in a value, in order; what stands among them and is none comes along, to be refused in its place. */
function findMessages(value: unknown, wrappers: number): unknown[] {
  const content = unpack(value);
  if (wrappers === MAX_WRAPPERS || looksLikeMail(content)) return [content];
  if (Array.isArray(content)) {
    const found: unknown[] = [];
    for (const entry of content) {
      const inner = findMessages(entry, wrappers + 1);
      found.push(...(inner.some(looksLikeMail) ? inner : [entry]));
      if (found.length > MAX_MESSAGES) break;
    }
    return found;
  }
  if (isObject(content)) {
    const fields = looseFields(content);
    for (const name of WRAPPERS) {
      const inner = fields.has(name) ? findMessages(fields.get(name), wrappers + 1) : [];
      if (inner.some(looksLikeMail)) return inner;
    }
  }
  return [content];
}

/** Takes a value out of text or bytes that hold JSON; anything else stays as it is. */
function unpack(value: unknown): unknown {
  if (typeof value === 'string') return parseJsonText(value) ?? value;
  // A mail has none, and has many fields.
  if (!isObject(value) || !Object.keys(value).some((key) => key.includes('$'))) return value;
  const bytes = looseFields(value).get('$content');
  if (typeof bytes !== 'string') return value;
  return parseJsonText(decodeBase64(bytes)?.toString('utf8') ?? '') ?? value;
}

function readOrRefuse(value: unknown, limits: IntakeLimits): EmailMessage | HubError {
  try {
    return readMessage(value, limits);
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
}
