// Amounts are read in the ways that people write them, with the currency they mean.
import { expect } from 'chai';
import { findMoney } from '../../src/intake/fields/money.js';

const AMOUNTS: [string, string | null, number][] = [
  ['$2,000,000', 'USD', 2_000_000],
  ['$1M', 'USD', 1_000_000],
  ['USD 1.5 million', 'USD', 1_500_000],
  ['US$10m', 'USD', 10_000_000],
  ['$500k', 'USD', 500_000],
  ['2MM', null, 2_000_000],
  ['£5m any one claim', 'GBP', 5_000_000],
  ['GBP 185,000', 'GBP', 185_000],
  ['EUR 7.500.000', 'EUR', 7_500_000],
  ['7.500.000,50 €', 'EUR', 7_500_000.5],
  ['€7,5 Mio.', 'EUR', 7_500_000],
  ['1 000 000 EUR', 'EUR', 1_000_000],
  ["CHF 1'000'000", 'CHF', 1_000_000],
  ['A$20,000,000', 'AUD', 20_000_000],
  ['two million pounds', 'GBP', 2_000_000],
  ['half a million dollars', 'USD', 500_000],
  ['INR 5 crore', 'INR', 50_000_000],
  ['€ 2.500.000,-', 'EUR', 2_500_000],
];

describe('amounts', () => {
  for (const [text, currency, amount] of AMOUNTS) {
    it(text, () => expect(findMoney(text, 'USD')[0]).to.include({ currency, amount }));
  }
  it('a dollar is that of the country', () =>
    expect(findMoney('$5', 'AUD')[0]).to.include({ currency: 'AUD', amount: 5 }));
  it('all of a line, in order', () => {
    expect(findMoney('$1,000,000 per occurrence / $2,000,000 aggregate', 'USD').map((m) => m.amount)).to.deep.equal([
      1e6, 2e6,
    ]);
  });
  it('not years, counts and nothing', () => {
    for (const text of ['in 2023', '34 vans', 'class 8810', 'no. 7', '$', '£ to be agreed', ''])
      expect(findMoney(text, 'USD'), text).to.deep.equal([]);
  });
});
