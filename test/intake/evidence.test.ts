// Whoever reads a mail is shown where each field stands: a piece of the very text, which says that value.
import { readdirSync, readFileSync } from 'node:fs';
import type { ExtractedFields } from '@workitem-hub/client/contract';
import { formatMoney, parseMoney } from '@workitem-hub/client/money';
import { expect } from 'chai';
import fc from 'fast-check';
import type { EmailMessage } from '../../src/intake/email-message.js';
import { cleanLine } from '../../src/intake/encoding.js';
import { createEvidence, type Evidence, evidenceOf, type StoredMail } from '../../src/intake/evidence.js';
import { extractFields } from '../../src/intake/fields.js';
import { findDates } from '../../src/intake/fields/dates.js';
import { findMoney } from '../../src/intake/fields/money.js';
import { findPolicyTypes } from '../../src/intake/fields/policy-types.js';
import { MAIL_CASES } from './cases/mails.js';
import { message, parseOne } from './message.js';

const samples = new URL('./samples/', import.meta.url);
const SAMPLES = readdirSync(samples).filter((file) => file.endsWith('.request.json'));

function stored(mail: EmailMessage, extracted_fields = extractFields(mail)): StoredMail {
  return {
    subject: mail.subject,
    body_text: mail.bodyText,
    from_email: mail.from.address,
    received_at: mail.receivedAt?.toISOString() ?? null,
    extracted_fields,
  };
}

/** What every place has to be, whatever the mail. */
function assertPlaces(mail: StoredMail, evidence: Evidence): void {
  for (const [field, place] of Object.entries(evidence)) {
    expect(place).to.have.all.keys('in', 'start', 'end', 'quote');
    const text = mail[place.in];
    expect(place.start, field).to.be.within(0, text.length);
    expect(place.end, field).to.be.within(place.start + 1, text.length);
    expect(text.slice(place.start, place.end), field).to.equal(place.quote);
    expect(place.quote.trim(), field).to.equal(place.quote).and.not.equal('');
    expect(place.quote, field).not.to.contain('\n');
    expect(mail.extracted_fields[field as keyof ExtractedFields], field).to.be.a('string');
    assertSays(place.quote, field as keyof ExtractedFields, mail);
  }
}

const plain = (text: string): string => text.replace(/[\s*_]+/g, ' ').toLowerCase();

/** By the readers of single values, which know nothing of places. */
function assertSays(quote: string, field: keyof ExtractedFields, mail: StoredMail): void {
  const value = mail.extracted_fields[field] as string;
  if (field === 'effective_date') {
    const received = mail.received_at === null ? null : new Date(mail.received_at);
    const days = [...findDates(quote, 'dmy', received), ...findDates(quote, 'mdy', received)].map(({ day }) => day);
    expect(days, quote).to.include(value);
  } else if (field === 'coverage_amount') {
    const { currency, amount } = parseMoney(value) as { currency: string; amount: number };
    const said = findMoney(quote, currency)[0];
    // `$1` of `$1/$2 million` is one of millions.
    const amounts = [said?.amount, (said?.amount ?? 0) * 1e6];
    // `2` of `2/4 million`: too little by itself to be an amount.
    if (said) expect(amounts, quote).to.include(amount);
    else expect(quote).to.match(/^\d{1,3}$/);
    expect(formatMoney({ currency: said?.currency ?? currency, amount }), quote).to.equal(value);
  } else if (field === 'policy_type' && findPolicyTypes(quote, true).length > 0) {
    expect(findPolicyTypes(quote, true)[0]?.name, quote).to.equal(value);
  } else expect(plain(quote)).to.equal(plain(value));
}

const SURE = ['insured_name', 'policy_type', 'coverage_amount', 'effective_date'] as const;

