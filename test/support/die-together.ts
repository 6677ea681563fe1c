// Ends what a test started when the test's process dies, by whatever means: a leaked server outlives even kill -9 otherwise.
import { spawn } from 'node:child_process';

export interface Leash {
  /** The process is being ended in the ordinary way; its directory is the caller's to delete. */
  release(): void;
}

/** Kills process `pid` and deletes `directory` when this process is gone. */
export function dieTogether(pid: number, directory: string): Leash {
  // `read` ends when the last writer of the pipe does, which is this process.
  const script = `read -r word; [ "$word" = release ] && exit; kill -9 "$1"; rm -rf "$2"`;
  const watcher = spawn('/bin/sh', ['-c', script, 'watcher', String(pid), directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  const input = watcher.stdin;
  input.on('error', () => {});
  (input as unknown as { unref(): void }).unref();
  return { release: () => void input.end('release\n') };
}
