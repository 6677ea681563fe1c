// Real Redis for tests: a redis-server of one's own, to kill, stop and listen to, and one that both ends of a test share.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient } from 'redis';
import { type RedisServer, startRedisServer } from '../../deploy/cluster/redis-server.js';
import { freePort } from '../../src/mongo/mongod.js';
import { dieTogether } from './die-together.js';

export interface OwnRedis {
  readonly url: string;
  readonly port: number;
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Starts it again on its port, empty, after `kill`. */
  start(): Promise<void>;
  /** A client of the test's own, ended with the server. */
  client(): Promise<RedisClient>;
  /** Ends it for good. */
  remove(): Promise<void>;
}

const open = (url: string) => createClient({ url, socket: { reconnectStrategy: false } });
export type RedisClient = ReturnType<typeof open>;

/** Starts one on a free port; takes some 50 ms. Call it in `before`, and `remove` in `after`. */
export async function ownRedis(): Promise<OwnRedis> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-test-'));
  const server: RedisServer = await startRedisServer(await freePort(), directory);
  let leash = dieTogether(server.pid, directory);
  const clients: RedisClient[] = [];
  return {
    url: server.url,
    port: server.port,
    async kill() {
      leash.release();
      server.kill('SIGKILL');
      await server.exited;
    },
    pause: () => server.kill('SIGSTOP'),
    resume: () => server.kill('SIGCONT'),
    async start() {
      await server.start();
      leash = dieTogether(server.pid, directory);
    },
    async client() {
      const client = open(server.url);
      client.on('error', () => {});
      await client.connect();
      clients.push(client);
      return client;
    },
    async remove() {
      for (const client of clients) client.destroy();
      leash.release();
      server.kill('SIGKILL');
      await server.exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
