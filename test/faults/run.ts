// Runs a scenario with one seed after the other, and counts.
import type { Defect } from '../support/history.js';
import { createRandom } from '../support/random.js';
import type { Scenario } from './scenario.js';
import type { Servers } from './servers.js';
import { inWorld, type Outcome } from './world.js';

/** A row of the table. */
export interface Tally {
  name: string;
  what: string;
  seeds: number;
  operations: number;
  counts: Record<Defect['kind'], number>;
  /** Milliseconds. */
  recoveries: number[];
  /** Milliseconds; `null` where nobody looked. */
  pause: number | null;
  /** Milliseconds that all of it took. */
  took: number;
}

export interface RunOptions {
  servers: Servers;
  seeds: readonly number[];
  full: boolean;
  logs?: string | undefined;
  /** Told of each seed. */
  onOutcome?: (seed: number, outcome: Outcome) => void;
}

/** Databases are told apart by it, since one mongod serves many worlds. */
const RUN = Math.floor(performance.timeOrigin).toString(36);

export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Tally> {
  const { name, what, needs } = scenario;
  const began = performance.now();
  const counts = { lost: 0, duplicated: 0, reordered: 0, leaked: 0, wrong: 0 };
  const tally: Tally = { name, what, seeds: 0, operations: 0, counts, recoveries: [], pause: null, took: 0 };
  for (const seed of options.seeds) {
    const random = createRandom(`${name}/${seed}`);
    const database = `${name}_${seed}_${RUN}`;
    const staging = { servers: options.servers, random, full: options.full, database, logs: options.logs };
    const outcome = await inWorld(needs, staging, (world) => scenario.run(world, random.fork('faults')));
    tally.seeds++;
    tally.operations += outcome.operations;
    tally.recoveries.push(...outcome.recoveries);
    if (outcome.pause !== null) tally.pause = Math.max(tally.pause ?? 0, outcome.pause);
    for (const { kind } of outcome.defects) counts[kind]++;
    options.onOutcome?.(seed, outcome);
  }
  tally.took = performance.now() - began;
  return tally;
}
