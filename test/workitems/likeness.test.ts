// When two names are one company, and two subjects of a sender one thing.
import { expect } from 'chai';
import fc from 'fast-check';
import { insuredKeyOf, likenessOf, senderKeyOf, subjectsMeet } from '../../src/workitems/likeness.js';

const mail = (insured_name: string | null, from_email: string | null = null) => ({
  from_email,
  extracted_fields: { insured_name, policy_type: null, coverage_amount: null, effective_date: null, broker: null },
});
const keyOf = (name: string | null) => insuredKeyOf(mail(name));

describe('likeness', () => {
  for (const names of [
    ['Harbour Lane Dental Ltd', 'HARBOUR LANE DENTAL LIMITED', 'Harbour Lane Dental', 'harbour  lane dental ltd.'],
    ['Larkin Dental, Inc.', 'Larkin Dental Inc', 'Larkin Dental LLC', 'Larkin Dental Corp.'],
    ['Müller & Söhne GmbH & Co. KG', 'MULLER & SOHNE GMBH', 'Müller Söhne'],
    ['The Tárn Mill and Sons plc', 'Tarn Mill & Sons P.L.C.', "Tarn Mill & Son's Plc"],
    ['Banksia Lane Pty Ltd', 'Banksia Lane Pty. Limited'],
    ['O’Neill Foods B.V.', "O'Neill Foods BV"],
  ]) {
    it(`takes ${names.join(' = ')} for one`, () => {
      expect(new Set(names.map(keyOf)).size, names.map(keyOf).join()).to.equal(1);
      expect(keyOf(names[0] as string)).to.be.a('string');
    });
  }

  it('tells others apart', () => {
    const names = ['Harbour Lane Dental Ltd', 'Harbour Lane Ltd', 'Harbour Dental Ltd', 'Ltd', 'And Co', 'The Lane'];
    expect(new Set(names.map(keyOf)).size).to.equal(names.length);
  });

  it('knows neither company nor sender where none is named', () => {
    for (const name of [null, '', '&', ' - ']) expect(keyOf(name)).to.equal(null);
    for (const from of [null, '', 'nobody', 'nobody@']) expect(senderKeyOf(mail(null, from))).to.equal(null);
    expect(likenessOf(mail(null))).to.deep.equal(['sender:']);
    expect(likenessOf(mail('Acme Ltd', 'a@B.example'))).to.deep.equal(['insured:acme', 'sender:b.example']);
  });

  it('gives every name the same key again, and keys enough', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (name, from) => {
        const keys = likenessOf(mail(name, from));
        expect(keys).not.to.be.empty;
        expect(likenessOf(mail(name.toUpperCase().toLowerCase(), from)).length).to.equal(keys.length);
      }),
    );
  });

  it('wants two words in common that not every subject has', () => {
    const subject = 'Cyber quote request - Harbour Lane Dental Ltd';
    for (const other of ['RE: Harbour Lane: more information', 'dental practice, HARBOUR street', 'FW: lâne dental'])
      expect(subjectsMeet(subject, other), other).to.equal(true);
    for (const other of [
      'Cyber quote request - Tarn Mill Ltd',
      'Harbour Foods',
      'Harbour harbour',
      '',
      'Request: cyber quote',
    ])
      expect(subjectsMeet(subject, other), other).to.equal(false);
  });
});
