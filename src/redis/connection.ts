// What links the processes when there is a Redis: something to be quick with, never something to rely on. Nothing here
// fails, waits or grows because Redis is away; nothing that is told to Redis is needed back from it.
import type { Logger } from '../ops/logger.js';
import { createLink, type Link, type RedisClient } from './link.js';

export interface Redis {
  /** Whether both connections work, as far as is known: a Redis that hangs is noticed within 200 ms of its first use. */
  isUp(): boolean;
  /** Calls the listener whenever Redis comes up or goes down. */
  onChange(listener: (up: boolean) => void): void;
  /** Connects, and keeps on trying for ever. Subscriptions are made before. */
  start(): void;
  /** Runs a command. Rejects with `RedisAway` at once when Redis is down, or as soon as it goes down. */
  run: Link['run'];
  /** Sends a message to all who listen now. Drops it when Redis is down. */
  publish: (channel: string, message: string | Buffer) => void;
  /** Hears messages on channels, for as long as the connection is open; returns what ends it. */
  subscribe(channels: readonly string[], listener: MessageListener): () => void;
  /** Ends the connections, within 200 ms whatever Redis does. Calling it again does nothing. */
  close(): Promise<void>;
}

export type MessageListener = (message: Buffer, channel: Buffer) => unknown;

export interface RedisOptions {
  /** A checked `REDIS_URL`. */
  url: string;
  logger: Logger;
  /** Told of messages that were not sent or could not be read. */
  onLost?: (direction: 'in' | 'out') => void;
}

export function createRedis({ url, logger, onLost = () => {} }: RedisOptions): Redis {
  const listeners: ((up: boolean) => void)[] = [];
  const subscriptions = new Set<(client: RedisClient) => Promise<unknown>>();
  const withoutPassword = redactor(url);
  let known: boolean | undefined;
  let closing: Promise<unknown> | undefined;

  // A connection with subscriptions hears messages; the other carries commands and what is published.
  const commands = createLink({ url, onChange });
  const messages = createLink({
    url,
    onChange,
    prepare: (client) => Promise.all([...subscriptions].map((subscribe) => subscribe(client))),
  });
  const isUp = (): boolean => closing === undefined && commands.isUp() && messages.isUp();

  function onChange(_up: boolean, reason: string): void {
    const up = isUp();
    if (up === known || closing) return;
    // Two connections come up one after the other.
    if (known === undefined && !up && reason === 'connected') return;
    known = up;
    if (up) logger.info('Redis is there');
    else logger.warn({ reason: withoutPassword(reason) }, 'Redis is away: the log is polled instead');
    for (const listener of listeners) listener(up);
  }

  return {
    isUp,
    onChange: (listener) => void listeners.push(listener),
    start() {
      commands.start();
      messages.start();
    },
    run: commands.run,
    publish(channel, message) {
      if (!isUp()) return onLost('out');
      commands.run((client) => client.publish(channel, message)).catch(() => onLost('out'));
    },
    subscribe(channels, listener) {
      // Whatever others write into these channels is theirs: it may be anything, and must not end this process.
      const hear = async (message: Buffer, channel: Buffer): Promise<void> => {
        if (!subscriptions.has(subscribe)) return;
        try {
          await listener(message, channel);
        } catch (error) {
          logger.debug({ err: error }, 'a message from Redis could not be read');
          onLost('in');
        }
      };
      const subscribe = (client: RedisClient): Promise<void> => client.subscribe([...channels], hear, true);
      subscriptions.add(subscribe);
      return () => void subscriptions.delete(subscribe);
    },
    close() {
      closing ??= Promise.all([commands.close(), messages.close()]);
      return closing.then(() => {});
    },
  };
}

/** Takes the password of a URL out of texts: an old server quotes the whole command that it does not know. */
function redactor(url: string): (text: string) => string {
  const { password } = new URL(url);
  const secrets = [password, decodeURIComponent(password)].filter(Boolean);
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}
