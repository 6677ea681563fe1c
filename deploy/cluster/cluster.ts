// The topology of deploy/compose.yaml made of local processes: a replica set, Redis, hubs, and nginx before them.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import { ConfigError, readConfig } from '../../src/config.js';
import { resolveMongod } from '../../src/mongo/binary.js';
import { databasePath } from '../../src/mongo/mongod.js';
import { endOrphan } from '../../src/mongo/orphan.js';
import { HOST } from '../../src/mongo/replica-set.js';
import { takeLock } from '../../src/mongo/process-lock.js';
import { createReleasers, type Releasers } from '../../src/ops/releasers.js';
import { type HubProcess, startHub } from './hub.js';
import { createLeash } from './leash.js';
import { type NginxServer, startNginx } from './nginx.js';
import { choosePorts } from './ports.js';
import { findProgram } from './programs.js';
import { prometheusConfig } from './prometheus-config.js';
import { type RedisServer, startRedisServer } from './redis-server.js';
import { type ReplicaSet, startReplicaSet } from './replica-set.js';
import { type ServerProcess, supervise, type Supervised } from './supervisor.js';

/** After so long nginx tries a hub again that it found dead; `fail_timeout` of nginx.conf and a little more, milliseconds. */
const TRIED_AGAIN_MS = 1_500;
/** mongod would keep its clients for 15 s at a stop, so that they find another primary. */
const MONGOD = { shutdownTimeoutMillisForSignaledShutdown: 100 };
/** One place in Redis for all hubs. */
const REDIS_KEY = 'workitem-hub';

export interface ClusterOptions {
  /** Data, logs, ports and secrets; what is there of last time is used again. */
  directory: string;
  /** Default 2. */
  hubs?: number;
  /** Members of the replica set; default 3. */
  members?: number;
  /** Of nginx. Default 8080, or another when that is taken. */
  port?: number | null;
  /** Settings of the hubs beside those that make them one cluster. */
  env?: Record<string, string | undefined>;
  /** Gets lines for a person to read. */
  say?: (line: string) => void;
  /** Told whenever a process has started or ended. */
  onChange?: () => void;
}

export interface ClusterProcess {
  /** `mongo-1`, `redis`, `hub-1`, `nginx` … */
  name: string;
  pid: number;
  port: number;
}

export interface Cluster {
  /** That of nginx. */
  readonly url: string;
  readonly hubs: readonly HubProcess[];
  readonly redis: RedisServer;
  readonly mongo: ReplicaSet;
  readonly nginx: NginxServer;
  /** What every hub was given. */
  readonly env: Readonly<Record<string, string | undefined>>;
  processes(): ClusterProcess[];
  /**
   * Replaces the hubs one by one, each drained, the next only when the last is ready. Rejects when one does not come up;
   * the others are left as they are then.
   */
  roll(): Promise<void>;
  /** Ends everything in order: nginx takes nothing new, the hubs drain, then what they stood on. */
  stop(): Promise<void>;
}

