// What is done to several: a few at once, and how far each such run has come.
import { createValue, type Value } from '../ui/value';

export interface Progress {
  id: number;
  /** What is done, such as `Claim`. */
  words: string;
  done: number;
  total: number;
}

export interface Runs {
  /** Of those under way, the first first. A single one makes no progress to look at. */
  readonly progress: Value<readonly Progress[]>;
  overAll<T>(words: string, all: readonly T[], each: (one: T) => Promise<void>): Promise<void>;
}

/** Orders under way at once. */
const AT_ONCE = 6;

export function createRuns(): Runs {
  const progress = createValue<readonly Progress[]>([]);
  let runs = 0;

  async function overAll<T>(words: string, all: readonly T[], each: (one: T) => Promise<void>): Promise<void> {
    const total = all.length;
    if (total === 1) return each(all[0] as T);
    const queue = all.values();
    const id = ++runs;
    progress.write([...progress.read(), { id, words, done: 0, total }]);
    const workers = Array.from({ length: Math.min(AT_ONCE, total) }, async () => {
      // One iterator for all of them: each takes the next that nobody has.
      for (const one of queue) {
        await each(one);
        progress.write(progress.read().map((run) => (run.id === id ? { ...run, done: run.done + 1 } : run)));
      }
    });
    await Promise.all(workers);
    progress.write(progress.read().filter((run) => run.id !== id));
  }

  return { progress, overAll };
}
