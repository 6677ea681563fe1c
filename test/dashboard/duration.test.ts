// Lengths of time as the monitor says them.
import { expect } from 'chai';
import { formatDuration } from '../../src/dashboard/monitor/duration.js';

describe('lengths of time', () => {
  it('are as short as they can be said', () => {
    const said = [0, 59, 60, 125, 3_599, 3_600, 7_500, 86_399, 86_400, 90_000].map(formatDuration);
    expect(said.join()).to.equal('0s,59s,1m,2m 05s,59m 59s,1h,2h 05m,23h 59m,1d,1d 1h');
  });
});
