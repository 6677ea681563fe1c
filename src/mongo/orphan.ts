// A hub that was killed with -9 leaves its mongod running. The next hub finds it by the pid in mongod's own lock file,
// makes sure that it is the one of this data, and ends it.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Logger } from 'pino';

const run = promisify(execFile);
/** Milliseconds for a clean end. */
const PATIENCE = 10_000;

/**
 * Ends the mongod that runs on the data in `dbpath`, if there is one: cleanly, by force after 10 s. A pid that has since
 * become another program's is left alone. The caller makes sure that no living hub uses the data.
 */
export async function endOrphan(dbpath: string, logger: Logger): Promise<void> {
  const pid = Number.parseInt(await readFile(path.join(dbpath, 'mongod.lock'), 'utf8').catch(() => ''), 10);
  if (Number.isNaN(pid) || pid <= 1 || !(await runsOn(dbpath, pid))) return;
  logger.warn({ mongod: pid }, 'ending the mongod that a killed hub left behind');
  // A stopped process gets the signal only when it goes on.
  for (const signal of ['SIGCONT', 'SIGTERM'] as const) send(pid, signal);
  const deadline = performance.now() + PATIENCE;
  while (!(await isGone(pid))) {
    if (performance.now() > deadline) send(pid, 'SIGKILL');
    await delay(50);
  }
}

async function runsOn(dbpath: string, pid: number): Promise<boolean> {
  const command =
    process.platform === 'linux'
      ? (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')
      : await ps('command=', pid);
  return command.includes(`--dbpath ${dbpath} `);
}

/** Whether it holds neither port nor files any more: gone, or remains that its parent has not collected. */
async function isGone(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return /^(Z|$)/.test((await ps('stat=', pid)).trim());
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  if (stat === '') return true;
  // The first thread can be a zombie while others are still closing files.
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  return /\) Z /.test(stat) && threads.length <= 1;
}

function ps(column: string, pid: number): Promise<string> {
  return run('ps', ['-ww', '-o', column, '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
