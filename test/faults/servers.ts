// What the hubs of a world stand on: mongod, alone or three of them, and Redis. Started once for many worlds.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient } from 'redis';
import { type RedisServer, startRedisServer } from '../../deploy/cluster/redis-server.js';
import { type Member, type ReplicaSet, startReplicaSet } from '../../deploy/cluster/replica-set.js';
import { freePort } from '../../src/mongo/mongod.js';
import { dieTogether } from '../support/die-together.js';
import { mongodBinary, type OwnMongod, ownMongod } from '../support/mongo.js';

/** A server process that can be hurt. */
export interface Mortal {
  readonly pid: number;
  /** With -9; resolves when it has ended. */
  kill(): Promise<void>;
  start(): Promise<void>;
  pause(): void;
  resume(): void;
}

export interface Set {
  readonly url: string;
  readonly members: readonly (Mortal & { readonly port: number })[];
  primary(): Promise<Mortal & { readonly port: number }>;
}

export interface Redis extends Mortal {
  readonly url: string;
  readonly port: number;
  /** Over a connection of its own. */
  command(words: readonly string[]): Promise<unknown>;
}

export interface Servers {
  mongod(): Promise<OwnMongod>;
  set(): Promise<Set>;
  redis(): Promise<Redis>;
  end(): Promise<void>;
}

export function createServers(): Servers {
  const ends: (() => Promise<unknown>)[] = [];
  const once = <T>(start: () => Promise<T>): (() => Promise<T>) => {
    let started: Promise<T> | undefined;
    return () => {
      started ??= start();
      return started;
    };
  };
  const directory = async (): Promise<string> => {
    const made = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-faults-'));
    ends.push(() => rm(made, { recursive: true, force: true, maxRetries: 5 }));
    return made;
  };

  return {
    mongod: once(async () => {
      const own = await ownMongod();
      ends.push(() => own.remove());
      return own;
    }),
    set: once(async () => {
      const where = await directory();
      const binary = await mongodBinary();
      const ports = [await freePort(), await freePort(), await freePort()];
      const parameters = { enableTestCommands: 1 };
      const set = await startReplicaSet({ binary, directory: where, ports, parameters });
      const members = set.members.map((member) => mortal(member, where));
      ends.push(() => Promise.all(members.map((member) => member.kill())));
      return {
        url: set.url,
        members,
        primary: async () => find(members, await (set as ReplicaSet).primary()),
      };
    }),
    redis: once(async () => {
      const where = await directory();
      const server = await startRedisServer(await freePort(), where);
      const redis = mortal(server, where);
      ends.push(() => redis.kill());
      const command = async (words: readonly string[]): Promise<unknown> => {
        const client = createClient({ url: server.url });
        await client.connect();
        try {
          return await client.sendCommand([...words]);
        } finally {
          client.destroy();
        }
      };
      return Object.assign(Object.create(redis) as typeof redis, { command });
    }),
    async end() {
      for (let end = ends.pop(); end; end = ends.pop()) await end();
    },
  };
}

function find<T extends { port: number }>(members: readonly T[], wanted: { port: number }): T {
  return members.find(({ port }) => port === wanted.port) as T;
}

/** The server with a life that ends with this process's. */
function mortal<S extends Member | RedisServer>(server: S, directory: string): S & Mortal {
  let leash = dieTogether(server.pid, directory);
  const own: Omit<Mortal, 'pid'> = {
    async kill() {
      leash.release();
      server.kill('SIGKILL');
      await server.exited;
    },
    async start() {
      await server.start();
      leash = dieTogether(server.pid, directory);
    },
    pause: () => server.kill('SIGSTOP'),
    resume: () => server.kill('SIGCONT'),
  };
  return new Proxy(server, {
    get: (target, name) => (name in own ? own[name as keyof typeof own] : Reflect.get(target, name)) as unknown,
  }) as S & Mortal;
}
