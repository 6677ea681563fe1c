// What a process has used of the processors so far, as Linux counts it: the bench's measure of cost.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds since the process began. */
export interface Cpu {
  user: number;
  system: number;
}

/** `/proc` counts in hundredths of a second, whatever the kernel's own clock is. */
const TICK_MS = 10;

/** User and system time of all threads of a process. */
export function cpuOf(pid: number): Cpu {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name, in parentheses, may hold anything; field 3 follows it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { user: Number(fields[11]) * TICK_MS, system: Number(fields[12]) * TICK_MS };
}

/** What a process used while something was done, milliseconds. */
export async function cpuDuring(pid: number, work: () => Promise<unknown>): Promise<Cpu> {
  const before = cpuOf(pid);
  await work();
  const after = cpuOf(pid);
  return { user: after.user - before.user, system: after.system - before.system };
}

const LOOK_MS = 500;
/** Of a look: what a process with thousands of idle connections uses for their heartbeats. */
const NEXT_TO_NOTHING = 0.1;
const SETTLE_MS = 10_000;

/** Resolves when a process has nothing left to do, or after 10 s. */
export async function settled(pid: number): Promise<void> {
  const until = performance.now() + SETTLE_MS;
  for (let idle = false; !idle && performance.now() < until; ) {
    const { user, system } = await cpuDuring(pid, () => delay(LOOK_MS));
    idle = user + system <= LOOK_MS * NEXT_TO_NOTHING;
  }
}

/** Resident memory of a process, bytes. */
export function memoryOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return 1_024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
}

/** Files that a process has open besides its sockets. */
const OTHER_FILES = 1_000;

/** Connections that a process may have here, each of which is an open file. */
export function mostSockets(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const [, soft] = /^Max open files\s+(\S+)/m.exec(limits) ?? [];
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft) - OTHER_FILES;
}
