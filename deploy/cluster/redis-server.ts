// Redis as a local process: nothing is kept on disk, since the hub keeps nothing in it that could not be lost.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { HOST, untilAccepts } from '../../src/mongo/replica-set.js';

const START_MS = 10_000;
const STOP_MS = 5_000;

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** Resolves when the present process has ended. */
  readonly exited: Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Starts it again on its port, empty. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the `redis-server` on PATH. @throws Error when there is none, or when it does not come up */
export async function startRedisServer(port: number, directory: string): Promise<RedisServer> {
  let { child, exited } = await launch();

  async function launch(): Promise<{ child: ChildProcess; exited: Promise<void> }> {
    const place = ['--port', String(port), '--bind', HOST, '--dir', directory];
    const one = spawn('redis-server', [...place, '--save', '', '--appendonly', 'no'], {
      // Its own process group, as mongod's: a Ctrl-C is for whoever started it.
      detached: true,
      stdio: 'ignore',
    });
    await once(one, 'spawn').catch((error: Error) => {
      throw new Error(`redis-server cannot be run (Debian: apt-get install redis-server): ${error.message}`);
    });
    const end = once(one, 'exit').then(() => {});
    const onExit = (): void => void one.kill('SIGKILL');
    process.once('exit', onExit);
    void end.then(() => process.off('exit', onExit));
    const up = new AbortController();
    const deadline = AbortSignal.any([up.signal, AbortSignal.timeout(START_MS)]);
    try {
      await Promise.race([
        untilAccepts(port, deadline),
        end.then(() => Promise.reject(new Error(`redis-server ended at its start; is port ${port} free?`))),
      ]);
    } catch (error) {
      one.kill('SIGKILL');
      throw error;
    } finally {
      up.abort();
    }
    return { child: one, exited: end };
  }

  return {
    url: `redis://${HOST}:${port}`,
    port,
    get pid() {
      return child.pid as number;
    },
    get exited() {
      return exited;
    },
    kill: (signal) => void child.kill(signal),
    async start() {
      ({ child, exited } = await launch());
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
