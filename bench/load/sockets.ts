// A process: many sockets on one server, which count what they are sent and do nothing else.
import { answerQuestions } from '../ipc.js';
import { type Client, connectAll, type Dialect, whenLost } from './connection.js';

const ends: (() => void)[] = [];
let received = 0;
let goal = Number.POSITIVE_INFINITY;
let reached = (): void => {};
let failed = (_error: Error): void => {};

function onEvent(): void {
  received++;
  if (received >= goal) reached();
}

let lost: Error | null = null;

whenLost(() => {
  lost = new Error('a connection was lost');
  failed(lost);
});

answerQuestions({
  hello: () => {},
  /** Opens connections; answers when all of them get events, with the milliseconds that it took. */
  async connect({ dialect, clients, opening }: { dialect: Dialect; clients: Client[]; opening?: number }) {
    const start = performance.now();
    ends.push(...(await connectAll(dialect, clients, onEvent, opening)));
    return performance.now() - start;
  },
  disconnect() {
    for (const end of ends.splice(0)) end();
  },
  /** Counts from nought. */
  reset() {
    received = 0;
    goal = Number.POSITIVE_INFINITY;
  },
  /** Answers when so many events have arrived since `reset`. */
  async received(count: number) {
    await new Promise<void>((resolve, reject) => {
      goal = count;
      reached = resolve;
      failed = reject;
      if (received >= count) resolve();
      else if (lost) reject(lost);
    });
    return received;
  },
});
