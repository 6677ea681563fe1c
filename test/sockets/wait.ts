// Waiting for what a socket hears, never longer than a deadline.
import { once } from 'node:events';
import type { Socket } from 'socket.io-client';
import type { WebSocket } from 'ws';

export const DEADLINE_MS = 8_000;

/** One thing that a client was told. */
export interface Heard {
  event: string;
  data: Record<string, unknown>;
  seq: number;
}

export interface Ear {
  /** Everything so far, in order. */
  readonly heard: Heard[];
  /** The first that fits, past or to come. */
  until(fits: (heard: Heard) => boolean): Promise<Heard>;
  named(event: string): Promise<Heard>;
}

function createEar(): Ear & { hear(heard: Heard): void } {
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  const until: Ear['until'] = (fits) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = heard.find(fits);
        if (!found) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`not heard in time; heard: ${heard.map(({ event }) => event).join(', ')}`));
      }, DEADLINE_MS);
      waiting.add(look);
      look();
    });
  return {
    heard,
    until,
    named: (event) => until((h) => h.event === event),
    hear(thing) {
      heard.push(thing);
      for (const look of waiting) look();
    },
  };
}

/** Listens to a Socket.IO client from now on. */
export function listen(client: Socket): Ear {
  const ear = createEar();
  client.onAny((event: string, data: Record<string, unknown>, meta?: { seq: number }) => {
    ear.hear({ event, data, seq: meta?.seq ?? -1 });
  });
  return ear;
}

/** Listens to a raw WebSocket from now on. */
export function listenRaw(client: WebSocket): Ear & { texts: string[] } {
  const ear = createEar();
  const texts: string[] = [];
  client.on('message', (message) => {
    const text = (message as Buffer).toString();
    texts.push(text);
    const { event, data, seq } = JSON.parse(text) as Partial<Heard> & Pick<Heard, 'event' | 'data'>;
    ear.hear({ event, data, seq: seq ?? -1 });
  });
  return { ...ear, texts };
}

/** What a Socket.IO client is refused with. */
export async function refusalOf(client: Socket): Promise<{ message: string; data: Record<string, unknown> }> {
  const [error] = await heardOnce(client, 'connect_error');
  return error as { message: string; data: Record<string, unknown> };
}

/** The arguments of the next event of an emitter of either library. */
export function heardOnce(emitter: Socket | WebSocket | Socket['io'], name: string): Promise<unknown[]> {
  return once(emitter as WebSocket, name, { signal: AbortSignal.timeout(DEADLINE_MS) });
}

/** Code and text of the close frame that a raw WebSocket gets. */
export async function closeOf(client: WebSocket): Promise<{ code: number; text: string }> {
  const [code, reason] = await heardOnce(client, 'close');
  return { code: code as number, text: (reason as Buffer).toString() };
}
