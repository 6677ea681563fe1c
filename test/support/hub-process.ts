// The hub as an operator runs it: a process with an environment, signals, an exit code and what it prints.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The hub's process; also some file that is there. */
export const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const DEADLINE_MS = 30_000;

export interface HubProcess {
  readonly child: ChildProcess;
  /** Everything that it printed so far, both streams. */
  readonly output: () => string;
  /** Resolves with the first match in what it prints; rejects when it ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code; `null` when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts `main.ts`; port 0 and a quiet environment unless told otherwise. */
export function startHubProcess(env: Record<string, string>): HubProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME,
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const looks = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const look of looks) look();
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    output: () => output,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(output);
          if (match) settle(() => resolve(match));
        };
        const settle = (then: () => void): void => {
          clearTimeout(timer);
          looks.delete(look);
          then();
        };
        const fail = (why: string) => settle(() => reject(new Error(`${why}: ${pattern}\n${output}`)));
        const timer = setTimeout(() => fail('not printed in time'), DEADLINE_MS);
        looks.add(look);
        void ended.then(() => fail('ended before it printed'));
        look();
      }),
  };
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
