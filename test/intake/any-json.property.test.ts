// Whatever JSON is posted, the envelope gives messages or a documented refusal, and a message is always fit to be stored.
import { expect } from 'chai';
import fc from 'fast-check';
import { HubError } from '../../src/errors.js';
import { type Envelope, parseEnvelope } from '../../src/intake/envelope.js';
import { extractFields } from '../../src/intake/fields.js';
import { digestOf } from '../../src/intake/idempotency.js';

const KEYS =
  'subject Subject from From sender sender_email from_email body Body value message attachments Attachments name contentBytes $content content contentType receivedDateTime received_at internetMessageId id to toRecipients emailAddress address isHtml __proto__ constructor'.split(
    ' ',
  );
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\ud800', '\udc00', '\u0000', 'a', ' ', '\n', '<', '>', '=', '%', '@', '"', '(', '{', '['),
  }),
  fc.string({
    unit: fc.constantFrom(
      '<p>',
      '</p>',
      '<td>',
      '<table>',
      '&lt;',
      '<!--',
      '<style>',
      'x',
      ' ',
      '$1m ',
      'Limit: ',
      'Insured: ',
      '\n',
      '\t',
      '1/1/26',
      'A Ltd',
    ),
  }),
  fc.base64String(),
  fc.json(),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    text,
    fc.constant(null),
    fc.double(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(fc.oneof(fc.constantFrom(...KEYS), fc.string()), tie('value')), { maxLength: 8 })
    .map((entries) => Object.fromEntries(entries)),
}));

function parse(body: unknown): Envelope | HubError {
  try {
    return parseEnvelope(body, { maxAttachments: 3 });
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
}

describe('any JSON', () => {
  it('gives messages or a refusal, never another error', () => {
    fc.assert(
      fc.property(fc.oneof(value, fc.jsonValue()), (body) => {
        const envelope = parse(body);
        if (envelope instanceof HubError) return;
        expect(envelope.messages).not.to.have.length(0);
        expect(envelope.single).to.equal(envelope.messages.length === 1);
      }),
      { numRuns: 1500 },
    );
  });

  it('of a message makes well-formed texts within their bounds', () => {
    const message = fc.tuple(fc.constantFrom('subject', 'Subject'), text, value).map(([key, subject, rest]) => ({
      ...(typeof rest === 'object' ? rest : {}),
      [key]: subject,
      from: `${subject}@x.example`,
    }));
    fc.assert(
      fc.property(message, (body) => {
        const envelope = parse(body);
        if (envelope instanceof HubError) return;
        for (const read of envelope.messages) {
          if (read instanceof HubError) {
            expect(['invalid', 'too_large']).to.include(read.code);
            continue;
          }
          const texts = [
            read.subject,
            read.from.address,
            read.from.name,
            read.bodyText,
            read.internetMessageId,
            read.messageId,
            ...Object.values(extractFields(read)),
          ];
          for (const part of texts) expect(part ?? '').to.match(/^(?:[^\p{Surrogate}\p{Control}]|[\n\t\r])*$/u);
          expect(read.subject.length).to.be.at.most(998);
          expect(read.from.address?.length ?? 0).to.be.at.most(320);
          expect(read.from.name?.length ?? 0).to.be.at.most(300);
          expect(read.receivedAt === null || !Number.isNaN(read.receivedAt.getTime())).to.equal(true);
          expect(digestOf(read)).to.match(/^[0-9a-f]{64}$/);
        }
      }),
      { numRuns: 1500 },
    );
  });
});
