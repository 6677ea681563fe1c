// Texts made to keep regular expressions and parsers busy: each is read within the time that the hub gives a body.
import { expect } from 'chai';
import fc from 'fast-check';
import { createEnvelopeReader, type EnvelopeReader } from '../../src/http/envelope-reader.js';

/** Some hundred times what such a text takes; far below what anything quadratic would. */
const LIMIT_MS = 15_000;
const SIZE = 300_000;
const LIMITS = { maxAttachments: 50 };

/** What patterns of the extraction, of HTML and of headers begin, repeat or end with. */
const TOKENS = [
  Array.from(' \t\n\r.,;:-_/\\|&<>"\'()[]{}=?#@%*+$£€0123456789aAéß\u00a0\u200b\u202e\ud83d\ude00'),
  [
    'Insured: ',
    'Class:',
    'Limit ',
    'Broker',
    'Policy ',
    'effective from ',
    'Inception',
    'Re: ',
    'FW: ',
    'on behalf of ',
  ],
  ['Ltd', 'Limited ', 'GmbH & Co. KG', 'Inc.', 'Regards,\n', 'From: ', 'Sent: ', '-----Original Message-----\n', '> '],
  [
    '$',
    'USD ',
    '1,000',
    '1.000.000,00',
    '2m',
    'million ',
    'thousand',
    'one hundred and ',
    '1/1/2026',
    '1st January ',
    '2026-13-45',
  ],
  ['cyber ', 'professional indemnity', 'D&O', 'a@b.example', 'jo.mercer@', '.example', 'http://', 'www.'],
  [
    '<div>',
    '</div>',
    '<td>',
    '<p class="MsoNormal">',
    '<!--',
    '-->',
    '<style>',
    '<a href="',
    "='",
    '&nbsp;',
    '&#x',
    '<br/',
    '<![CDATA[',
  ],
  [
    '=?utf-8?Q?',
    '=?utf-8?B?',
    '?=',
    '=0D',
    '%0A',
    '%E0%A4',
    'data:;base64,',
    'eyJ',
    '\\u0000',
    '{"content":',
    '["',
    '}]',
  ],
].flat();
const evilText = fc
  .tuple(
    fc.array(fc.constantFrom(...TOKENS), { maxLength: 4 }),
    fc.array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 5 }),
    fc.array(fc.constantFrom(...TOKENS), { maxLength: 4 }),
  )
  .map(([start, unit, end]) => {
    const text = unit.join('');
    return start.join('') + text.repeat(Math.ceil(SIZE / text.length)).slice(0, SIZE) + end.join('');
  });

/** Shapes that have stopped mail software before. */
const KNOWN: Record<string, string> = {
  'nested quantifiers': `${'a'.repeat(SIZE)}!`,
  'an e-mail address without end': `${'a.'.repeat(SIZE / 2)}@`,
  'at signs': '@'.repeat(SIZE),
  'blanks before a line end': `x${' '.repeat(SIZE)}x`,
  'tabs and blanks': `Insured:${' \t'.repeat(SIZE / 2)}x`,
  'labels without values': 'Insured:\n'.repeat(SIZE / 9),
  'a number without end': `$${'1,'.repeat(SIZE / 2)}`,
  'number words': 'one hundred and '.repeat(SIZE / 16),
  'a date of blanks': `1 January${' '.repeat(SIZE)}2026`,
  'forwards in forwards': '-----Original Message-----\nFrom: a\nTo: b\nSubject: c\n\n'.repeat(SIZE / 60),
  'quoted lines': `${'>'.repeat(1000)}\n`.repeat(SIZE / 1001),
  'subject prefixes': 'Re: Fw: AW: '.repeat(SIZE / 12),
  'encoded words': '=?utf-8?Q?=41?= '.repeat(SIZE / 16),
  'half encoded words': '=?utf-8?Q?'.repeat(SIZE / 10),
  'company names': 'The A & B Company of C and D Ltd '.repeat(SIZE / 33),
  'entities within entities': '&amp;'.repeat(SIZE / 5),
  'a document type with entities': `<!DOCTYPE x [${'<!ENTITY a "&b;&b;">'.repeat(SIZE / 20)}]><html>&a;</html>`,
  'tags without end': '<a '.repeat(SIZE / 3),
  'an attribute without end': `<a href="${'x'.repeat(SIZE)}`,
  'attributes by the thousand': `<a ${'b="c" '.repeat(SIZE / 6)}>`,
  'nested tags': `<html>${'<div>'.repeat(SIZE / 5)}`,
  'nested tables': `<html>${'<table><tr><td>'.repeat(SIZE / 15)}`,
  'nested lists': `<html>${'<ul><li>'.repeat(SIZE / 8)}`,
  comments: `<html>${'<!-- -'.repeat(SIZE / 6)}`,
  styles: `<html>${'<style>'.repeat(SIZE / 7)}`,
  'base64 of base64': Buffer.from(Buffer.from('x '.repeat(SIZE / 4)).toString('base64')).toString('base64'),
  'JSON in JSON': JSON.stringify(JSON.stringify(JSON.stringify({ content: 'x'.repeat(SIZE / 4) }))),
  backslashes: '\\'.repeat(SIZE),
  surrogates: '\ud800'.repeat(SIZE),
  'marks on one letter': `a${'\u0301'.repeat(SIZE)}`,
};

describe('a text made to keep the reader busy', function () {
  this.timeout(120_000);
  let reader: EnvelopeReader;
  before(() => {
    reader = createEnvelopeReader({ timeoutMs: LIMIT_MS });
  });
  after(() => reader.close());

  /** The text in every place of a mail where somebody looks for something. Rejects when the reader was stopped. */
  async function read(text: string): Promise<void> {
    const places = [
      { subject: 'x', from: 'a@b.example', body: text },
      { subject: 'x', body: { contentType: 'html', content: `<html><body>${text}` } },
      { subject: text, from: text, to: text, id: text.slice(0, 900), date: text, fromName: text },
      { subject: 'x', attachments: [{ name: text, contentType: text, content: text }] },
    ];
    for (const mail of places) {
      const { messages } = await reader.read({ bytes: Buffer.from(JSON.stringify(mail)), limits: LIMITS });
      expect(messages).to.have.length(1);
    }
  }

  for (const [what, text] of Object.entries(KNOWN)) {
    it(`is read in time: ${what}`, () => read(text));
  }

  it('is read in time: whatever is made of the pieces that patterns look for', async () => {
    await fc.assert(fc.asyncProperty(evilText, read), { numRuns: 20 });
  });
});
