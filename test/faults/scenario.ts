// A named fault: what it needs, and what happens. Whatever it chooses it takes from the random numbers that it is given.
import type { Random } from '../support/random.js';
import type { Needs, World } from './world.js';

export interface Scenario {
  /** As `--only` has it. */
  readonly name: string;
  /** One line for the table. */
  readonly what: string;
  readonly needs: Needs;
  /** In a full run; default {@link SEEDS}. */
  readonly seeds?: number;
  /** Whether it belongs to `npm test`: it is short enough, and no other test has it happen. Default true. */
  readonly quick?: boolean;
  run(world: World, random: Random): Promise<void>;
}

/** Seeds of a full run, unless a scenario says otherwise. */
export const SEEDS = 3;
