// One hub of the cluster: `dist/main.js` as a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HOST } from '../../src/mongo/replica-set.js';
import { lastLine } from './last-line.js';
import type { ServerProcess } from './supervisor.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const START_MS = 60_000;
const LOOK_MS = 50;
/** Beyond its own SHUTDOWN_SECONDS. */
const STOP_MS = 5_000;

export interface HubProcess extends ServerProcess {
  readonly name: string;
  readonly port: number;
  /** Its own address, past the balancer. */
  readonly url: string;
}

export interface HubOptions {
  name: string;
  port: number;
  /** The whole environment but for HOST and PORT. */
  env: Record<string, string | undefined>;
  /** What it prints is added to this file. */
  logFile: string;
  /** Seconds that it may take to stop, as in its settings. */
  shutdownSeconds: number;
  /** Gets the pid of every process that is started, before it is up. */
  onSpawn: (pid: number) => void;
}

/** Starts it; resolves when it is ready. @throws Error with what it printed last, when it ends before */
export async function startHub(options: HubOptions): Promise<HubProcess> {
  const { name, port, logFile, shutdownSeconds } = options;
  const url = `http://${HOST}:${port}`;
  let child: ChildProcess;
  let exited: Promise<unknown>;

  async function start(): Promise<void> {
    // In development a hub prints sign-in links: for its owner's eyes.
    const log = await open(logFile, 'a', 0o600);
    try {
      child = spawn(process.execPath, [MAIN], {
        env: { ...options.env, HOST, PORT: String(port) },
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      });
    } finally {
      await log.close();
    }
    exited = once(child, 'exit');
    options.onSpawn(child.pid as number);
    await untilReady(url, exited, logFile).catch(async (error: unknown) => {
      child.kill('SIGKILL');
      await exited;
      throw error;
    });
  }

  await start();
  return {
    name,
    port,
    url,
    get pid() {
      return child.pid as number;
    },
    get exited() {
      return exited;
    },
    start,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), shutdownSeconds * 1_000 + STOP_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

async function untilReady(url: string, exited: Promise<unknown>, logFile: string): Promise<void> {
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  const deadline = performance.now() + START_MS;
  while (!(await isReady(url))) {
    if (ended) throw new Error(`it ended: ${await lastLine(logFile)}`);
    if (performance.now() > deadline) throw new Error(`it was not ready within ${START_MS / 1_000} s; see ${logFile}`);
    await delay(LOOK_MS);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
