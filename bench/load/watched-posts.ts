// A process: many sockets on one server, and POSTs at a steady pace, so that one clock times both: from a POST to its event at each
// socket that sees it.
import { setTimeout as delay } from 'node:timers/promises';
import { answerQuestions } from '../ipc.js';
import { type Percentiles, percentiles } from '../median.js';
import { type Client, connectAll, type Dialect, itemIdIn } from './connection.js';
import { type Line, openLine, type Target } from './line.js';
import { createMails } from './mails.js';

export interface Pace {
  target: Target;
  perSecond: number;
  seconds: number;
  /** Sockets that see each of the mails. */
  watchers: number;
  /** Domains of the senders. */
  domains?: string[];
}

export interface Watched {
  /** From a POST to its event at a socket. */
  seen: Percentiles;
  /** From a POST to its answer. */
  answered: Percentiles;
  posts: number;
  /** What was not done at a moment: POSTs without an answer, and events that a socket had yet to get of answered ones. */
  waiting: { unanswered: number; owed: number }[];
  /** Events that did not arrive at all. */
  missing: number;
  /** Events that arrived more than once at a socket, or where they do not belong. */
  surplus: number;
}

const LINES = 64;
const SAMPLE_MS = 250;
/** The last events may take so long. */
const AFTERMATH_MS = 10_000;

/** When each event arrived, by the id of its item. */
const arrivals = new Map<number, number[]>();
let arrived = 0;

function onEvent(beginning: Buffer): void {
  const id = itemIdIn(beginning);
  const times = arrivals.get(id);
  if (times) times.push(performance.now());
  else arrivals.set(id, [performance.now()]);
  arrived++;
}

answerQuestions({
  hello: () => {},
  async connect({ dialect, clients }: { dialect: Dialect; clients: Client[] }) {
    await connectAll(dialect, clients, onEvent);
  },

  async run({ target, perSecond, seconds, watchers, domains }: Pace): Promise<Watched> {
    arrivals.clear();
    arrived = 0;
    const mails = createMails(domains);
    const free = await Promise.all(Array.from({ length: LINES }, () => openLine(target, mails)));
    const lines = [...free];
    const wanted: ((line: Line) => void)[] = [];
    const begun = new Map<number, number>();
    const answers: number[] = [];
    const posts = perSecond * seconds;
    let sent = 0;

    /** A POST for which no connection is free waits for one, and its time runs. */
    async function post(): Promise<void> {
      const began = performance.now();
      const line = free.pop() ?? (await new Promise<Line>((resolve) => wanted.push(resolve)));
      const { submission_id: id } = JSON.parse(await line.post()) as { submission_id: number };
      answers.push(performance.now() - began);
      begun.set(id, began);
      const next = wanted.shift();
      if (next) next(line);
      else free.push(line);
    }

    const waiting: Watched['waiting'] = [];
    const sampler = setInterval(
      () => waiting.push({ unanswered: sent - answers.length, owed: Math.max(0, answers.length * watchers - arrived) }),
      SAMPLE_MS,
    );
    const start = performance.now();
    const under: Promise<void>[] = [];
    while (sent < posts) {
      const due = Math.min(posts, 1 + Math.floor(((performance.now() - start) * perSecond) / 1_000));
      for (; sent < due; sent++) under.push(post());
      await delay(Math.max(0, start + (sent * 1_000) / perSecond - performance.now()));
    }
    clearInterval(sampler);
    await Promise.all(under);
    const until = performance.now() + AFTERMATH_MS;
    while (arrived < posts * watchers && performance.now() < until) await delay(10);
    for (const line of lines) line.close();

    const times: number[] = [];
    let missing = 0;
    let surplus = 0;
    for (const [id, began] of begun) {
      const at = arrivals.get(id) ?? [];
      missing += Math.max(0, watchers - at.length);
      surplus += Math.max(0, at.length - watchers);
      for (const time of at) times.push(time - began);
    }
    return { seen: percentiles(times), answered: percentiles(answers), posts, waiting, missing, surplus };
  },
});
