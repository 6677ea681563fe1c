// Gives streams that are replayed the same events one array of them, which transports encode once.
import type { LogEvent } from '../eventlog/event.js';

/** Runs that are remembered; each is as large as one piece of a replay. */
const RUNS = 64;
/** All are forgotten after so long: a storm is over by then, or begins anew. */
const FORGET_MS = 10_000;

const later = (forget: () => void): void => void setTimeout(forget, FORGET_MS).unref();

/**
 * @param whenOver calls what it is given when the runs that were remembered since the last time are to be forgotten.
 * @returns a function that answers a run of events with the array of whoever asked for the same before. What is the same is seen
 *   event by event: rights and filters have been applied, and decide here only by what they let through.
 */
export function createSharedRuns(
  most = RUNS,
  whenOver: (forget: () => void) => void = later,
): (events: readonly LogEvent[]) => readonly LogEvent[] {
  let runs: (readonly LogEvent[])[] = [];
  let oldest = 0;

  function forget(): void {
    runs = [];
    oldest = 0;
  }

  return (events) => {
    const known = runs.find((run) => run.length === events.length && run.every((event, at) => event === events[at]));
    if (known) return known;
    if (runs.length === 0) whenOver(forget);
    runs[oldest] = events;
    oldest = (oldest + 1) % most;
    return events;
  };
}
