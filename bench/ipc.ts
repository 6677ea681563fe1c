// Questions and answers between the bench and the processes it starts, over Node's own channel.
import type { ChildProcess } from 'node:child_process';

interface Question {
  id: number;
  ask: string;
  with: unknown;
}

interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}

type Handlers = Record<string, (argument: never) => unknown>;

/** In a started process: answers questions by name, and ends when the bench is gone. */
export function answerQuestions(handlers: Handlers): void {
  process.on('disconnect', () => process.exit());
  process.on('message', ({ id, ask, with: argument }: Question) => {
    const answer = async (): Promise<unknown> => handlers[ask]?.(argument as never);
    answer()
      .then((result): Answer => ({ id, result }))
      .catch((error: unknown): Answer => ({ id, error: String((error as Error).stack ?? error) }))
      .then((reply) => process.send?.(reply))
      .catch(() => process.exit(1));
  });
}

export type Ask = <T = void>(ask: string, argument?: unknown) => Promise<T>;

/**
 * In the bench: a function that asks a process and waits for its answer.
 * @param deadlineMs after which a question counts as failed
 */
export function askProcess(child: ChildProcess, name: string, deadlineMs: number): Ask {
  let last = 0;
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  child.on('message', ({ id, result, error }: Answer) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(result as never);
    else one?.reject(new Error(`${name}: ${error}`));
  });
  child.on('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`${name} ended (${signal ?? code})`));
    waiting.clear();
  });
  return async (ask, argument) => {
    const id = ++last;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        timer = setTimeout(() => reject(new Error(`${name} did not answer "${ask}" in time`)), deadlineMs);
        child.send({ id, ask, with: argument } satisfies Question, (error) => error && reject(error));
      });
    } finally {
      clearTimeout(timer);
      waiting.delete(id);
    }
  };
}
