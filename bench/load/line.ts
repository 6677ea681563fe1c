// One kept-alive HTTP connection that posts mails, one at a time.
import { once } from 'node:events';
import { connect } from 'node:net';
import type { MailMaker } from './mails.js';

/** Where the hub and its peers take mails. */
export const INTAKE_PATH = '/api/email/intake';

export interface Target {
  port: number;
  path: string;
  /** Value of `x-api-key`. */
  key: string;
}

export interface Line {
  /** Resolves with the answer's body. */
  post(): Promise<string>;
  close(): void;
}

/** One connection; one request at a time. */
export async function openLine({ port, path, key }: Target, mails: MailMaker): Promise<Line> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nx-api-key: ${key}\r\n`;
  let settle: { resolve: (body: string) => void; reject: (error: Error) => void } | null = null;
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
    if (!(text.length >= end + 4 + length)) return;
    const answer = text;
    text = '';
    if (answer.startsWith('HTTP/1.1 200')) settle?.resolve(answer.slice(end + 4));
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
