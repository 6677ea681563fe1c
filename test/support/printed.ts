// What a child process prints, kept and waited for.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const DEADLINE_MS = 30_000;

export interface Printed {
  /** Everything that it printed so far, both streams. */
  readonly output: () => string;
  /** Resolves with the first match in what it prints; rejects when it ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code; `null` when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Reads along, from the first word: to be called in the tick in which the process is spawned. */
export function readAlong(child: ChildProcess): Printed {
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
