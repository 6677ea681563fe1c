// Attachments keep their name, type and bytes in whatever field a connector puts them.
import { expect } from 'chai';
import { HubError } from '../../src/errors.js';
import { parseOne } from './message.js';

const bytes = Buffer.from([0, 255, 16, 37, 80]);
const base64 = bytes.toString('base64');
const attachmentsOf = (attachments: unknown, max = 50) => parseOne({ subject: 'x', attachments }, max).attachments;
const pdf = { name: 'a.pdf', contentType: 'application/pdf' };

const FORMS: Record<string, unknown> = {
  contentBytes: [{ ...pdf, contentBytes: base64 }],
  ContentBytes: [{ Name: 'a.pdf', ContentType: 'Application/PDF', ContentBytes: base64 }],
  contentBase64: [{ filename: 'a.pdf', content_type: 'application/pdf', contentBase64: base64 }],
  $content: [{ name: 'a.pdf', '$content-type': 'application/pdf', $content: base64 }],
  content: [{ ...pdf, content: base64 }],
  'an object of type and bytes': [{ name: 'a.pdf', content: { '$content-type': 'application/pdf', $content: base64 } }],
  'a data URL': [{ ...pdf, content: `data:application/pdf;base64,${base64}` }],
  'URL-safe base64': [{ ...pdf, contentBytes: bytes.toString('base64url') }],
  'base64 in lines': [{ ...pdf, contentBytes: `${base64.slice(0, 4)}\r\n${base64.slice(4)}` }],
  'one object': { ...pdf, contentBytes: base64 },
  '{value: […]}': { value: [{ ...pdf, contentBytes: base64 }] },
  'JSON text': JSON.stringify([{ ...pdf, contentBytes: base64 }]),
  'JSON text per entry': [JSON.stringify({ ...pdf, contentBytes: base64 })],
  'nulls between': [null, { ...pdf, contentBytes: base64, content: null }],
};

describe('attachments', () => {
  for (const [name, attachments] of Object.entries(FORMS)) {
    it(name, () => expect(attachmentsOf(attachments)).to.deep.equal([{ ...pdf, content: bytes }]));
  }

  it('JSON text with both an escape in a name and a plus in base64', () => {
    const plus = Buffer.from([0xfb, 0xef, 0xbe]);
    expect(plus.toString('base64')).to.contain('+');
    const text = JSON.stringify([{ name: 'a%20b.pdf', contentBytes: plus.toString('base64') }]);
    expect(attachmentsOf(text)[0]).to.include({ name: 'a b.pdf' });
    expect(attachmentsOf(text)[0]?.content).to.deep.equal(plus);
    expect(attachmentsOf(encodeURIComponent(text))[0]?.content).to.deep.equal(plus);
  });

  it('none', () => {
    for (const none of [null, [], '', '[]', 'null', [null]]) expect(attachmentsOf(none)).to.deep.equal([]);
  });

  it('without bytes: by name, a link as its address, an attached item as its JSON', () => {
    const [file, link, item, nameless] = attachmentsOf([
      { name: 'big.zip', contentType: 'application/zip', size: 9_000_000 },
      {
        '@odata.type': '#microsoft.graph.referenceAttachment',
        name: 'Plans',
        sourceUrl: 'https://files.example.com/p',
      },
      { '@odata.type': '#microsoft.graph.itemAttachment', name: 'Mail', item: { subject: 'Inner' } },
      {},
    ]);
    expect(file).to.deep.equal({ name: 'big.zip', contentType: 'application/zip', content: Buffer.alloc(0) });
    expect(link).to.deep.equal({
      name: 'Plans',
      contentType: 'text/uri-list',
      content: Buffer.from('https://files.example.com/p'),
    });
    expect(item?.content.toString()).to.equal('{"subject":"Inner"}');
    expect(nameless).to.include({ name: 'attachment-4', contentType: 'application/octet-stream' });
  });

  it('keeps names to a line without paths', () => {
    const [one, two, three] = attachmentsOf([
      { name: '../../etc/passwd' },
      { name: 'Loss%20runs.pdf' },
      { name: `${'x'.repeat(400)}\u0000\n` },
    ]);
    expect(one?.name).to.equal('.._.._etc_passwd');
    expect(two?.name).to.equal('Loss runs.pdf');
    expect(three?.name).to.equal('x'.repeat(255));
  });

  it('takes text under `content` for text', () => {
    expect(attachmentsOf([{ name: 'a.txt', content: 'Hello, you!' }])[0]).to.deep.equal({
      name: 'a.txt',
      contentType: 'text/plain',
      content: Buffer.from('Hello, you!'),
    });
  });

  it('refuses broken base64, wrong types and too many', () => {
    const refusal = (attachments: unknown, max?: number): HubError => {
      try {
        attachmentsOf(attachments, max);
      } catch (error) {
        if (error instanceof HubError) return error;
      }
      throw new Error('not refused');
    };
    expect(refusal([{ ...pdf, contentBytes: 'not base64!' }]).details).to.include({
      field: 'attachments[0].contentBytes',
    });
    expect(refusal([{ ...pdf, contentBytes: 12 }]).code).to.equal('invalid');
    expect(refusal([7]).code).to.equal('invalid');
    expect(refusal(7).code).to.equal('invalid');
    expect(refusal('some words').code).to.equal('invalid');
    expect(refusal([{ name: 5 }]).code).to.equal('invalid');
    expect(refusal([{}, {}, {}], 2)).to.include({ code: 'too_large' });
    expect(attachmentsOf([{}, {}, {}], 0)).to.have.length(3);
  });
});
