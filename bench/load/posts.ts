// A process: posts mails over kept-alive connections, a fixed number in flight, and times each answer.
import { answerQuestions } from '../ipc.js';
import { type Percentiles, percentiles } from '../median.js';
import { openLine, type Target } from './line.js';
import { createMails } from './mails.js';

export interface PostResult extends Percentiles {
  perSecond: number;
  posts: number;
}

const mails = createMails();

answerQuestions({
  hello: () => {},
  /** Posts for so long with so many in flight, spread over the targets. */
  async run({ targets, inFlight, ms }: { targets: Target[]; inFlight: number; ms: number }): Promise<PostResult> {
    const targetOf = (line: number): Target => targets[line % targets.length] as Target;
    const lines = await Promise.all(Array.from({ length: inFlight }, (_, line) => openLine(targetOf(line), mails)));
    const times: number[] = [];
    const start = performance.now();
    const until = start + ms;
    /** Answers within the time: one that takes for ever must not stretch it. */
    let answers = 0;
    await Promise.all(
      lines.map(async (line) => {
        for (let sent = performance.now(); sent < until; ) {
          await line.post();
          const end = performance.now();
          times.push(end - sent);
          if (end <= until) answers++;
          sent = end;
        }
      }),
    );
    for (const line of lines) line.close();
    return { perSecond: answers / (ms / 1_000), ...percentiles(times), posts: times.length };
  },
});
