// Days are read in the order of the mail's country; one that could be either is not guessed.
import { expect } from 'chai';
import { findDates } from '../../src/intake/fields/dates.js';
import { localeOf } from '../../src/intake/fields/locale.js';

const received = new Date('2026-03-20T09:00:00Z');
const first = (text: string, order: 'mdy' | 'dmy' | null) => findDates(text, order, received)[0]?.day;

describe('days', () => {
  it('numeric ones by the order', () => {
    expect(first('03/04/2026', 'mdy')).to.equal('2026-03-04');
    expect(first('03/04/2026', 'dmy')).to.equal('2026-04-03');
    expect(first('03/04/2026', null)).to.equal(undefined);
    expect(first('13/04/2026', null)).to.equal('2026-04-13');
    expect(first('04/04/2026', null)).to.equal('2026-04-04');
    expect(first('01.04.2026', 'dmy')).to.equal('2026-04-01');
    expect(first('1/4/26', 'mdy')).to.equal('2026-01-04');
  });
  it('those that leave no doubt', () => {
    for (const text of [
      '2026-07-01',
      '1 July 2026',
      'July 1st, 2026',
      '1st of July 2026',
      'the 1st day of July 2026',
      '1. Juli 2026',
      '1er juillet 2026',
      '1 de julio de 2026',
      '1 juli 2026',
      '1 luglio 2026',
      '01-Jul-2026',
      '1 July 2026 to 1 July 2027',
      'from 1 July',
    ]) {
      expect(first(text, null), text).to.equal('2026-07-01');
    }
  });
  it('not spans, fractions, months and days that there are not', () => {
    for (const text of [
      '24/7',
      'within 30 days',
      'July 2026',
      'next Monday',
      'tomorrow',
      'ASAP',
      '31/02/2026',
      '30 February 2026',
      '2026',
    ]) {
      expect(first(text, 'dmy'), text).to.equal(undefined);
    }
  });
  it('without a year only when it is known which is next', () => {
    expect(findDates('1 July', 'dmy', null)).to.deep.equal([]);
    expect(first('1 January', 'dmy')).to.equal('2027-01-01');
  });
  it('the order comes from currencies, forms, spelling, domain and days above 12', () => {
    expect(localeOf('Hatchet Roofing, LLC $1,000,000', 'x.example.com')).to.include({
      order: 'mdy',
      dollar: 'USD',
      currency: 'USD',
    });
    expect(localeOf('Tarnside Ltd £2m', null)).to.include({ order: 'dmy', currency: 'GBP' });
    expect(localeOf('cover from 25/03/2026', null)).to.include({ order: 'dmy' });
    expect(localeOf('due 03/25/2026', null)).to.include({ order: 'mdy' });
    expect(localeOf('$5m', 'x.com.au')).to.include({ order: 'dmy', dollar: 'AUD', currency: 'AUD' });
    expect(localeOf('Hello', 'x.example.com')).to.deep.equal({ order: null, dollar: 'USD', currency: null });
  });
  it('where they stand in the text as it is', () => {
    for (const [text, quote] of [
      ['Start: 1 / 7 / 2026, please', '1 / 7 / 2026'],
      [' 1 / 7 / 2026 ', '1 / 7 / 2026'],
      ['on the 1st day of July 2026 at noon', '1st day of July 2026'],
      ['2 / 5 / 2026 is not it', '2 / 5 / 2026'],
      ['cover from 1 July 2026.', '1 July 2026'],
      ['le 1er juillet 2026.', '1er juillet 2026'],
    ] as const) {
      const found = findDates(text, 'dmy', received)[0];
      expect(found && text.slice(found.at, found.end), text).to.equal(quote);
    }
  });
});
