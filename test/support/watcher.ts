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
}

/** An event about an item, as this client got it. */
export interface SeenEvent {
  seq: number;
  event: string;
  id: number;
  version: number;
}

export interface Watcher {
  readonly name: string;
  readonly rooms: readonly string[];
  /** Everything about items, in the order in which it came, over all connections. */
  readonly seen: readonly SeenEvent[];
  /** Seq at which it was first told that its stream begins; `null` until then. */
  readonly startedAt: number | null;
  /** Verdicts of its connects, in order. */
  readonly verdicts: readonly string[];
  /** Delays, in milliseconds, after which hubs that stopped asked it to come back. */
  readonly announced: readonly number[];
  /** Resolves when it has been told that everything up to `seq` was sent; rejects after `ms` milliseconds. */
  reached(seq: number, ms: number): Promise<void>;
  /** Cuts the present connection, as a network would. */
  drop(): void;
  close(): void;
}

interface Told {
  event: string;
  data: Record<string, unknown>;
  epoch: string;
  seq: number;
}

const AGAIN_MS = 50;
const CONTROLS = new Set(['ready', 'caught_up', 'head', 'resync_required', 'token_expiring', 'draining']);

export function watch(options: WatcherOptions): Watcher {
  const seen: SeenEvent[] = [];
  const verdicts: string[] = [];
  const announced: number[] = [];
  const looks = new Set<() => void>();
  let position: { epoch: string; seq: number; scope: string } | null = null;
  let startedAt: number | null = null;
  let closed = false;
  let drop: () => void = () => {};

  function hear({ event, data, epoch, seq }: Told): void {
    if (event === 'ready') {
      verdicts.push(data.verdict as string);
      startedAt ??= data.seq as number;
      position = { epoch, seq: data.seq as number, scope: data.scope as string };
    } else if (event === 'caught_up' || event === 'head') {
      if (position) position = { ...position, epoch, seq };
    } else if (event === 'draining') {
      announced.push(data.reconnect_after_ms as number);
    } else if (!CONTROLS.has(event)) {
      seen.push({ seq, event, id: data.id as number, version: data.version as number });
      if (position) position = { ...position, epoch, seq };
    }
    for (const look of looks) look();
  }

  async function comeBack(): Promise<void> {
    while (!closed) {
      await (options.kind === 'raw' ? overWebSocket() : overSocketIo());
      await delay(AGAIN_MS);
    }
  }

  /** One connection; resolves when it has ended. */
  function overWebSocket(): Promise<void> {
    const since = position ? `&since=${position.epoch}:${position.seq}:${position.scope}` : '';
    const url = `${options.url().replace(/^http/, 'ws')}/ws/workitems?v=2&token=${options.token}${since}`;
    const client = new WebSocket(url);
    let over = false;
    return new Promise((resolve) => {
      const end = (): void => {
        over = true;
        client.terminate();
        resolve();
      };
      drop = end;
      client.on('error', end).on('close', end);
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
    seen,
    verdicts,
    announced,
    get startedAt() {
      return startedAt;
    },
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
    close() {
      closed = true;
      drop();
    },
  };
}
