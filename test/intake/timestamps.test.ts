// When a mail was received is read in every usual form; nonsense is "not said" rather than a reason to refuse the mail.
import { expect } from 'chai';
import { parseTimestamp } from '../../src/intake/timestamp.js';

const SAME = [
  '2026-07-27T04:58:24Z',
  '2026-07-27T04:58:24.000Z',
  '2026-07-27T04:58:24.0000000Z',
  '2026-07-27T04:58:24+00:00',
  '2026-07-27T06:58:24+02:00',
  '2026-07-27T06:58:24+0200',
  '2026-07-27 04:58:24',
  '2026-07-27T04:58:24',
  '2026-07-27T04%3A58%3A24Z',
  '2026-07-27T06%3A58%3A24+02:00',
  'Mon, 27 Jul 2026 04:58:24 +0000',
  '27 Jul 2026 04:58:24 GMT',
  '/Date(1785128304000)/',
  '1785128304',
  1785128304000,
  1785128304,
];
const NONE = [
  '',
  'yesterday',
  'foo 1',
  '2026-13-45T99:00:00Z',
  '0000-00-00',
  {},
  [],
  true,
  null,
  undefined,
  Number.NaN,
  1e300,
  '9'.repeat(500),
];

describe('timestamps', () => {
  for (const value of SAME) {
    it(String(value), () => expect(parseTimestamp(value)?.toISOString()).to.equal('2026-07-27T04:58:24.000Z'));
  }
  it('takes a day for its midnight, UTC', () => {
    expect(parseTimestamp('2026-07-27')?.toISOString()).to.equal('2026-07-27T00:00:00.000Z');
  });
  it('takes nonsense for nothing', () => {
    for (const value of NONE) expect(parseTimestamp(value), typeof value).to.equal(null);
  });
});
