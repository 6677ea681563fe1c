// Nothing that the cluster started outlives it, by whatever means it ends: kill -9 leaves it no last word.
import { spawn } from 'node:child_process';

export interface Leash {
  /** A process that leads a group of its own: the whole group ends with this process. Repeating it is harmless. */
  hold(pid: number): void;
  /** It has ended. */
  free(pid: number): void;
  /** All have ended. */
  end(): void;
}

/** `read` fails when the last writer of the pipe is gone, which is this process. */
const SCRIPT = `
held=' '
while read -r verb pid; do
  case $verb in
    hold) case $held in *" $pid "*) ;; *) held="$held$pid " ;; esac ;;
    free) case $held in *" $pid "*) held="\${held%% $pid *} \${held#* $pid }" ;; esac ;;
  esac
done
for pid in $held; do kill -9 "-$pid"; done
`;

export function createLeash(): Leash {
  const watcher = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watcher.unref();
  const input = watcher.stdin;
  input.on('error', () => {});
  (input as unknown as { unref(): void }).unref();
  return {
    hold: (pid) => void input.write(`hold ${pid}\n`),
    free: (pid) => void input.write(`free ${pid}\n`),
    end: () => void input.end(),
  };
}
