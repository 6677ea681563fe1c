// What is kept of the request that a Socket.IO connection began with: the libraries would hold all of it, with every header and
// cookie, for as long as the connection lives.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'socket.io';
import type { AddressedRequest } from '../ops/address.js';
import type { EngineConnection } from './encoded-write.js';

/** What a namespace may ask for when the connection joins it, and later when a token is refreshed. */
const KEPT_HEADERS = ['authorization', 'x-forwarded-for'];

class KeptRequest implements AddressedRequest {
  readonly headers: IncomingMessage['headers'];
  readonly socket: IncomingMessage['socket'];

  constructor({ headers, socket }: IncomingMessage) {
    this.headers = Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT_HEADERS.includes(name)));
    this.socket = socket;
  }

  /** By the older of its two names, too: Socket.IO uses that. */
  get connection(): IncomingMessage['socket'] {
    return this.socket;
  }
}

/** To be called when the connection is new, before anything joins a namespace on it. */
export function trimRequest(conn: EngineConnection): void {
  (conn as { request: unknown }).request = new KeptRequest(conn.request);
}

/** engine.io's own response object lives as long as an upgraded connection, for nothing, and holds the request. */
export function trimResponse(response: object): void {
  (response as { req: unknown }).req = null;
}

/** What a client said to be let into a namespace, its token above all. To be called when it has been let in. */
export function trimHandshake({ handshake }: Socket): void {
  handshake.auth = {};
  handshake.time = '';
}
