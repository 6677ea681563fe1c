// What a process has used of the processors so far, as Linux counts it: the bench's measure of cost.
import { readFileSync } from 'node:fs';

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
