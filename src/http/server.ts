// Time and error bounds of the HTTP server itself, below every route.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import type { WireError } from '@workitem-hub/client/contract';
import { type Config, ConfigError } from '../config.js';
import { HubError } from '../errors.js';

const SECOND = 1000;
/** How often a closing server looks for connections that have nothing to do any more, milliseconds. */
const SWEEP_MS = 50;

export interface Patience {
  /** Milliseconds from the connection, or the request before, to the end of the headers; default 15,000. */
  headersMs?: number;
  /** The same to the end of the request; default 120,000: a mail of 25 MB at 2 Mbit/s. */
  requestMs?: number;
  /** How long it takes at most to find these out; default 5,000. */
  checkMs?: number;
}

/**
 * A server that bounds what a slow or broken sender can hold. A connection may be idle for 75 s, longer than the usual
 * balancer's, so that it is the balancer that closes. Requests that are not HTTP get the usual error format.
 */
export function createHttpServer(listener: RequestListener, patience: Patience = {}): Server {
  const { headersMs = 15 * SECOND, requestMs = 120 * SECOND, checkMs = 5 * SECOND } = patience;
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: checkMs,
      keepAliveTimeout: 75 * SECOND,
      // Node would answer in a format of its own; assertHostHeader does instead.
      requireHostHeader: false,
    },
    listener,
  );
  server.maxHeadersCount = 200;
  server.on('clientError', answerClientError);
  return server;
}

/** @throws HubError `invalid` for a request of HTTP/1.1 without `Host`, as that wants it */
export function assertHostHeader({ httpVersion, headers }: IncomingMessage): void {
  if (httpVersion === '1.1' && headers.host === undefined) {
    throw new HubError('invalid', 'A request of HTTP/1.1 needs the header Host.');
  }
}

const REFUSALS: Record<string, [status: string, error: WireError]> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    { code: 'too_large', message: 'The headers are too large.' },
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', { code: 'invalid', message: 'The request took too long to come.' }],
};
const BAD_REQUEST: [string, WireError] = ['400 Bad Request', { code: 'invalid', message: 'This is not HTTP.' }];

function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, refusal] = REFUSALS[error.code ?? ''] ?? BAD_REQUEST;
  const body = JSON.stringify({ error: refusal });
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

/** @throws ConfigError naming HOST or PORT, whichever stands in the way */
export async function openPort(server: TcpServer, { HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): Promise<void> {
  server.listen(PORT, HOST);
  await once(server, 'listening').catch(({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EADDRINUSE') throw new ConfigError(`Port ${PORT} is in use; set PORT to another.`);
    if (code === 'EACCES') throw new ConfigError(`Port ${PORT} is not for this user; set PORT to another.`);
    throw new ConfigError(`HOST: this machine cannot listen on ${HOST} (${message}).`);
  });
}

/** Finds a HOST that cannot be had before anything is started that would have to be ended again. @throws ConfigError */
export async function assertHost(HOST: string): Promise<void> {
  const server = createTcpServer();
  await openPort(server, { HOST, PORT: 0 });
  server.close();
  await once(server, 'close');
}

export interface Closing {
  /** Tells everybody who asks from now on to use another connection next time: their balancer, another process. */
  begin(): void;
  /** Lets requests under way end, `ms` milliseconds at most, and closes connections as soon as nothing is under way. */
  finish(ms: number): Promise<void>;
}

/** Prepares the end of a server; called before it listens. */
export function prepareClosing(server: Server): Closing {
  let closing = false;
  // Browsers and balancers open connections ahead of need; Node does not count those as idle.
  const unused = new Set<Socket>();
  function forget(this: Socket): void {
    unused.delete(this);
  }
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.on('close', forget);
  });
  server.on('upgrade', ({ socket }) => {
    socket.off('close', forget);
    unused.delete(socket);
  });
  server.prependListener('request', ({ socket }, res) => {
    unused.delete(socket);
    if (closing) res.setHeader('Connection', 'close');
  });

  function closeIdle(): void {
    server.closeIdleConnections();
    for (const socket of unused) if (socket.bytesRead === 0) socket.destroy();
  }

  return {
    begin() {
      closing = true;
    },
    async finish(ms) {
      closing = true;
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      closeIdle();
      // An answer that was begun before does not say that it is the last: its connection is idle after it, and would stay.
      const sweep = setInterval(closeIdle, SWEEP_MS);
      const timer = setTimeout(() => server.closeAllConnections(), ms);
      await closed;
      clearInterval(sweep);
      clearTimeout(timer);
    },
  };
}
