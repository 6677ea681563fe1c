// However a connector wraps its messages and spells their fields, the same mail comes out.
import { expect } from 'chai';
import { HubError } from '../../src/errors.js';
import { parseEnvelope } from '../../src/intake/envelope.js';
import { parseOne } from './message.js';

const mail = { subject: 'Cyber - Halden Ltd', from: 'jane@broker.example.com', body: 'Please quote.' };
const limits = { maxAttachments: 50 };

const SAME: Record<string, unknown> = {
  'a single object': mail,
  'a bare array': [mail],
  '{value: […]}': { value: [mail] },
  '{body: {value: […]}}': { body: { value: [mail] } },
  '{body: {…}} as trigger outputs': { headers: { a: 'b' }, body: mail },
  '{outputs: {body: {…}}}': { name: 'trigger', outputs: { body: mail } },
  '{message: {…}}': { message: mail },
  'JSON as text': JSON.stringify(mail),
  'JSON as text, twice': JSON.stringify(JSON.stringify({ value: [mail] })),
  'JSON text under value': { value: JSON.stringify([mail]) },
  'JSON text in an array': [JSON.stringify(mail)],
  'base64 under $content': {
    '$content-type': 'application/json',
    $content: Buffer.from(JSON.stringify(mail)).toString('base64'),
  },
  'Pascal case': { Subject: mail.subject, From: mail.from, Body: mail.body },
  'upper case': { SUBJECT: mail.subject, FROM: mail.from, BODY: mail.body },
  'snake case': { subject: mail.subject, from_email: mail.from, body_text: mail.body },
  'Graph’s body object': { ...mail, body: { contentType: 'text', content: mail.body } },
  'Graph’s body object as text': { ...mail, body: '{"contentType":"text","content":"Please quote."}' },
  'a null beside the value of another spelling': { ...mail, From: null, Body: null, Subject: null },
  'only a preview of the body': { ...mail, body: null, bodyPreview: mail.body },
};

describe('body shapes', () => {
  for (const [name, body] of Object.entries(SAME)) {
    it(name, () => {
      const { subject, from, bodyText, attachments } = parseOne(body);
      expect({ subject, from: from.address, body: bodyText }).to.deep.equal(mail);
      expect(attachments).to.deep.equal([]);
    });
  }

  it('one message in an envelope is single, several are not and keep their order', () => {
    expect(parseEnvelope({ value: [mail] }, limits).single).to.equal(true);
    const { single, messages } = parseEnvelope({ value: [mail, { ...mail, subject: 'Second' }] }, limits);
    expect(single).to.equal(false);
    expect(messages.map((m) => (m instanceof HubError ? m.code : m.subject))).to.deep.equal([mail.subject, 'Second']);
  });

  it('up to six wrappers in one another', () => {
    const wrapped = (levels: number): unknown => (levels === 0 ? mail : { body: wrapped(levels - 1) });
    expect(parseOne(wrapped(6)).subject).to.equal(mail.subject);
    expect(() => parseEnvelope(wrapped(7), limits)).to.throw(HubError, 'holds no e-mail');
  });

  it('a bad message among good ones is refused alone, in its place', () => {
    const { messages } = parseEnvelope([mail, 7, null, { ...mail, subject: 5 }, { foo: 1 }, mail], limits);
    expect(messages.map((m) => (m instanceof HubError ? m.code : 'read'))).to.deep.equal([
      'read',
      'invalid',
      'invalid',
      'invalid',
      'invalid',
      'read',
    ]);
  });

  it('reads a mail that is null everywhere but where mails are known by', () => {
    const empty = {
      subject: null,
      from: null,
      to: null,
      body: null,
      attachments: null,
      receivedDateTime: null,
      id: null,
    };
    expect(parseOne({ ...empty, subject: 'Hello' })).to.include({ subject: 'Hello', bodyText: '', receivedAt: null });
    expect(parseOne({ ...empty, from: 'a@b.example' }).from.address).to.equal('a@b.example');
    expect(parseOne({ ...empty, body: 'Hello', receivedDateTime: '2026-11-23T03:39:45Z' }).bodyText).to.equal('Hello');
  });

  it('reads ids, and knows a Message-ID from a mailbox’s own', () => {
    expect(parseOne({ ...mail, internetMessageId: ' <1@b.example> ', id: 'AAMk' })).to.include({
      internetMessageId: '1@b.example',
      messageId: 'AAMk',
    });
    expect(parseOne({ ...mail, message_id: '<1@b.example>' })).to.include({
      internetMessageId: '1@b.example',
      messageId: null,
    });
    expect(parseOne({ ...mail, id: 42 }).messageId).to.equal('42');
  });

  it('cuts overlong subjects, names and addresses, and keeps them to one line', () => {
    const { subject, from } = parseOne({
      ...mail,
      subject: `a\r\nBcc: x${'é'.repeat(2000)}`,
      from: { address: `${'a'.repeat(400)}@b.example`, name: 'n'.repeat(400) },
    });
    expect(subject)
      .to.match(/^a Bcc: xé+$/)
      .and.have.length(998);
    expect(from.address?.length ?? 0).to.be.at.most(320);
    expect(from.name).to.have.length(300);
  });
});
