// All named faults, in the order of the table.
import type { Scenario } from '../scenario.js';
import { killedAtAnyMoment, killedBetweenSteps } from './hub-killed.js';

export const SCENARIOS: readonly Scenario[] = [killedAtAnyMoment, killedBetweenSteps];
