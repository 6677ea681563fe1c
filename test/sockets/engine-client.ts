// Clients that speak Engine.IO by hand, to say what no library would.
import { WebSocket } from 'ws';
import type { Edge } from './edge.js';
import { DEADLINE_MS, heardOnce } from './wait.js';

/** A WebSocket on Socket.IO's path, its handshake done, in no namespace yet. */
export async function engineClient(edge: Edge): Promise<WebSocket> {
  const client = new WebSocket(`ws://127.0.0.1:${edge.port}/socket.io/?EIO=4&transport=websocket`);
  client.on('error', () => {});
  await heardOnce(client, 'message');
  return client;
}

/** The same, with its stream in `/workitems` open. */
export async function joinedClient(edge: Edge): Promise<WebSocket> {
  const client = await engineClient(edge);
  client.send(`40/workitems,${JSON.stringify({ token: await edge.token() })}`);
  await nextText(client, (text) => text.startsWith('42/workitems,["caught_up"'));
  return client;
}

/** The next message that fits. */
export function nextText(client: WebSocket, fits: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const heard: string[] = [];
    const timer = setTimeout(() => reject(new Error(`not heard in time; heard: ${heard.join(' ')}`)), DEADLINE_MS);
    client.on('message', function hear(message) {
      const text = (message as Buffer).toString();
      heard.push(text);
      if (!fits(text)) return;
      clearTimeout(timer);
      client.off('message', hear);
      resolve(text);
    });
  });
}

/** One request of the polling transport. */
export function poll(edge: Edge, query: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${edge.url}/socket.io/?EIO=4&transport=polling${query}`, {
    signal: AbortSignal.timeout(DEADLINE_MS),
    ...init,
  });
}

/** A polling session: its `sid`. */
export async function pollingSession(edge: Edge): Promise<string> {
  const text = await (await poll(edge, '')).text();
  return (JSON.parse(text.slice(1)) as { sid: string }).sid;
}
