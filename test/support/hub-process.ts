// The hub as an operator runs it: a process with an environment, signals, an exit code and what it prints.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Printed, readAlong } from './printed.js';

/** The hub's process, as `npm test` has built it; also some file that is there. */
export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface HubProcess extends Printed {
  readonly child: ChildProcess;
}

/** Starts the hub; port 0 and a quiet environment unless told otherwise. */
export function startHubProcess(env: Record<string, string>): HubProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME,
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, ...readAlong(child) };
}

/** A directory for `DATA_DIR`; `remove` also ends the mongod that a killed hub left in it. */
export async function dataDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-data-'));
  return {
    path: directory,
    async remove() {
      const lock = await readFile(path.join(directory, 'mongodb', 'db', 'mongod.lock'), 'utf8').catch(() => '');
      const pid = Number.parseInt(lock, 10);
      if (pid > 1) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has ended by itself.
        }
      }
      await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
