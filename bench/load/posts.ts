// A process: posts mails over kept-alive connections, a fixed number in flight, and times each answer.
import { once } from 'node:events';
import { connect } from 'node:net';
import { answerQuestions } from '../ipc.js';
import { createMails, type MailMaker } from './mails.js';

export interface Target {
  port: number;
  path: string;
  /** Value of `x-api-key`. */
  key: string;
}

export interface PostResult {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  posts: number;
}

interface Line {
  post(): Promise<void>;
  close(): void;
}

/** One connection; one request at a time. */
async function openLine({ port, path, key }: Target, mails: MailMaker): Promise<Line> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nx-api-key: ${key}\r\n`;
  let settle: { resolve: () => void; reject: (error: Error) => void } | null = null;
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
    if (!(text.length >= end + 4 + length)) return;
    const answer = text;
    text = '';
    if (answer.startsWith('HTTP/1.1 200')) settle?.resolve();
    else settle?.reject(new Error(`a POST was answered ${answer.slice(9, 12)}: ${answer.slice(end + 4, end + 300)}`));
  });
  socket.on('error', (error) => settle?.reject(error));
  socket.on('close', () => settle?.reject(new Error('a connection was closed under a POST')));
  return {
    post: () =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        const body = mails.next();
        // The mails are ASCII: characters are bytes.
        socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`, 'latin1');
      }),
    close: () => socket.destroy(),
  };
}

const mails = createMails();

answerQuestions({
  hello: () => {},
  /** Posts for so long with so many in flight. */
  async run({ target, inFlight, ms }: { target: Target; inFlight: number; ms: number }): Promise<PostResult> {
    const lines = await Promise.all(Array.from({ length: inFlight }, () => openLine(target, mails)));
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
    times.sort((a, b) => a - b);
    const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    return { perSecond: answers / (ms / 1_000), p50: at(0.5), p99: at(0.99), posts: times.length };
  },
});
