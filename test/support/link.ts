// A stretch of network between a client and one server: it can be cut, stand still, lose one side, be slow, and be watched.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** `up` is what the client sends. */
export type Direction = 'up' | 'down';

/**
 * Sees each piece before it is passed on: `drop` keeps it from that, `cut` ends its connection besides. `connection` counts
 * from 1.
 */
export type Tap = (piece: Buffer, direction: Direction, connection: number) => 'pass' | 'drop' | 'cut';

export interface Link {
  readonly port: number;
  /** Connections that are open at the moment. */
  readonly connections: number;
  tap: Tap | null;
  /** Tears every connection; new ones are fine. */
  cut(): void;
  /** Present connections go silent: both sides keep them, and nothing arrives. New ones are fine. */
  strand(): void;
  /** Nothing moves, on no connection, until `thaw`: then everything that was under way arrives. */
  freeze(): void;
  thaw(): void;
  /** New connections are torn at once, until `allow`. */
  forbid(): void;
  allow(): void;
  /** From now on each piece comes so much later, and no more bytes a second than that (default 0, without a bound). */
  slow(pace: { delayMs?: number; bytesPerSecond?: number }): void;
  close(): Promise<void>;
}

export interface LinkOptions {
  /** The server's port; asked at each connection, for a server that moves. */
  target: () => number;
  /** Makes what cuts a stream into pieces, for a tap that wants whole messages; default: as they come. */
  pieces?: () => (chunk: Buffer) => Buffer[];
}

/** Bytes that wait here before the sender is made to wait. */
const HELD_MAX = 64 << 10;
/** How often a bounded stretch passes on what it may, milliseconds. */
const TICK_MS = 10;

export async function createLink({ target, pieces }: LinkOptions): Promise<Link> {
  const pairs = new Set<{ sides: [Socket, Socket]; stranded: boolean; pump: () => void }>();
  let frozen = false;
  let forbidden = false;
  let delayMs = 0;
  let bytesPerSecond = 0;
  let count = 0;

  const server = createServer((client) => {
    if (forbidden) return void client.destroy();
    const connection = ++count;
    const upstream = connect(target(), LOOPBACK);
    const pair = { sides: [client, upstream] as [Socket, Socket], stranded: false, pump: () => {} };
    const up = carry(client, upstream, 'up');
    const down = carry(upstream, client, 'down');
    pair.pump = () => {
      up();
      down();
    };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    // Of a silent network one does not learn that the other side has gone.
    for (const side of pair.sides) side.setNoDelay().on('error', () => {});
    client.on('close', () => {
      if (!pair.stranded) end();
    });
    upstream.on('close', () => {
      if (!pair.stranded) end();
    });

    /** Moves one direction; returns what makes it look whether more may move. */
    function carry(from: Socket, to: Socket, direction: Direction): () => void {
      const split = pieces?.() ?? ((chunk: Buffer) => [chunk]);
      const queue: { piece: Buffer; due: number }[] = [];
      let held = 0;
      let timer: NodeJS.Timeout | undefined;
      let full = false;
      let passed = { at: 0, bytes: 0 };

      const later = (ms: number): void => {
        timer ??= setTimeout(() => {
          timer = undefined;
          pump();
        }, ms);
        timer.unref();
      };

      function pump(): void {
        while (queue.length > 0 && !frozen && !full) {
          const [head] = queue as [{ piece: Buffer; due: number }];
          const now = performance.now();
          if (head.due > now) {
            later(head.due - now);
            break;
          }
          const room = allowance(now, head.piece.length);
          if (room === 0) {
            later(TICK_MS);
            break;
          }
          const piece = head.piece.subarray(0, room);
          head.piece = head.piece.subarray(room);
          if (head.piece.length === 0) queue.shift();
          held -= piece.length;
          passed.bytes += piece.length;
          if (to.destroyed) continue;
          full = !to.write(piece);
        }
        if (held > HELD_MAX || full) from.pause();
        else from.resume();
      }

      /** Bytes of the next piece that may pass now. */
      function allowance(now: number, wanted: number): number {
        if (bytesPerSecond === 0) return wanted;
        if (now - passed.at >= TICK_MS) passed = { at: now, bytes: 0 };
        return Math.max(0, Math.min(wanted, Math.ceil((bytesPerSecond * TICK_MS) / 1_000) - passed.bytes));
      }

      from.on('data', (chunk: Buffer) => {
        for (const piece of split(chunk)) {
          if (pair.stranded) continue;
          const verdict = link.tap?.(piece, direction, connection);
          if (verdict === 'cut') end();
          if (verdict === 'drop' || verdict === 'cut') continue;
          queue.push({ piece, due: performance.now() + delayMs });
          held += piece.length;
        }
        pump();
      });
      to.on('drain', () => {
        full = false;
        pump();
      });
      from.on('close', () => clearTimeout(timer));
      return pump;
    }
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');

  const destroyAll = (): void => {
    for (const { sides } of pairs) for (const side of sides) side.destroy();
    pairs.clear();
  };
  const link: Link = {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return pairs.size;
    },
    tap: null,
    cut: destroyAll,
    strand() {
      for (const pair of pairs) pair.stranded = true;
    },
    freeze() {
      frozen = true;
    },
    thaw() {
      frozen = false;
      for (const { pump } of pairs) pump();
    },
    forbid() {
      forbidden = true;
    },
    allow() {
      forbidden = false;
    },
    slow(pace) {
      delayMs = pace.delayMs ?? 0;
      bytesPerSecond = pace.bytesPerSecond ?? 0;
      for (const { pump } of pairs) pump();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      destroyAll();
      await closed;
    },
  };
  return link;
}
