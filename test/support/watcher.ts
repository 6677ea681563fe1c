// A client that never gives up: whenever it is cut off it comes back with the position it had, and keeps all it was told.
import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';

export interface WatcherOptions {
  name: string;
  kind: 'socketio' | 'raw';
  /** Where the hub is at the moment; asked at each attempt. */
  url: () => string;
  token: string;
  /** What it may see, as the server would compute it. */
  rooms: readonly string[];
  /** Milliseconds without a word, pings included, after which a raw connection is taken for dead; default never. */
  silenceMs?: number | undefined;
}

/** An event about an item, as this client got it. */
export interface SeenEvent {
  seq: number;
  event: string;
  id: number;
  version: number;
}

/** What a client was told without a break: from one position on, over any number of connections. */
export interface Stretch {
  epoch: string;
  /** It had been told, or had fetched, everything up to here. */
  start: number;
  /** Everything up to here was sent to it. */
  end: number;
  seen: SeenEvent[];
}

export interface Watcher {
  readonly name: string;
  readonly rooms: readonly string[];
  /** Everything about items, in the order in which it came. A new one begins whenever the hub says so. */
  readonly stretches: readonly Stretch[];
  /** When it was told of the item of this `submission_ref`, by `performance.now()`. */
  seenAt(ref: string): number | undefined;
  /** Verdicts of its connects, in order. */
  readonly verdicts: readonly string[];
  /** Delays, in milliseconds, after which hubs that stopped asked it to come back. */
  readonly announced: readonly number[];
  /** Resolves when it has been told that everything up to `seq` was sent; rejects after `ms` milliseconds. */
  reached(seq: number, ms: number): Promise<void>;
  /** Cuts the present connection, as a network would. */
  drop(): void;
  /** Stays away until `wake`. */
  sleep(): void;
  wake(): void;
  /** What is wrong with what it shows when nothing is under way any more, in words. */
  atRest(): Promise<string[]>;
  close(): void;
}

interface Told {
  event: string;
  data: Record<string, unknown>;
  epoch: string;
  seq: number;
}

/** Milliseconds for a connection by Socket.IO; its own default is 20,000. */
const CONNECT_MS = 3_000;
const AGAIN_MS = 50;
const CONTROLS = new Set(['ready', 'caught_up', 'head', 'resync_required', 'token_expiring', 'draining']);

export function watch(options: WatcherOptions): Watcher {
  const stretches: Stretch[] = [];
  const firstSeen = new Map<string, number>();
  const verdicts: string[] = [];
  const announced: number[] = [];
  const looks = new Set<() => void>();
  let position: { epoch: string; seq: number; scope: string } | null = null;
  let closed = false;
  let asleep = false;
  let drop: () => void = () => {};

  function begin(epoch: string, seq: number, scope: string): void {
    stretches.push({ epoch, start: seq, end: seq, seen: [] });
    position = { epoch, seq, scope };
  }

  function hear({ event, data, epoch, seq }: Told): void {
    if (event === 'ready') {
      verdicts.push(data.verdict as string);
      // One that goes on from another place than ours would be found out by what it leaves out, or brings again.
      if (data.verdict === 'resumed' && position) position = { epoch, seq: position.seq, scope: data.scope as string };
      else begin(epoch, data.seq as number, data.scope as string);
    } else if (event === 'resync_required') {
      verdicts.push(event);
      begin(epoch, seq, data.scope as string);
    } else if (event === 'caught_up' || event === 'head') {
      reach(seq);
    } else if (event === 'draining') {
      announced.push(data.reconnect_after_ms as number);
    } else if (!CONTROLS.has(event)) {
      stretches.at(-1)?.seen.push({ seq, event, id: data.id as number, version: data.version as number });
      const ref = data.submission_ref as string;
      if (!firstSeen.has(ref)) firstSeen.set(ref, performance.now());
      reach(seq);
    }
    for (const look of looks) look();
  }

  function reach(seq: number): void {
    if (!position) return;
    position.seq = seq;
    (stretches.at(-1) as Stretch).end = seq;
  }

  async function comeBack(): Promise<void> {
    while (!closed) {
      if (!asleep) await (options.kind === 'raw' ? overWebSocket() : overSocketIo());
      await delay(AGAIN_MS);
    }
  }

  /** One connection; resolves when it has ended. */
  function overWebSocket(): Promise<void> {
    const since = position ? `&since=${position.epoch}:${position.seq}:${position.scope}` : '';
    const url = `${options.url().replace(/^http/, 'ws')}/ws/workitems?v=2&token=${options.token}${since}`;
    const client = new WebSocket(url);
    let over = false;
    let silence: NodeJS.Timeout | undefined;
    return new Promise((resolve) => {
      const end = (): void => {
        over = true;
        clearTimeout(silence);
        client.terminate();
        resolve();
      };
      const listen = (): void => {
        clearTimeout(silence);
        if (options.silenceMs !== undefined && !over) silence = setTimeout(end, options.silenceMs);
      };
      drop = end;
      client.on('error', end).on('close', end);
      client.on('open', listen).on('ping', listen).on('message', listen);
      // A connection that was accepted, and says nothing, is none.
      listen();
      // What was under way on a connection that was given up belongs to nobody.
      client.on('message', (text) => void (over || hear(JSON.parse((text as Buffer).toString()) as Told)));
    });
  }

  function overSocketIo(): Promise<void> {
    const client: Socket = io(`${options.url()}/workitems`, {
      auth: { token: options.token, ...(position ? { position } : {}) },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      // A connection that was accepted, and says nothing, is none.
      timeout: CONNECT_MS,
    });
    let over = false;
    return new Promise((resolve) => {
      const end = (): void => {
        over = true;
        client.disconnect();
        resolve();
      };
      drop = end;
      client.on('disconnect', end).on('connect_error', end);
      client.onAny((event: string, data: Told['data'], meta: { epoch: string; seq: number }) => {
        if (!over) hear({ event, data, ...meta });
      });
    });
  }

  void comeBack();
  return {
    name: options.name,
    rooms: options.rooms,
    stretches,
    seenAt: (ref) => firstSeen.get(ref),
    verdicts,
    announced,
    reached: (seq, ms) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if ((position?.seq ?? -1) < seq) return;
          clearTimeout(timer);
          looks.delete(look);
          resolve();
        };
        const timer = setTimeout(() => {
          looks.delete(look);
          reject(new Error(`${options.name} stands at ${position?.seq} and was to reach ${seq}; ${verdicts.join()}`));
        }, ms);
        looks.add(look);
        look();
      }),
    drop: () => drop(),
    sleep() {
      asleep = true;
      drop();
    },
    wake() {
      asleep = false;
    },
    // It shows nothing.
    atRest: async () => [],
    close() {
      closed = true;
      drop();
    },
  };
}
