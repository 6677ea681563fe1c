// Redis as a local process: nothing is kept on disk, since the hub keeps nothing in it that could not be lost.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { HOST, untilAccepts } from '../../src/mongo/replica-set.js';
import { findProgram } from './programs.js';

const START_MS = 10_000;
const STOP_MS = 5_000;
/** Counters of limits, which all expire: when there is no room, the one that would expire next goes first. */
const MEMORY = ['--maxmemory', '64mb', '--maxmemory-policy', 'volatile-ttl'];

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

/**
 * Starts the `redis-server` on PATH.
 *
 * @param onSpawn gets the pid of every process that is started, before it is up
 * @throws ConfigError when there is none; Error when it does not come up
 */
export async function startRedisServer(
  port: number,
  directory: string,
  onSpawn: (pid: number) => void = () => {},
): Promise<RedisServer> {
  const program = await findProgram('redis-server', 'redis-server');
  let { child, exited } = await launch();

  async function launch(): Promise<{ child: ChildProcess; exited: Promise<void> }> {
    const place = ['--port', String(port), '--bind', HOST, '--dir', directory];
    const one = spawn(program, [...place, ...MEMORY, '--save', '', '--appendonly', 'no'], {
      // Its own process group, as mongod's: a Ctrl-C is for whoever started it.
      detached: true,
      stdio: 'ignore',
    });
    await once(one, 'spawn');
    onSpawn(one.pid as number);
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
