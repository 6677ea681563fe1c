// mongods that are no replica sets, and hubs that die: what the tests of this folder start besides test/support.
import { until } from '../support/until.js';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../src/mongo/mongod.js';
import { dieTogether } from '../support/die-together.js';
import { mongodBinary } from '../support/mongo.js';

/** A directory for one test, under its real path. */
export function temporaryDirectory(): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), 'workitem-hub-test-'));
}

/** A bare mongod with these further arguments, which nobody has initiated. */
export async function bareMongod(
  dbpath: string,
  ...more: string[]
): Promise<{ url: string; process: ChildProcess; end(): Promise<void> }> {
  const port = await freePort();
  const place = ['--dbpath', dbpath, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'];
  const child = spawn(await mongodBinary(), [...place, ...more], { stdio: 'ignore', detached: true });
  await once(child, 'spawn');
  const leash = dieTogether(child.pid as number, dbpath);
  await untilAccepting(port);
  return {
    url: `mongodb://127.0.0.1:${port}/`,
    process: child,
    async end() {
      leash.release();
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
    },
  };
}

/** Resolves when a process has ended. */
export function waitUntilGone(pid: number, ms?: number): Promise<void> {
  return until(() => !isRunning(pid), ms);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function remove(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true });
}

async function untilAccepting(port: number): Promise<void> {
  for (const deadline = performance.now() + 15_000; ; await delay(20)) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    } finally {
      socket.destroy();
    }
  }
}
