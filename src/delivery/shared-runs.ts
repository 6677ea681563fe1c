// Gives streams that are replayed the same events one array of them, which transports encode once.
import type { LogEvent } from '../eventlog/event.js';

/** Runs that are remembered; each is as large as one piece of a replay. */
const RUNS = 64;

/**
 * @returns a function that answers a run of events with the array of whoever asked for the same before. What is the same is seen
 *   event by event: rights and filters have been applied, and decide here only by what they let through.
 */
export function createSharedRuns(most = RUNS): (events: readonly LogEvent[]) => readonly LogEvent[] {
  const runs: (readonly LogEvent[])[] = [];
  let oldest = 0;
  return (events) => {
    const known = runs.find((run) => run.length === events.length && run.every((event, at) => event === events[at]));
    if (known) return known;
    runs[oldest] = events;
    oldest = (oldest + 1) % most;
    return events;
  };
}
