// What is decided before a connection exists: foreign origins and floods of connects are turned away with an HTTP answer.
import { type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import type { Origins } from '../auth/origins.js';
import { HTTP_STATUS, HubError } from '../errors.js';
import { assertHostHeader } from '../http/server.js';
import type { Addresses } from '../ops/address.js';
import type { Limits } from '../ops/limits.js';

export interface ConnectGuardDeps {
  origins: Pick<Origins, 'isAllowed'>;
  limits: Pick<Limits, 'consume'>;
  addresses: Pick<Addresses, 'clientAddress'>;
}

export interface ConnectGuard {
  /** @throws HubError `forbidden` for a foreign origin, `invalid` without a host. */
  checkOrigin(req: IncomingMessage): void;
  /** Counts a new connection. Rejects with HubError `forbidden` (origin) or `rate_limited`. */
  admit(req: IncomingMessage): Promise<void>;
}

export function createConnectGuard({ origins, limits, addresses }: ConnectGuardDeps): ConnectGuard {
  function checkOrigin(req: IncomingMessage): void {
    assertHostHeader(req);
    if (!origins.isAllowed(req)) throw new HubError('forbidden', 'This origin is not among ALLOWED_ORIGINS.');
  }
  return {
    checkOrigin,
    async admit(req) {
      checkOrigin(req);
      await limits.consume('connects', addresses.clientAddress(req));
    },
  };
}

/** Answers a request that is not let in, and lets go of an upgrade's connection. */
export function refuse(target: ServerResponse | Duplex, refusal: HubError, extra: Record<string, string> = {}): void {
  const status = HTTP_STATUS[refusal.code];
  const body = JSON.stringify({ error: refusal.toWire() });
  const headers: Record<string, string | number> = {
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...extra,
  };
  if (refusal.retryAfterMs !== undefined) headers['Retry-After'] = Math.max(1, Math.ceil(refusal.retryAfterMs / 1000));
  if (target instanceof ServerResponse) {
    target.writeHead(status, headers).end(body);
    return;
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  // Destroyed only when the answer is out, whether or not the other side reads it.
  target.once('finish', () => target.destroy());
  target.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

/** Answers handshakes that the server refuses, such as one without a key, as everything is answered: ws has a way of its own. */
export function answerBrokenHandshakes(server: WebSocketServer): void {
  server.on('wsClientError', ({ message }, socket) =>
    refuse(socket, new HubError('invalid', `${message}.`), { 'Sec-WebSocket-Version': '13, 8' }),
  );
}