/**
 * Starts everything, and starts again whatever dies.
 * @throws ConfigError for what whoever started it has to mend; nothing is left running then
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const logger = pino({ level: 'silent' });
  const releasers = createReleasers(logger);
  try {
    return await build(options, releasers, logger);
  } catch (error) {
    await releasers.release();
    throw error;
  }
}

async function build(options: ClusterOptions, releasers: Releasers, logger: Logger): Promise<Cluster> {
  const { say = () => {}, onChange = () => {} } = options;
  const directory = path.resolve(options.directory);
  const place = (...names: string[]): string => path.join(directory, ...names);
  // Before anything is started that would have to be ended again.
  await findProgram('nginx', 'nginx');
  await findProgram('redis-server', 'redis-server');
  const binary = await resolveMongod(readConfig(), say);

  await mkdir(place('logs'), { recursive: true });
  const lock = await takeLock(directory);
  if (!('release' in lock)) {
    throw new ConfigError(`Another cluster (process ${lock.pid ?? 'unknown'}) uses the data in ${options.directory}.`);
  }
  releasers.add('the lock', () => lock.release());
  const leash = createLeash();
  releasers.add('the leash', () => leash.end());

  const members = options.members ?? 3;
  // Of a cluster whose leash was cut, too. Its other processes have free ports, and are in nobody's way.
  for (let n = 0; n < members; n++) await endOrphan(databasePath(place('mongo', String(n))), logger);
  const ports = await choosePorts(directory, {
    hubs: options.hubs ?? 2,
    members,
    nginx: options.port ?? null,
  });

  const supervised = new Map<string, Supervised>();
  function keepUp(name: string, server: ServerProcess): void {
    const one = supervise(server, {
      name,
      say,
      onStarted: (pid) => {
        leash.hold(pid);
        onChange();
      },
      onEnded: (pid) => leash.free(pid),
    });
    supervised.set(name, one);
  }
  /** Ends those whose names begin so, together. */
  async function letGo(prefix: string, end: () => unknown): Promise<void> {
    const those = [...supervised].filter(([name]) => name.startsWith(prefix));
    await Promise.all(those.map(([, one]) => one.release()));
    await end();
  }
  const onSpawn = (pid: number): void => leash.hold(pid);

  say('starting MongoDB');
  const mongo = await startReplicaSet({
    binary,
    directory: place('mongo'),
    ports: ports.mongo,
    parameters: MONGOD,
    onSpawn,
  });
  releasers.add('MongoDB', () => letGo('mongo-', () => mongo.stop()));
  for (const [n, member] of mongo.members.entries()) keepUp(`mongo-${n + 1}`, member);

  say('starting Redis');
  const redis = await startRedisServer(ports.redis, directory, onSpawn);
  releasers.add('Redis', () => letGo('redis', () => redis.stop()));
  keepUp('redis', redis);

  const url = `http://${HOST}:${ports.nginx}`;
  const env = {
    ...process.env,
    ...options.env,
    NODE_ENV: 'development',
    DATA_DIR: directory,
    MONGODB_URL: mongo.url,
    REDIS_URL: redis.url,
    REDIS_KEY,
    PUBLIC_URL: url,
    TRUST_PROXY: '1',
  };
  const shutdownSeconds = readConfig(env).SHUTDOWN_SECONDS;
  // nginx starts last, when there is somebody behind it, takes nothing new at first when all ends, and goes after the hubs.
  let nginx: NginxServer | undefined;
  releasers.add('nginx', () => nginx?.stop());
  say('starting the hubs');
  const hubs: HubProcess[] = [];
  releasers.add('the hubs', () => letGo('hub-', () => Promise.all(hubs.map((hub) => hub.stop()))));
  for (const [n, port] of ports.hubs.entries()) {
    const name = `hub-${n + 1}`;
    const hub = await startHub({ name, port, env, logFile: place('logs', `${name}.log`), shutdownSeconds, onSpawn });
    hubs.push(hub);
    keepUp(name, hub);
  }
  await writeFile(place('prometheus.yml'), prometheusConfig(ports.hubs, readConfig(env).METRICS_TOKEN), {
    mode: 0o600,
  });
  say('starting nginx');
  const balancer = await startNginx({ port: ports.nginx, hubPorts: ports.hubs, directory: place('nginx'), onSpawn });
  nginx = balancer;
  releasers.add('the port', () => letGo('nginx', () => balancer.quit()));
  keepUp('nginx', balancer);

  return {
    url,
    hubs,
    redis,
    mongo,
    nginx: balancer,
    env,
    processes: () => [
      { name: 'nginx', pid: balancer.pid, port: balancer.port },
      ...hubs.map(({ name, pid, port }) => ({ name, pid, port })),
      { name: 'redis', pid: redis.pid, port: redis.port },
      ...mongo.members.map(({ pid, port }, n) => ({ name: `mongo-${n + 1}`, pid, port })),
    ],
    async roll() {
      for (const { name, pid } of hubs) {
        say(`replacing ${name} (process ${pid})`);
        await supervised.get(name)?.restart();
        await delay(TRIED_AGAIN_MS);
      }
      say('all hubs are replaced');
    },
    stop: () => releasers.release(),
  };
}
