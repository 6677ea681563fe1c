// HTTP as bytes, for requests that no client would send.
import { connect, type Socket } from 'node:net';
import { DEADLINE_MS } from '../sockets/wait.js';

/** A connection to the server of `url`; errors of it are nobody's matter. */
export function dial(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname).on('error', () => {});
}

/** Sends a text as it is; resolves with all that comes back until the other side ends. */
export function exchange(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = dial(url);
    let heard = '';
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the connection stays open; heard: ${heard.slice(0, 500)}`));
    }, DEADLINE_MS);
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
    });
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(heard);
    });
    socket.write(text, 'latin1');
  });
}

/** Statuses of the answers in what came back, in their order. */
export const statusesOf = (heard: string): number[] =>
  [...heard.matchAll(/HTTP\/1\.1 (\d{3}) [A-Z]/g)].map(([, status]) => Number(status));
