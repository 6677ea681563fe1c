// A page of an application, on an origin of its own, with the policy that the README speaks of.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

export interface PageServer {
  readonly origin: string;
  /** What to serve from now on: the folder, `/hub-token`, and leave to connect to a hub. */
  serve(folder: string, hub: string, token: () => Promise<string>): void;
  close(): Promise<void>;
}

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Begins with nothing: the hub has to know the origin first. */
export async function startPageServer(): Promise<PageServer> {
  let answer = async (_url: string): Promise<{ type: string; text: string }> => {
    throw new Error('Nothing is served yet.');
  };
  let policy = "default-src 'none'";
  const server = createServer((request, response) => {
    answer(request.url ?? '/').then(
      ({ type, text }) =>
        response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(text),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(folder, hub, token) {
      policy = `default-src 'self'; connect-src 'self' ${hub} ${hub.replace(/^http/, 'ws')}`;
      answer = async (url) => {
        // Browsers ask for it, whatever the page says.
        if (url === '/favicon.ico') return { type: 'image/x-icon', text: '' };
        if (url === '/hub-token') return { type: 'text/plain', text: await token() };
        const name = url === '/' ? '/index.html' : url;
        return {
          type: TYPES[path.extname(name)] ?? 'text/plain',
          text: await readFile(path.join(folder, name), 'utf8'),
        };
      };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
