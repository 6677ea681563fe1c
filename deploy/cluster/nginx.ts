// nginx before the hubs of the cluster.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HOST, untilAccepts } from '../../src/mongo/replica-set.js';
import { lastLine } from './last-line.js';
import { localConfig } from './nginx-config.js';
import { findProgram } from './programs.js';
import type { ServerProcess } from './supervisor.js';

const START_MS = 15_000;
const STOP_MS = 5_000;

export interface NginxServer extends ServerProcess {
  readonly port: number;
  readonly url: string;
  /** Where it writes what it did: `access.log`, `error.log`. */
  readonly directory: string;
  /** Takes no new connections; it ends when the last is gone. */
  quit(): void;
}

export interface NginxOptions {
  port: number;
  hubPorts: readonly number[];
  directory: string;
  onSpawn: (pid: number) => void;
}

/** @throws ConfigError when it is not installed; Error with what it said when it does not start */
export async function startNginx({ port, hubPorts, directory, onSpawn }: NginxOptions): Promise<NginxServer> {
  const program = await findProgram('nginx', 'nginx');
  await mkdir(directory, { recursive: true });
  const config = path.resolve(directory, 'nginx.conf');
  await writeFile(config, localConfig({ port, hubPorts, directory: path.resolve(directory) }));
  const errors = path.resolve(directory, 'error.log');
  let child: ChildProcess | undefined;
  let exited: Promise<unknown> = Promise.resolve();

  async function start(): Promise<void> {
    // A master that was killed leaves its workers, and they the port.
    if (child) endGroup(child.pid as number);
    const one = spawn(program, ['-e', errors, '-c', config, '-g', 'daemon off;'], {
      detached: true,
      stdio: 'ignore',
    });
    child = one;
    exited = once(one, 'exit');
    onSpawn(one.pid as number);
    const up = new AbortController();
    try {
      await Promise.race([
        untilAccepts(port, AbortSignal.any([up.signal, AbortSignal.timeout(START_MS)])),
        exited.then(async () => {
          throw new Error(`nginx ended at its start: ${await lastLine(errors)}`);
        }),
      ]);
    } catch (error) {
      endGroup(one.pid as number);
      throw error;
    } finally {
      up.abort();
    }
  }

  await start();
  const pid = (): number => child?.pid as number;
  return {
    port,
    url: `http://${HOST}:${port}`,
    directory: path.resolve(directory),
    get pid() {
      return pid();
    },
    get exited() {
      return exited;
    },
    start,
    quit: () => void child?.kill('SIGQUIT'),
    async stop() {
      child?.kill('SIGTERM');
      const timer = setTimeout(() => endGroup(pid()), STOP_MS);
      await exited;
      clearTimeout(timer);
      endGroup(pid());
    },
  };
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody is left of it.
  }
}
