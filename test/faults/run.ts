// Runs scenarios with their seeds, some at a time, and counts what became of them.
import type { Defect } from '../support/history.js';
import { createRandom } from '../support/random.js';
import type { Scenario } from './scenario.js';
import { createServers } from './servers.js';
import { inWorld, type Outcome } from './world.js';

/** One run of a scenario. */
export interface Job {
  scenario: Scenario;
  seed: number;
}

export interface RunOptions {
  /** Runs at a time, each on servers of its own. */
  lanes: number;
  full: boolean;
  /** A directory for what the hubs print. */
  logs?: string | undefined;
}

export interface Running {
  /** Of each job, in their order. */
  readonly outcomes: readonly Promise<Outcome>[];
  /** Begins no more of them, and ends the servers when the present ones are over. */
  end(): Promise<void>;
}

/** Databases are told apart by it, since one mongod serves many worlds. */
const RUN = Math.floor(performance.timeOrigin).toString(36);

// Each server of each lane waits for the end of this process, to end with it.
process.setMaxListeners(0);

/** Begins at once. */
export function startJobs(jobs: readonly Job[], { lanes, full, logs }: RunOptions): Running {
  const settle: { resolve: (outcome: Outcome) => void; reject: (error: unknown) => void }[] = [];
  const outcomes = jobs.map(() => new Promise<Outcome>((resolve, reject) => void settle.push({ resolve, reject })));
  // Whoever waits for one of them is told; the others are nobody's.
  for (const outcome of outcomes) outcome.catch(() => {});
  let next = 0;
  let ended = false;

  async function lane(): Promise<void> {
    const servers = createServers();
    try {
      while (!ended && next < jobs.length) {
        const index = next++;
        const { scenario, seed } = jobs[index] as Job;
        const random = createRandom(`${scenario.name}/${seed}`);
        const database = `${scenario.name}_${seed}_${RUN}`;
        const play = inWorld(scenario.needs, { servers, random, full, database, logs }, (world) =>
          scenario.run(world, random.fork('faults')),
        );
        await play.then(settle[index]?.resolve, settle[index]?.reject);
      }
    } finally {
      await servers.end();
    }
  }

  const running = Promise.all(Array.from({ length: lanes }, lane));
  return {
    outcomes,
    async end() {
      ended = true;
      await running;
    },
  };
}

/** A row of the table. */
export interface Tally {
  name: string;
  seeds: number;
  operations: number;
  counts: Record<Defect['kind'], number>;
  /** Milliseconds. */
  recoveries: number[];
  /** Milliseconds; `null` where nobody looked. */
  pause: number | null;
}

export function tallyOf({ name }: Scenario, outcomes: readonly Outcome[]): Tally {
  const counts = { lost: 0, duplicated: 0, reordered: 0, leaked: 0, wrong: 0 };
  for (const { kind } of outcomes.flatMap(({ defects }) => defects)) counts[kind]++;
  const pauses = outcomes.map(({ pause }) => pause).filter((pause) => pause !== null);
  return {
    name,
    seeds: outcomes.length,
    operations: outcomes.reduce((sum, { operations }) => sum + operations, 0),
    counts,
    recoveries: outcomes.flatMap(({ recoveries }) => recoveries),
    pause: pauses.length > 0 ? Math.max(...pauses) : null,
  };
}
