// What cannot be taken for a mail is refused with a documented code and a message that says why.
import { expect } from 'chai';
import { HubError } from '../../src/errors.js';
import { MAX_MESSAGES, parseEnvelope } from '../../src/intake/envelope.js';

const refusalOf = (body: unknown): HubError => {
  try {
    const [first] = parseEnvelope(body, { maxAttachments: 50 }).messages;
    if (first instanceof HubError) return first;
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('was not refused');
};
const nested = (levels: number, open: string, close: string) => JSON.parse(open.repeat(levels) + close.repeat(levels));

const NO_MAIL: Record<string, unknown> = {
  nothing: undefined,
  null: null,
  text: 'hello',
  'empty text': '',
  'a number': 5,
  true: true,
  'an empty object': {},
  'an empty array': [],
  'an empty envelope': { value: [] },
  'an envelope of an empty envelope': { body: { value: [] } },
  'numbers in an envelope': { value: [1, 2] },
  'another object': { hello: 'world', value: { $gt: '' } },
  'a change notification': { value: [{ subscriptionId: 'x', resource: 'y', changeType: 'created' }] },
  __proto__: JSON.parse('{"__proto__": {"subject": "x"}}'),
  constructor: JSON.parse('{"constructor": {"prototype": {"subject": "x"}}}'),
  'a message of nulls': { subject: null, from: null, body: null },
  'a text alone': { body: 'Please quote.' },
  'a text whose other fields are null': { subject: null, from: null, internetMessageId: null, body: 'Please quote.' },
  'an empty message': { subject: ' ', from: '', body: '', attachments: [] },
};
const WRONG_TYPES: Record<string, object> = {
  'a number as subject': { subject: 5 },
  'an object as subject': { subject: { $gt: '' } },
  'a number as sender': { from: 7 },
  'an object as address': { from: { address: { $ne: null } } },
  'a number as body': { body: 12 },
  'a list as body': { body: ['x'] },
  'a number as body content': { body: { contentType: 'html', content: 5 } },
  'an object as Message-ID': { internetMessageId: {} },
  'an object as id': { id: {} },
  'a number as name of the sender': { from_name: 5 },
};

describe('refusals', () => {
  for (const [name, body] of Object.entries(NO_MAIL)) {
    it(name, () => expect(refusalOf(body).code).to.equal('invalid'));
  }
  for (const [name, wrong] of Object.entries(WRONG_TYPES)) {
    it(`${name}, naming the field`, () => {
      const { code, details } = refusalOf({ subject: 'x', from: 'a@b.example', ...wrong });
      expect(code).to.equal('invalid');
      expect(details).to.have.all.keys('field', 'expected', 'got');
    });
  }

  it('fields under the names that their sender gave them', () => {
    for (const [field, wrong] of Object.entries({
      internetMessageId: { internetMessageId: 5 },
      'Email Subject': { 'Email Subject': 5 },
      fromEmail: { from: null, fromEmail: 5 },
      Message_ID: { Message_ID: {} },
      bodyText: { bodyText: 5 },
      'Files[0]': { Files: [5] },
    })) {
      const { message, details } = refusalOf({ mailSubject: 'x', ...wrong });
      expect(details).to.include({ field });
      expect(message).to.match(new RegExp(`^${field.replace(/[[\]]/g, '.')} must be `));
    }
  });

  it('bodies of more than 64 levels, however deep', () => {
    for (const levels of [65, 10_000, 1_000_000]) {
      expect(refusalOf(nested(levels, '[', ']')).message).to.contain('64 levels');
      expect(refusalOf({ subject: 'x', attachments: nested(levels, '[', ']') }).message).to.contain('64 levels');
    }
    expect(
      refusalOf({ subject: 'x', extra: JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`) }).code,
    ).to.equal('invalid');
  });
  it('deep JSON within text', () => {
    expect(refusalOf(`${'['.repeat(10_000)}${']'.repeat(10_000)}`).code).to.equal('invalid');
    expect(refusalOf({ subject: 'x', attachments: `${'['.repeat(10_000)}${']'.repeat(10_000)}` }).code).to.equal(
      'invalid',
    );
  });
  it('bodies of more messages than one request may hold', () => {
    const mails = Array.from({ length: MAX_MESSAGES + 1 }, (_, i) => ({ subject: `${i}` }));
    expect(refusalOf(mails).code).to.equal('too_large');
    expect(parseEnvelope(mails.slice(1), { maxAttachments: 1 }).messages).to.have.length(MAX_MESSAGES);
  });
  it('never lets a field reach a prototype', () => {
    const { messages } = parseEnvelope(
      JSON.parse('{"subject":"x","__proto__":{"polluted":true},"constructor":{"a":1}}'),
      { maxAttachments: 1 },
    );
    expect(messages[0]).to.include({ subject: 'x' });
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
    expect(messages[0]).not.to.have.property('polluted');
  });
});
