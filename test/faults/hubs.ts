// The hubs of a world: real processes, each perhaps behind links of its own to MongoDB, Redis and its clients.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { dieTogether } from '../support/die-together.js';
import { createLink, type Link, LOOPBACK } from '../support/link.js';
import { messagesOf } from '../support/mongo-wire.js';
import { type Printed, readAlong } from '../support/printed.js';
import type { Random } from '../support/random.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const PROBE = new URL('../support/hub-probe.mjs', import.meta.url).href;

/** What a hub's process holds after its garbage was collected. */
export interface Holdings {
  /** Bytes. */
  heap: number;
  /** Count of what keeps the process alive, by kind. */
  resources: Record<string, number>;
}

export interface Hub extends Printed {
  readonly name: string;
  readonly pid: number;
  /** Where its clients find it. */
  readonly url: string;
  /** The same without a link in between. */
  readonly ownUrl: string;
  readonly links: { mongo?: Link; redis?: Link; door?: Link };
  /** With -9; resolves when it has ended. Can be called from a tap: the signal is sent before it returns. */
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
  holdings(): Promise<Holdings>;
  metric(name: string): Promise<number>;
}

export interface Hubs {
  /** Those that have not been ended. */
  readonly running: readonly Hub[];
  /** Those that ended without being asked to, in words. */
  readonly defects: readonly string[];
  /** Rejects when it ends instead. */
  start(options?: HubOptions): Promise<Hub>;
  end(): Promise<void>;
}

/** One of the links of a hub, in a world that has them. */
export function linkOf(hub: Hub, name: keyof Hub['links']): Link {
  const link = hub.links[name];
  if (!link) throw new Error(`the scenario did not ask for a link (${name})`);
  return link;
}

/** One end of a hub is gone: what it says is swallowed, or refused. */
export function partitionOf(link: Link, random: Random): { begin(): void; end(): void } {
  const swallows = random.chance(0.5);
  return {
    begin() {
      if (swallows) return link.freeze();
      link.forbid();
      link.cut();
    },
    end() {
      // What was under way for all that time comes now, or never.
      if (swallows && random.chance(0.5)) link.cut();
      link.thaw();
      link.allow();
    },
  };
}

export interface HubOptions {
  env?: Record<string, string>;
  /** Milliseconds that its clock is ahead. */
  skewMs?: number;
}

export interface HubsOptions {
  /** Settings of all, a `DATA_DIR` among them. */
  env: Record<string, string> & { DATA_DIR: string };
  /** Where mongod is, when there is a link to it. */
  mongoPort?: number;
  /** Where Redis is, when there is a link to it. */
  redisPort?: number;
  /** Whether clients come through a link. */
  doors: boolean;
  /** Told of each process. */
  onStart?: (hub: Hub) => void;
}

export function createHubs(options: HubsOptions): Hubs {
  let running: Hub[] = [];
  let count = 0;
  const defects: string[] = [];
  const closing: Promise<unknown>[] = [];

  async function start({ env = {}, skewMs = 0 }: HubOptions = {}): Promise<Hub> {
    const name = `hub ${++count}`;
    const links: Hub['links'] = {};
    const { mongoPort, redisPort } = options;
    if (mongoPort !== undefined) links.mongo = await createLink({ target: () => mongoPort, pieces: messagesOf });
    if (redisPort !== undefined) links.redis = await createLink({ target: () => redisPort });
    const child = spawn(process.execPath, ['--expose-gc', '--import', PROBE, MAIN], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PORT: '0',
        TEST_CLOCK_SKEW_MS: String(skewMs),
        ...options.env,
        ...(links.mongo ? { MONGODB_URL: `mongodb://${LOOPBACK}:${links.mongo.port}/?directConnection=true` } : {}),
        ...(links.redis ? { REDIS_URL: `redis://${LOOPBACK}:${links.redis.port}` } : {}),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const printed = readAlong(child);
    const leash = dieTogether(child.pid as number, options.env.DATA_DIR);
    let asked = false;
    let up = false;
    void printed.ended.then((code) => {
      leash.release();
      running = running.filter((one) => one !== hub);
      for (const link of Object.values(links)) closing.push(link.close());
      if (up && !asked) defects.push(`${name} ended by itself (${code}): ${printed.output().slice(-2_000)}`);
    });
    const end = (signal: NodeJS.Signals) => async (): Promise<void> => {
      asked = true;
      child.kill(signal);
      // Nobody is sent there any more.
      running = running.filter((one) => one !== hub);
      await printed.ended;
    };
    const hub: Hub = {
      ...printed,
      name,
      pid: child.pid as number,
      url: '',
      ownUrl: '',
      links,
      kill: end('SIGKILL'),
      stop: end('SIGTERM'),
      pause: () => void child.kill('SIGSTOP'),
      resume: () => void child.kill('SIGCONT'),
      async holdings() {
        const answer = once(child, 'message');
        child.send('what do you hold?');
        return (await answer)[0] as Holdings;
      },
      async metric(wanted) {
        const text = await (await fetch(`${hub.ownUrl}/metrics`)).text();
        const lines = text
          .split('\n')
          .filter((line) => line.startsWith(wanted) && /^[{ ]/.test(line.slice(wanted.length)));
        return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
      },
    };
    options.onStart?.(hub);
    const [, own = ''] = await printed.printed(/workitem-hub is up: (\S+)/);
    up = true;
    if (options.doors) links.door = await createLink({ target: () => Number(new URL(own).port) });
    Object.assign(hub, { ownUrl: own, url: links.door ? `http://${LOOPBACK}:${links.door.port}` : own });
    running = [...running, hub];
    return hub;
  }

  return {
    get running() {
      return running;
    },
    defects,
    start,
    async end() {
      await Promise.all(running.map((hub) => hub.kill()));
      await Promise.all(closing);
    },
  };
}
