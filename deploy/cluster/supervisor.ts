// Starts again what died, as `restart: always` of the compose file does.
import { setTimeout as delay } from 'node:timers/promises';

/** A server of the cluster, as a process that can be started again where it was. */
export interface ServerProcess {
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** Resolves when the present process has ended. */
  readonly exited: Promise<unknown>;
  /** Resolves when it is up. */
  start(): Promise<void>;
  /** Ends it in the ordinary way, by force when it takes too long. */
  stop(): Promise<void>;
}

export interface Supervised {
  /** Ends it and starts it again. Rejects when it does not come up; it is tried again and again then. */
  restart(): Promise<void>;
  /** Lets it end from now on. Resolves when nothing is being started any more. */
  release(): Promise<void>;
}

export interface SupervisorOptions {
  name: string;
  /** Gets a line for whoever watches. */
  say: (line: string) => void;
  onStarted: (pid: number) => void;
  onEnded: (pid: number) => void;
}

/** One that lived so long died of something new, and is started again at once; milliseconds. */
const LONG_LIFE = 10_000;
const BACK_OFF_MAX = 10_000;

/** Watches a process that is up. */
export function supervise(server: ServerProcess, { name, say, onStarted, onEnded }: SupervisorOptions): Supervised {
  const releasing = new AbortController();
  const { signal } = releasing;
  let backOff = 0;
  /** Ended on purpose, and started by whoever did that. */
  let replacing: Promise<void> | null = null;
  let starting: Promise<void> | null = null;

  async function watch(): Promise<void> {
    while (!signal.aborted) {
      const { pid } = server;
      const began = performance.now();
      onStarted(pid);
      await server.exited;
      onEnded(pid);
      if (performance.now() - began > LONG_LIFE) backOff = 0;
      if (signal.aborted || (await isReplaced())) continue;
      say(`${name} has ended (process ${pid})`);
      await startAgain();
    }
  }

  async function startAgain(): Promise<void> {
    for (;;) {
      try {
        await delay(backOff, undefined, { signal });
        if (await isReplaced()) return;
        backOff = Math.min(BACK_OFF_MAX, Math.max(250, backOff * 2));
        await start();
        say(`${name} is up again as process ${server.pid}`);
        return;
      } catch (error) {
        if (signal.aborted) return;
        say(`${name} did not start: ${(error as Error).message}`);
      }
    }
  }

  function start(): Promise<void> {
    starting = server.start();
    return starting;
  }

  async function replace(): Promise<void> {
    await starting?.catch(() => {});
    await server.stop();
    await start();
  }

  /** Whether somebody else has just started it. */
  async function isReplaced(): Promise<boolean> {
    if (!replacing) return false;
    return replacing.then(
      () => true,
      () => false,
    );
  }

  void watch();
  return {
    async restart() {
      replacing = replace();
      try {
        await replacing;
      } finally {
        replacing = null;
      }
    },
    async release() {
      releasing.abort();
      // What is being started would be left behind.
      await replacing?.catch(() => {});
      await starting?.catch(() => {});
    },
  };
}
