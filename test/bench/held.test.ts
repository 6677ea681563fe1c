// What fails a run of the bench: only what held in the last recorded one, and clearly does not any more.
import { expect } from 'chai';
import { MARGIN, record, regressions } from '../../bench/held.js';
import { boundRow, ratioRow, type Row } from '../../bench/report.js';

const ratio = (ratio: number, bound: { atMost?: number; atLeast?: number }): Row =>
  ratioRow({ id: 'one', what: 'one', own: '', peer: '', ratio, ...bound });
const figure = (figure: number, atMost?: number): Row =>
  boundRow({ id: 'one', what: 'one', figure, unit: 'ms', ...(atMost === undefined ? {} : { atMost }) });
const HELD = { part: ['one'] };

describe('the judgement of the bench', () => {
  for (const [what, row, fails] of [
    ['within its bound', ratio(0.9, { atMost: 1 }), false],
    ['at its bound', figure(10, 10), false],
    ['beyond it by less than the margin', ratio(1 + MARGIN * 0.9, { atMost: 1 }), false],
    ['beyond it by more than the margin', ratio(1 + MARGIN * 1.1, { atMost: 1 }), true],
    ['too low by less than the margin', ratio(2 * (1 - MARGIN * 0.9), { atLeast: 2 }), false],
    ['too low by more than the margin', ratio(2 * (1 - MARGIN * 1.1), { atLeast: 2 }), true],
    ['anything where nothing is allowed', figure(1, 0), true],
    ['no number at all', figure(Number.NaN, 10), true],
    ['a ratio that is none', ratio(Number.NaN, { atLeast: 2 }), true],
    ['only shown by now', figure(1_000), false],
  ] as const) {
    it(`${fails ? 'fails' : 'does not fail'} a row that held and is ${what}`, () => {
      expect(regressions(HELD, 'part', [row])).to.deep.equal(fails ? ['one'] : []);
    });
  }

  it('fails a row that held and is not measured any more', () => {
    expect(regressions(HELD, 'part', [])).to.deep.equal(['one']);
  });

  it('does not fail what never held, nor what held in a part that did not run', () => {
    const bad = ratio(5, { atMost: 1 });
    expect(bad.holds).to.equal(false);
    expect(regressions({}, 'part', [bad])).to.deep.equal([]);
    expect(regressions(HELD, 'other', [bad])).to.deep.equal([]);
  });

  it('records what holds without a margin, and nothing that is only shown; other parts stay as they were', () => {
    const before = { part: ['gone'], other: ['kept'] };
    const rows = [
      { ...ratio(0.9, { atMost: 1 }), id: 'good' },
      { ...ratio(1.01, { atMost: 1 }), id: 'a little beyond' },
      { ...figure(3), id: 'shown' },
    ];
    expect(record(before, 'part', rows)).to.deep.equal({ part: ['good'], other: ['kept'] });
  });
});
