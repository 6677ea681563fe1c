// Starts the processes of a run, each ended by its own id: peers and load clients, which answer questions, and hubs.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dieTogether } from '../test/support/die-together.js';
import { type Ask, askProcess } from './ipc.js';
import type { Scope } from './scope.js';

export interface Bench {
  scope: Scope;
  /** For logs and data of this run; deleted at its end. */
  directory: string;
  /** Where servers leave their CPU profiles; none are made when absent. */
  profiles: string | undefined;
}

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const STOP_MS = 10_000;
const ANSWER_MS = 120_000;

/** Starts a script of the bench; resolves when it can be asked. */
export async function startScript(
  bench: Bench,
  script: string,
  {
    env = {},
    execArgv = [],
    profile = false,
  }: { env?: Record<string, string>; execArgv?: string[]; profile?: boolean } = {},
): Promise<{ pid: number; ask: Ask }> {
  const child = fork(path.join(ROOT, 'bench', script), {
    execArgv: ['--import', 'tsx', ...execArgv, ...(profile ? profiling(bench) : [])],
    env: { ...process.env, NODE_ENV: 'production', ...env },
    serialization: 'json',
  });
  bench.scope.add(() => stop(child));
  const ask = askProcess(child, script, ANSWER_MS);
  await ask('hello');
  return { pid: child.pid as number, ask };
}

/** Starts the built hub; its log goes to a file, as a deployed one's goes to a collector. */
export function startHubProcess(
  bench: Bench,
  name: string,
  env: Record<string, string>,
  execArgv: readonly string[] = [],
): { pid: number } {
  const log = openSync(path.join(bench.directory, `${name}.log`), 'w');
  const child = spawn(process.execPath, [...execArgv, ...profiling(bench, name), path.join(ROOT, 'dist', 'main.js')], {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const leash = dieTogether(child.pid as number, '');
  bench.scope.add(async () => {
    await stop(child);
    leash.release();
  });
  return { pid: child.pid as number };
}

/** Scripts get no name for their profile: the threads of their loader would write over it. */
function profiling({ profiles }: Bench, name?: string): string[] {
  if (profiles === undefined) return [];
  return ['--cpu-prof', `--cpu-prof-dir=${profiles}`, ...(name ? [`--cpu-prof-name=${name}.cpuprofile`] : [])];
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
