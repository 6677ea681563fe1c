// One connection to Redis that may be refused, break or hang for as long as it likes: whoever uses it is told at once, and
// it comes back by itself.
import { createClient } from 'redis';

/** A command that stands in so many looks in a row, so many milliseconds apart, means that Redis hangs: after 120 to 180 ms. */
const LOOKS = 3;
const LOOK_MS = 60;
/** How often Redis is asked whether it is there, when nobody else asks it anything. */
const PING_MS = 500;
/** A connection that gives no sign of life for so long is replaced: its other end may have vanished. */
const FRESH_MS = 3_000;
const CONNECT_MS = 2_000;
/** The longest pause between two attempts to connect. */
const RETRY_MS = 1_000;

/** What a command is rejected with when Redis is not there, or goes away while it is under way. */
export class RedisAway extends Error {
  override name = 'RedisAway';
}

const open = (url: string) =>
  createClient({
    url,
    name: 'workitem-hub',
    // Nothing waits for a Redis that is away: neither in memory nor, as a stale message, for its return.
    disableOfflineQueue: true,
    // A timer for each command would cost more than the command; there is one for all, below.
    commandOptions: { timeout: 0 },
    maintNotifications: 'disabled',
    socket: { connectTimeout: CONNECT_MS, reconnectStrategy: (tries) => Math.min(tries * 50, RETRY_MS) },
  });

export type RedisClient = ReturnType<typeof open>;

export interface Link {
  /** Connected, prepared, and not known to hang. */
  isUp(): boolean;
  start(): void;
  /** Runs a command. Rejects with {@link RedisAway} at once when Redis is not up, or as soon as it hangs. */
  run: <T>(command: (client: RedisClient) => Promise<T>) => Promise<T>;
  /** Lets what is under way come to its end, for 200 ms at most, and ends the connection. */
  close(): Promise<void>;
}

export interface LinkOptions {
  /** `redis://` or `rediss://`. */
  url: string;
  /** Runs on every new connection before it counts as up, and again until it has worked. */
  prepare?: (client: RedisClient) => Promise<unknown>;
  /** Told when the link goes up or down, with the reason, and of each failed attempt while it is down. */
  onChange: (up: boolean, reason: string) => void;
}

interface Outstanding {
  looks: number;
  giveUp(): void;
  settled: Promise<unknown>;
}

export function createLink({ url, prepare = async () => {}, onChange }: LinkOptions): Link {
  // In the order in which they were sent: the first is the oldest.
  const outstanding = new Set<Outstanding>();
  let client: RedisClient | undefined;
  let isPrepared = false;
  let preparing = false;
  let hangs = false;
  let wasUp = false;
  let signAt = 0;
  let looking: NodeJS.Timeout | undefined;
  let pings: NodeJS.Timeout | undefined;

  const isUp = (): boolean => client?.isReady === true && isPrepared && !hangs;

  function judge(reason: string): void {
    const up = isUp();
    if (!up || !wasUp) onChange(up, reason);
    wasUp = up;
  }

  function connect(): void {
    const one = open(url);
    client = one;
    signAt = performance.now();
    // Also when it is not ours any more: an error that nobody listens to ends the process.
    one.on('error', (error: Error) => {
      if (one !== client) return;
      // The library has failed and tries again: it does not hang.
      signAt = performance.now();
      isPrepared &&= one.isReady;
      hangs &&= one.isReady;
      judge(error.message || (error as NodeJS.ErrnoException).code || error.name);
    });
    one.on('ready', () => void prepareNow(one));
    one.connect().catch(() => {});
  }

  async function prepareNow(one: RedisClient): Promise<void> {
    if (one !== client || preparing) return;
    preparing = true;
    try {
      await send(prepare);
      isPrepared = one === client && one.isReady;
      judge('connected');
    } catch (error) {
      judge((error as Error).message);
    } finally {
      preparing = false;
    }
  }

  function send<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    const to = client as RedisClient;
    let giveUp = (): void => {};
    const given = new Promise<never>((_, reject) => {
      giveUp = () => reject(new RedisAway('Redis is away'));
    });
    const answer = (async () => await command(to))().catch((error: unknown) => {
      throw to.isReady ? error : new RedisAway('Redis is away', { cause: error });
    });
    const outcome = Promise.race([answer, given]);
    const one: Outstanding = { looks: 0, giveUp, settled: outcome.catch(() => {}) };
    outstanding.add(one);
    looking ??= setTimeout(look, LOOK_MS);
    answer.then(
      () => {
        const inTime = outstanding.delete(one);
        if (to === client) heard(inTime);
      },
      () => void outstanding.delete(one),
    );
    return outcome;
  }

  /** An answer that nobody waits for any more is a sign of life. That Redis hangs no longer it does not show: it may be slow. */
  function heard(inTime: boolean): void {
    signAt = performance.now();
    if (!hangs || !inTime) return;
    hangs = false;
    judge('it answers again');
  }

  /** Several looks, not one long timer: between two of them this process has read what had arrived, however busy it is. */
  function look(): void {
    looking = undefined;
    const [oldest] = outstanding;
    if (!oldest) return;
    oldest.looks++;
    if (oldest.looks >= LOOKS) {
      hangs = true;
      giveUpAll();
      judge('it does not answer');
    } else {
      looking = setTimeout(look, LOOK_MS);
    }
  }

  function giveUpAll(): void {
    for (const one of outstanding) one.giveUp();
    outstanding.clear();
  }

  function tick(): void {
    const one = client as RedisClient;
    if (!isUp() && performance.now() - signAt > FRESH_MS) {
      end();
      connect();
    } else if (one.isReady && !isPrepared) {
      void prepareNow(one);
    } else if (one.isReady && outstanding.size === 0) {
      send((to) => to.ping()).catch(() => {});
    }
  }

  function end(): void {
    const old = client;
    client = undefined;
    isPrepared = false;
    hangs = false;
    giveUpAll();
    old?.destroy();
  }

  return {
    isUp,
    start() {
      connect();
      pings = setInterval(tick, PING_MS);
      pings.unref();
    },
    run: (command) => (isUp() ? send(command) : Promise.reject(new RedisAway('Redis is away'))),
    async close() {
      clearInterval(pings);
      await Promise.all([...outstanding].map(({ settled }) => settled));
      end();
      clearTimeout(looking);
    },
  };
}
