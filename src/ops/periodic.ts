// Work that is done again and again, never twice at the same time: heartbeats and sweeps.

export interface Periodic {
  /** Runs the work now, then at every interval; resolves when the first run has ended. Keeps no process alive. */
  start(): Promise<void>;
  /** Runs it once more, behind what is under way. */
  run(): Promise<void>;
  /** No further runs; resolves when the last has ended. */
  stop(): Promise<void>;
}

/** @param work must not reject: it logs what went wrong, and is repeated. */
export function createPeriodic(work: () => Promise<void>, everyMs: number): Periodic {
  let timer: NodeJS.Timeout | undefined;
  let active: Promise<void> = Promise.resolve();

  function run(): Promise<void> {
    active = active.then(work);
    return active;
  }

  return {
    start() {
      timer = setInterval(() => void run(), everyMs);
      timer.unref();
      return run();
    },
    run,
    async stop() {
      clearInterval(timer);
      await active;
    },
  };
}
