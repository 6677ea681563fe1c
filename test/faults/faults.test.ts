// The named faults of `npm run faults`, each with one seed and at a small size.
import { expect } from 'chai';
import { runScenario } from './run.js';
import { SCENARIOS } from './scenarios/index.js';
import { createServers } from './servers.js';

const SEED = 1;

describe('under a named fault nothing is lost, doubled, reordered or leaked', () => {
  const servers = createServers();
  after(async function () {
    this.timeout(60_000);
    await servers.end();
  });

  for (const scenario of SCENARIOS) {
    if (scenario.quick === false) continue;
    it(`${scenario.name}: ${scenario.what}`, async function () {
      this.timeout(180_000);
      const found: string[] = [];
      const { operations } = await runScenario(scenario, {
        servers,
        seeds: [SEED],
        full: false,
        onOutcome: (seed, { defects }) =>
          found.push(...defects.map(({ kind, what }) => `seed ${seed}: ${kind}: ${what}`)),
      });
      expect(found).to.deep.equal([]);
      expect(operations).to.be.at.least(50);
    });
  }
});
