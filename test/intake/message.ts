// A mail for tests, with everything that a test does not care about filled in.
import type { EmailMessage } from '../../src/intake/email-message.js';
import { parseEnvelope } from '../../src/intake/envelope.js';

export function message(wishes: Partial<EmailMessage> = {}): EmailMessage {
  return {
    subject: 'Cyber - Halden Ltd',
    from: { address: 'jane@broker.example.com', name: 'Jane Roe' },
    to: [],
    receivedAt: new Date('2026-03-20T09:00:00Z'),
    internetMessageId: null,
    messageId: null,
    bodyText: 'Please quote.',
    bodyHtml: null,
    attachments: [],
    ...wishes,
  };
}

/** The one message of a body; throws what the message or the body is refused with. */
export function parseOne(body: unknown, maxAttachments = 50): EmailMessage {
  const { messages } = parseEnvelope(body, { maxAttachments });
  const [first] = messages;
  if (messages.length !== 1 || first === undefined) throw new Error(`${messages.length} messages`);
  if (first instanceof Error) throw first;
  return first;
}
