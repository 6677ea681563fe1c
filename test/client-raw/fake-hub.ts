// A hub that says what a test wants it to say, over a plain WebSocket and as the list.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from '../support/until.js';

export interface Visit {
  socket: WebSocket;
  query: URLSearchParams;
  token: string | undefined;
  headers: IncomingMessage['headers'];
  /** Says an event. */
  say(event: string, data: unknown, seq: number, epoch?: string): void;
  /** Begins a stream, and ends its replay unless told otherwise. */
  ready(seq?: number, more?: object): void;
}

export interface FakeHub {
  readonly url: string;
  readonly visits: Visit[];
  /** Requests of the list. */
  readonly lists: URLSearchParams[];
  /** Told of each connection. */
  onVisit: (visit: Visit) => void;
  onList: (query: URLSearchParams, res: ServerResponse, req: IncomingMessage) => void;
  /** The nth connection, from 1. */
  visit(n: number): Promise<Visit>;
  close(): Promise<void>;
}

export const EPOCH = 'e1';
export const AT = '2026-03-01T09:30:00.000Z';
export const PRINCIPAL = { sub: 'alice', name: null, email: null, roles: ['underwriter'], teams: ['cyber'] };

export const page = (items: object[], next_cursor: string | null = null, epoch = EPOCH): string =>
  JSON.stringify({ items, next_cursor, position: { epoch, seq: 0, scope: 's' } });

export const frame = (event: string, data: unknown, seq: number, epoch = EPOCH): string =>
  JSON.stringify({ event, data, seq, epoch, at: AT });

export async function startFakeHub(): Promise<FakeHub> {
  const visits: Visit[] = [];
  const lists: URLSearchParams[] = [];
  const server = createServer((req, res) => {
    const { searchParams } = new URL(req.url ?? '', 'http://hub');
    lists.push(searchParams);
    hub.onList(searchParams, res, req);
  });
  const sockets = new WebSocketServer({
    server,
    handleProtocols: (offered: Set<string>) => (offered.has('workitems') ? 'workitems' : false),
  });
  sockets.on('connection', (socket, { url = '', headers }) => {
    socket.on('error', () => {});
    const say: Visit['say'] = (event, data, seq, epoch) => socket.send(frame(event, data, seq, epoch));
    const visit: Visit = {
      socket,
      query: new URL(url, 'http://hub').searchParams,
      token: /bearer\.([^, ]+)/.exec(headers['sec-websocket-protocol'] ?? '')?.[1],
      headers,
      say,
      ready(seq = 0, more = {}) {
        const place = { epoch: EPOCH, seq, ...more };
        const expires_at = '2036-01-01T00:00:00.000Z';
        const data = { ...place, scope: 's', verdict: 'fresh', principal: PRINCIPAL, expires_at, contract: 1, ...more };
        say('ready', data, seq, place.epoch);
        say('caught_up', { ...place, count: 0 }, seq, place.epoch);
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
    lists,
    onVisit: (visit) => visit.ready(),
    onList: (_query, res) => res.end(page([])),
    async visit(n) {
      await until(() => visits.length >= n, 8_000);
      return visits[n - 1] as Visit;
    },
    async close() {
      for (const { socket } of visits) socket.terminate();
      sockets.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return hub;
}
