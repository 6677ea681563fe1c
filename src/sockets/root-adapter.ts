// Socket.IO's Redis adapter, for talk between processes alone. It serves the root namespace, which no client is let into:
// what somebody else writes into its channels can neither reach a client nor fetch, move or close one.
import { createAdapter } from '@socket.io/redis-adapter';
import type { Namespace } from 'socket.io';
import type { Peers } from '../relay/bus.js';
import type { MessageListener, Redis } from '../redis/connection.js';

/** A message that is longer is not even looked at: none of ours is, also when each of its characters takes three bytes. */
const MAX_BYTES = 1 << 20;
/**
 * A sealed text to everybody, as the adapter writes it. It gets nothing else to read: it trusts the others, would answer
 * and obey requests of any kind, and rejects where nobody catches, which ends the process.
 */
const OURS = /^\{"uid":"[\w-]{1,32}","type":6,"data":\["bus","[\w.-]*"\]\}$/;

/**
 * Gives the root namespace the adapter; the others keep theirs.
 * @param key what its channels begin with
 */
export function linkRoot(root: Namespace, redis: Redis, key: string): void {
  const ends: (() => void)[] = [];
  const subscribe = (channels: string[], listener: MessageListener): void => {
    const hear: MessageListener = (message, channel) => {
      if (message.length > MAX_BYTES) throw new Error(`a message of ${message.length} bytes`);
      if (!OURS.test(message.toString('latin1'))) throw new Error('a message that no hub writes');
      return listener(message, channel);
    };
    ends.push(redis.subscribe(channels, hear));
  };
  const end = (): void => {
    for (const one of ends.splice(0)) one();
  };
  const none = (): void => {};
  // As much of a client of `redis` as the adapter uses. It catches nothing, so that nothing here may be rejected.
  const emitter = { on: none, off: none };
  const publisher = { ...emitter, pSubscribe: none, publish: redis.publish };
  // The channels by pattern are for broadcasts to clients, and there are none here.
  const subscriber = { ...emitter, pSubscribe: none, subscribe, pUnsubscribe: none, unsubscribe: end };
  root.adapter = createAdapter(publisher, subscriber, { key, publishOnSpecificResponseChannel: true })(root);
}

/** Texts to and from the other processes, by way of the root namespace. */
export function peersOf(root: Namespace, isUp: () => boolean): Peers {
  return {
    isUp,
    emit: (text) => void root.serverSideEmit('bus', text),
    onText: (listener) => void root.on('bus', listener),
  };
}
