// Networks as they are: proxies that cut, freeze, delay, do not know WebSockets, or put the hub below a path.
import { once } from 'node:events';
import { createServer as createHttpServer, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface NetworkOptions {
  /** Every connection is cut after so many milliseconds. */
  cutAfterMs?: number;
  /** Everything that the hub says arrives so much later. */
  delayMs?: number;
  /** Bytes of the hub that pass in 10 milliseconds. */
  bytesPer10Ms?: number;
  /** What becomes of WebSocket upgrades: never answered, or refused with an HTTP error. */
  upgrades?: 'pass' | 'swallow' | 'refuse';
}

export interface Network {
  /** Where the hub seems to be. */
  readonly url: string;
  /** Connections so far. */
  readonly connections: () => number;
  /** Upgrades that were seen. */
  readonly upgrades: () => number;
  /** Swallowed upgrades whose client is still waiting. */
  readonly waiting: () => number;
  /** Connections on which the hub is asked something that it has not begun to answer. */
  readonly asking: () => number;
  /** Cuts every connection. */
  cut(): void;
  /** From now on nothing passes on the connections that there are, and nobody is told. New ones work. */
  freeze(): void;
  /** Whether new connections are refused. */
  down: boolean;
  close(): Promise<void>;
}

/** A TCP proxy before the hub. @param target where the hub is, asked at each connection */
export async function startNetwork(target: () => string, options: NetworkOptions = {}): Promise<Network> {
  const { cutAfterMs, delayMs = 0, bytesPer10Ms, upgrades: onUpgrade = 'pass' } = options;
  const links = new Set<{ end(): void; frozen: boolean; asking: boolean }>();
  const swallowed = new Set<Socket>();
  let connections = 0;
  let upgrades = 0;

  const server = createServer((client) => {
    if (network.down) return void client.destroy();
    connections++;
    const { hostname, port } = new URL(target());
    const hub = connect(Number(port), hostname);
    const link = {
      frozen: false,
      asking: false,
      end() {
        links.delete(link);
        clearTimeout(cutTimer);
        for (const socket of [client, hub]) socket.destroy();
      },
    };
    const cutTimer = cutAfterMs === undefined ? undefined : setTimeout(link.end, cutAfterMs);
    links.add(link);
    for (const socket of [client, hub]) {
      socket.setNoDelay();
      socket.on('error', link.end);
      socket.on('close', () => {
        if (!link.frozen) link.end();
      });
    }
    client.on('close', () => swallowed.delete(client));
    client.on('data', (chunk: Buffer) => {
      link.asking = true;
      if (/^GET [^\r]*\r\n[^]*upgrade: websocket/i.test(chunk.toString('latin1'))) {
        upgrades++;
        if (onUpgrade === 'swallow') {
          link.frozen = true;
          swallowed.add(client);
        }
        if (onUpgrade === 'refuse') {
          return void client.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
        }
      }
      if (!link.frozen) hub.write(chunk);
    });
    hub.on('data', () => {
      link.asking = false;
    });
    const pass = (chunk: Buffer): void => {
      if (!link.frozen && !client.destroyed) client.write(chunk);
    };
    if (bytesPer10Ms !== undefined) throttle(hub, pass, bytesPer10Ms);
    else hub.on('data', (chunk: Buffer) => (delayMs > 0 ? void setTimeout(() => pass(chunk), delayMs) : pass(chunk)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const network: Network = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    upgrades: () => upgrades,
    waiting: () => swallowed.size,
    asking: () => [...links].filter(({ asking, frozen }) => asking && !frozen).length,
    cut() {
      for (const link of Array.from(links)) link.end();
    },
    freeze() {
      for (const link of links) link.frozen = true;
    },
    down: false,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const link of Array.from(links)) link.end();
      await closed;
    },
  };
  return network;
}

function throttle(from: Socket, pass: (chunk: Buffer) => void, bytes: number): void {
  let waiting = Buffer.alloc(0);
  const timer = setInterval(() => {
    if (waiting.length === 0) return;
    pass(waiting.subarray(0, bytes));
    waiting = waiting.subarray(bytes);
  }, 10);
  from.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
  });
  from.on('close', () => clearInterval(timer));
}

/** A reverse proxy that has the hub below a path. */
export async function startPathProxy(target: () => string, prefix: string): Promise<{ url: string; close(): void }> {
  const sockets = new Set<Socket>();
  const inside = (url = ''): string => (url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : '/outside');
  const proxy = createHttpServer((req, res) => {
    const passed = request(target() + inside(req.url), { method: req.method, headers: req.headers });
    passed.on('response', (answer) => answer.pipe(res.writeHead(answer.statusCode ?? 500, answer.headers)));
    passed.on('error', () => res.destroy());
    req.pipe(passed);
  });
  proxy.on('upgrade', (req, client: Socket) => {
    const hub = connect(Number(new URL(target()).port), '127.0.0.1');
    const lines = req.rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
    hub.write(`GET ${inside(req.url)} HTTP/1.1\r\n${lines}\r\n`);
    for (const [from, to] of [
      [client, hub],
      [hub, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${prefix}`,
    close() {
      proxy.close();
      proxy.closeAllConnections();
      for (const socket of sockets) socket.destroy();
    },
  };
}
