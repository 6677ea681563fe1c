// The named faults of `npm run faults`, those that are short enough and that no other test brings about, each with one
// seed and at a small size.
import { expect } from 'chai';
import { type Running, startJobs } from './run.js';
import { SCENARIOS } from './scenarios/index.js';

const SEED = 1;
/** They wait most of their time. */
const LANES = 3;

describe('under a named fault nothing is lost, doubled, reordered or leaked', () => {
  const short = SCENARIOS.filter(({ quick = true }) => quick);
  let running: Running;
  before(() => {
    running = startJobs(
      short.map((scenario) => ({ scenario, seed: SEED })),
      { lanes: LANES, full: false },
    );
  });
  after(async function () {
    this.timeout(120_000);
    await running.end();
  });

  short.forEach(({ name, what }, index) => {
    it(`${name}: ${what}`, async function () {
      this.timeout(300_000);
      const { defects, operations } = (await running.outcomes[index]) ?? expect.fail('it was not run');
      expect(
        defects.map(({ kind, what: how }) => `seed ${SEED}: ${kind}: ${how}`),
        `npm run faults -- --only ${name} --seed ${SEED} --quick`,
      ).to.deep.equal([]);
      expect(operations).to.be.at.least(50);
    });
  });
});
