// A hub that says what a test wants it to say, over Socket.IO and as the list.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { until } from '../support/until.js';

export interface Visit {
  socket: Socket;
  auth: Record<string, unknown>;
  /** Says an event in its place. */
  say(event: string, data: unknown, seq: number, epoch?: string): void;
  /** Begins a stream, and ends its replay. */
  ready(seq?: number, more?: object): void;
}

export interface FakeHub {
  readonly url: string;
  readonly visits: Visit[];
  /** Handshakes, those that were refused included. */
  readonly handshakes: Record<string, unknown>[];
  /** How many requests of the list there were. */
  readonly lists: () => number;
  /** What a handshake is refused with, if at all. */
  refuse: (auth: Record<string, unknown>) => object | null;
  /** Told of each connection. */
  onVisit: (visit: Visit) => void;
  onList: (res: ServerResponse, req: IncomingMessage) => void;
  /** The nth connection, from 1. */
  visit(n: number): Promise<Visit>;
  close(): Promise<void>;
}

export const EPOCH = 'e1';
export const AT = '2026-03-01T09:30:00.000Z';
export const PRINCIPAL = { sub: 'alice', name: null, email: null, roles: ['underwriter'], teams: ['cyber'] };

export const page = (items: object[], next_cursor: string | null = null, epoch = EPOCH): string =>
  JSON.stringify({ items, next_cursor, position: { epoch, seq: 0, scope: 's' } });

/** Data of a `ready`. */
export const readyData = (seq = 0, more: object = {}): Record<string, unknown> => ({
  epoch: EPOCH,
  seq,
  scope: 's',
  verdict: 'fresh',
  principal: PRINCIPAL,
  expires_at: '2036-01-01T00:00:00.000Z',
  contract: 1,
  ...more,
});

export async function startFakeHub(): Promise<FakeHub> {
  const visits: Visit[] = [];
  const handshakes: Record<string, unknown>[] = [];
  let lists = 0;
  const server = createServer((req, res) => {
    lists++;
    hub.onList(res, req);
  });
  const io = new Server(server, { serveClient: false });
  const namespace = io.of('/workitems');
  namespace.use((socket, next) => {
    const auth = socket.handshake.auth as Record<string, unknown>;
    handshakes.push(auth);
    const data = hub.refuse(auth);
    next(data ? Object.assign(new Error('refused'), { data }) : undefined);
  });
  namespace.on('connection', (socket) => {
    const say: Visit['say'] = (event, data, seq, epoch = EPOCH) =>
      void socket.emit(event, data, { epoch, seq, at: AT });
    const visit: Visit = {
      socket,
      auth: socket.handshake.auth as Record<string, unknown>,
      say,
      ready(seq = 0, more = {}) {
        const data = readyData(seq, more);
        const epoch = data.epoch as string;
        say('ready', data, seq, epoch);
        say('caught_up', { epoch, seq, count: 0 }, seq, epoch);
      },
    };
    visits.push(visit);
    hub.onVisit(visit);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const hub: FakeHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visits,
    handshakes,
    lists: () => lists,
    refuse: () => null,
    onVisit: (visit) => visit.ready(),
    onList: (res) => void res.end(page([])),
    async visit(n) {
      await until(() => visits.length >= n, 8_000);
      return visits[n - 1] as Visit;
    },
    async close() {
      server.closeAllConnections();
      await io.close();
    },
  };
  return hub;
}
