// Whatever a mail says, the extraction ends, gives fields of the right form, and says nothing that the mail does not.
import { parseMoney } from '@workitem-hub/client/money';
import { expect } from 'chai';
import fc from 'fast-check';
import { extractFields } from '../../src/intake/fields.js';
import { message } from './message.js';

const WORDS =
  'Insured: Limit: Class: Effective Broker: Policy Cover: GL PI D&O Cyber property for our client Acme Halden Ltd Inc. LLC & The Regards, From: Sent: Subject: To: $1M £2,000,000 EUR 7.500.000 2MM 1/2/26 01.04.2026 1 July 2026 premium deductible turnover aggregate any one claim per occurrence | ; - , . \n \n\n \t ( ) a@b.example'
    .split(/ (?! )/)
    .map((word) => `${word} `);
const mailText = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join('')),
  fc.string({ unit: 'binary', maxLength: 300 }),
);

describe('field extraction of any text', () => {
  it('gives fields of the right form', () => {
    fc.assert(
      fc.property(mailText, mailText, fc.option(fc.string()), fc.boolean(), (subject, bodyText, name, dated) => {
        const fields = extractFields(
          message({
            subject,
            bodyText,
            from: { address: 'a@b.example', name },
            receivedAt: dated ? new Date('2026-03-20') : null,
          }),
        );
        expect(fields).to.have.all.keys('insured_name', 'policy_type', 'coverage_amount', 'effective_date', 'broker');
        const { coverage_amount, effective_date, ...texts } = fields;
        if (coverage_amount !== null) expect(parseMoney(coverage_amount), coverage_amount).not.to.equal(null);
        if (effective_date !== null)
          expect(new Date(effective_date).toISOString().slice(0, 10)).to.equal(effective_date);
        for (const text of Object.values(texts)) {
          if (text !== null) expect(text).to.equal(text.trim()).and.have.length.within(1, 200);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('takes names only from the mail', () => {
    fc.assert(
      fc.property(mailText, mailText, (subject, bodyText) => {
        const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
        const said = plain(`${subject} ${bodyText} Jane Roe`);
        const { insured_name, broker } = extractFields(message({ subject, bodyText }));
        for (const name of [insured_name, broker]) if (name !== null) expect(said).to.contain(plain(name));
      }),
      { numRuns: 1000 },
    );
  });

  // These would take minutes if anything in them were quadratic; mocha's time-out is the judge.
  const UNITS = [
    ' ',
    '\n',
    'a',
    'A ',
    '1',
    '1,',
    '$1m ',
    '1/1/26 ',
    'From: a\nSent: b\nSubject: c\n',
    'Insured: ',
    'Ltd ',
    'for A ',
    'our client ',
    '| ',
    '; ',
    '(',
    '.',
    'a\tb\n',
    'Limit: $1m\n',
    '***',
    'one million ',
    '1 January ',
    'Regards\n',
    'on behalf of ',
  ];
  for (const unit of UNITS) {
    it(`1 MB of ${JSON.stringify(unit)} come to an end`, () => {
      const text = unit.repeat(1_000_000 / unit.length);
      expect(extractFields(message({ subject: text.slice(0, 998), bodyText: text }))).to.be.an('object');
      const lines = text.replace(/([^\n]{900})/g, '$1\n');
      expect(extractFields(message({ subject: 'Cyber', bodyText: lines }))).to.be.an('object');
    });
  }
});
