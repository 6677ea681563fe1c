import { expect } from 'chai';
import { createRandom } from '../support/random.js';
import { type Point, slopeOf, trendOf } from './trend.js';

const points = (value: (at: number) => number): Point[] =>
  Array.from({ length: 12 }, (_, n) => ({ at: n / 2, value: value(n / 2) }));
const bound = { perMinute: 1, noise: 3 };

describe('the trend of what was measured', () => {
  it('finds growth under noise and under a point that is far out', () => {
    const random = createRandom(7);
    const growing = points((at) => 100 + 2 * at + random.next());
    (growing[3] as Point).value = 500;
    expect(slopeOf(growing)).to.be.within(1.7, 2.3);
    expect(trendOf(growing, bound).verdict).to.equal('GROWS');
  });

  it('takes noise, a step back and an odd last point for no growth', () => {
    const random = createRandom(8);
    expect(
      trendOf(
        points(() => 100 + random.between(0, 20)),
        bound,
      ).verdict,
    ).to.equal('steady');
    const odd = points(() => 100);
    (odd.at(-1) as Point).value = 1_000;
    expect(trendOf(odd, bound).verdict).to.equal('steady');
    expect(
      trendOf(
        points((at) => 100 - 5 * at),
        bound,
      ).verdict,
    ).to.equal('steady');
  });

  it('says nothing of too few points, but for what must never be', () => {
    const few = points((at) => 100 + 50 * at).slice(0, 3);
    expect(trendOf(few, bound).verdict).to.equal('–');
    expect(trendOf(few, { ...bound, most: 120 }).verdict).to.equal('TOO MANY');
  });
});
