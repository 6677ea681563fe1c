// A Socket.IO client that speaks the protocol by hand, so that it can say what no library would, to a whole hub.
import { WebSocket } from 'ws';
import { DEADLINE_MS } from '../sockets/wait.js';

export interface EngineSocket {
  readonly client: WebSocket;
  /** Everything heard so far. */
  readonly heard: string[];
  say(text: string): void;
  /** Joins a namespace; resolves with the answer, `40…` or `44…`, or `closed`. */
  join(namespace: string, auth: unknown): Promise<string>;
  /** Sends an event that wants an answer; resolves with the JSON of it, or `closed`. */
  ask(namespace: string, event: string, ...args: unknown[]): Promise<string>;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<unknown>;
}

export async function engineSocket(url: string, query = ''): Promise<EngineSocket> {
  const client = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket${query}`);
  const heard: string[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of waiting) look();
  };
  client.on('error', () => {});
  client.on('message', (message) => {
    heard.push((message as Buffer).toString());
    wake();
  });
  const ended = new Promise((resolve) => client.on('close', resolve)).then(wake);
  let asked = 0;

  function next(from: number, prefixes: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`not heard in time: ${prefixes.join()}; heard: ${heard.slice(from).join(' ').slice(0, 500)}`));
      }, DEADLINE_MS);
      function look(): void {
        const found = heard.slice(from).find((text) => prefixes.some((prefix) => text.startsWith(prefix)));
        if (found === undefined && client.readyState !== WebSocket.CLOSED) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(found ?? 'closed');
      }
      waiting.add(look);
      look();
    });
  }

  await next(0, ['0{']);
  const say = (text: string): void => client.send(text, () => {});
  return {
    client,
    heard,
    say,
    ended,
    join(namespace, auth) {
      const from = heard.length;
      say(`40${namespace},${JSON.stringify(auth)}`);
      return next(from, [`40${namespace},`, `44${namespace},`, '44']);
    },
    ask(namespace, event, ...args) {
      const from = heard.length;
      const id = ++asked;
      say(`42${namespace},${id}${JSON.stringify([event, ...args])}`);
      return next(from, [`43${namespace},${id}[`]);
    },
  };
}