describe('evidence', () => {
  for (const file of SAMPLES) {
    it(`is there for each field of ${file}`, () => {
      const mail = stored(parseOne(JSON.parse(readFileSync(new URL(file, samples), 'utf8'))));
      const evidence = evidenceOf(mail);
      assertPlaces(mail, evidence);
      for (const field of SURE) {
        if (mail.extracted_fields[field] !== null) expect(evidence[field], field).to.be.an('object');
      }
    });
  }

  for (const { name, from, to, subject, received, body } of MAIL_CASES) {
    it(`is there for each field: ${name}`, () => {
      const mail = stored(parseOne({ subject, from, to, body, receivedDateTime: received ?? '2026-03-20T09:00:00Z' }));
      const evidence = evidenceOf(mail);
      assertPlaces(mail, evidence);
      for (const field of SURE) {
        if (mail.extracted_fields[field] !== null)
          expect(evidence[field], `${field}: ${mail.extracted_fields[field]}`).to.be.an('object');
      }
    });
  }

  it('is where the field was found, not where the value stands first', () => {
    const bodyText =
      'Acme Ltd is known to you.\nTheir rival 1 July 2026 £1m\n\nInsured: Acme Ltd\nLimit: £1,000,000\nInception: 01/07/2026\n';
    const { insured_name, coverage_amount, effective_date } = evidenceOf(stored(message({ subject: 'x', bodyText })));
    expect(insured_name).to.deep.include({ in: 'body_text', start: bodyText.indexOf('Acme', 20), quote: 'Acme Ltd' });
    expect(coverage_amount).to.deep.include({ quote: '£1,000,000' });
    expect(effective_date).to.deep.include({ quote: '01/07/2026' });
  });

  it('counts in UTF-16 units, as the browser does', () => {
    const bodyText = '👋🏽 Grüße\n\nInsured: Café Zoë Ltd\n';
    const place = evidenceOf(stored(message({ subject: '', bodyText }))).insured_name;
    expect(place?.quote).to.equal('Café Zoë Ltd');
    expect(bodyText.slice(place?.start, place?.end)).to.equal('Café Zoë Ltd');
  });

  it('is in the subject when only that says it', () => {
    const mail = stored(
      message({ subject: 'RE: Cyber quote - Halden Ltd - eff 01/07/2026', bodyText: 'As discussed.' }),
    );
    const evidence = evidenceOf(mail);
    assertPlaces(mail, evidence);
    expect(evidence).to.have.all.keys('insured_name', 'policy_type', 'effective_date');
    for (const place of Object.values(evidence)) expect(place.in).to.equal('subject');
  });

  it('is missing where the mail does not show the value', () => {
    const fields = {
      insured_name: 'Nobody Ltd',
      policy_type: 'Crime',
      coverage_amount: '$7',
      effective_date: '2031-01-01',
      broker: 'Zed',
    };
    expect(evidenceOf(stored(message({ bodyText: 'Cyber for Halden Ltd, $71, 1/1/30' }), fields))).to.deep.equal({});
  });

  it('is remembered, and the same', () => {
    const remembered = createEvidence();
    const mail = { ...stored(message({ bodyText: 'Insured: Acme Ltd' })), submission_ref: 'a' };
    const first = remembered(mail);
    expect(first).to.deep.equal(evidenceOf(mail));
    for (let i = 0; i < 499; i++) remembered({ ...mail, submission_ref: String(i) });
    expect(remembered(mail)).to.equal(first);
    for (let i = 0; i < 500; i++) remembered({ ...mail, submission_ref: String(i) });
    expect(remembered(mail)).not.to.equal(first);
  });

  const WORDS =
    'Insured: Limit: Class: Effective Broker: Policy GL PI Cyber property for our client Acme Halden Ltd Inc. The From: Sent: Subject: $1M £2,000,000 $1/$2 million EUR 7.500.000 1/2/26 1 / 2 / 2026 1st day of July 2026 1 July 2026 👋 > | ; - , \n \n\t ( ) a@b.example'
      .split(/ (?! )/)
      .map((word) => `${word} `);
  const text = fc.oneof(
    fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join('')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );

  it('is a piece of the text that says the value, whatever the mail', () => {
    fc.assert(
      fc.property(text, text, text, (anySubject, bodyText, other) => {
        // Stored subjects are one line.
        const subject = cleanLine(anySubject, 998);
        const mail = stored(message({ subject, bodyText }));
        assertPlaces(mail, evidenceOf(mail));
        // Values read by another version of the hub, or out of another text.
        const strange = stored(
          message({ subject, bodyText }),
          extractFields(message({ subject: other, bodyText: other })),
        );
        assertPlaces(strange, evidenceOf(strange));
      }),
      { numRuns: 1000 },
    );
  });
});
