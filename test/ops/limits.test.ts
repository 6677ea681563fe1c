// Limits by caller: what they refuse, what they tell, and that nobody fills the memory with them.
import { expect } from 'chai';
import { createLimits, type LimitName } from '../../src/ops/limits.js';
import { refusalOf } from '../support/refusal.js';

const none = {
  LIMIT_INTAKE_PER_MINUTE: 0,
  LIMIT_TEST_PER_MINUTE: 0,
  LIMIT_CONNECTS_PER_MINUTE: 0,
  LIMIT_FAILED_AUTH_PER_MINUTE: 0,
  LIMIT_COMMANDS_PER_10S: 0,
  LIMIT_REPLAY_MB_PER_MINUTE: 0,
};

describe('limits', () => {
  it('refuse one key beyond its points, say when to come back, and leave other keys alone', async () => {
    const limits = createLimits({ ...none, LIMIT_COMMANDS_PER_10S: 2 });
    await limits.consume('commands', 'alice');
    await limits.consume('commands', 'alice');
    const refusal = await refusalOf(limits.consume('commands', 'alice'));
    expect(refusal?.code).to.equal('rate_limited');
    expect(refusal?.retryAfterMs).to.be.within(1, 10_000);
    expect(await refusalOf(limits.consume('commands', 'bob'))).to.equal(null);
  });

  it('are off at 0', async () => {
    const limits = createLimits(none);
    for (let i = 0; i < 100; i++) await limits.consume('intake', 'key', 1_000_000);
    await limits.would('intake', 'key', 1_000_000);
  });

  it('take all of what is asked or nothing', async () => {
    const limits = createLimits({ ...none, LIMIT_REPLAY_MB_PER_MINUTE: 1 });
    await limits.consume('replay', 'alice', 600_000);
    expect((await refusalOf(limits.consume('replay', 'alice', 600_000)))?.code).to.equal('rate_limited');
    expect(await refusalOf(limits.consume('replay', 'alice', 400_000))).to.equal(null);
  });

  it('tell beforehand without taking', async () => {
    const limits = createLimits({ ...none, LIMIT_TEST_PER_MINUTE: 1 });
    await limits.would('test', '::1');
    await limits.would('test', '::1');
    await limits.consume('test', '::1');
    expect((await refusalOf(limits.would('test', '::1')))?.retryAfterMs).to.be.within(1, 60_000);
    expect((await refusalOf(limits.would('test', '::2', 2)))?.retryAfterMs).to.equal(60_000);
  });

  it('report each refusal by its name', async () => {
    const refused: LimitName[] = [];
    const limits = createLimits(
      { ...none, LIMIT_INTAKE_PER_MINUTE: 1 },
      { onLimited: (name) => void refused.push(name) },
    );
    await limits.consume('intake', 'key');
    await refusalOf(limits.consume('intake', 'key'));
    await refusalOf(limits.would('intake', 'key'));
    expect(refused).to.deep.equal(['intake', 'intake']);
  });

  it('let a flood of new keys share few counters, and known keys keep their own', async () => {
    const limits = createLimits({ ...none, LIMIT_FAILED_AUTH_PER_MINUTE: 2 });
    await limits.consume('failedAuth', 'known');
    let refusals = 0;
    for (let i = 0; i < 60_000; i++) {
      if (await refusalOf(limits.consume('failedAuth', `flood ${i}`))) refusals++;
    }
    // 49,999 keys of their own and at most two each of 1,024 shared ones.
    expect(refusals).to.be.at.least(60_000 - 49_999 - 2 * 1024);
    expect(await refusalOf(limits.consume('failedAuth', 'known'))).to.equal(null);
  });
});
