// Finds raw WebSockets whose other end is gone without a word.
import { CLOSE } from '@workitem-hub/client/contract';
import type { WebSocket } from 'ws';

export interface Heartbeat {
  /** A pong came. */
  heard(socket: WebSocket): void;
  stop(): void;
}

/**
 * Pings every connection once per interval; one that has not answered by the next ping is closed with 4408.
 * @param sockets all that are there
 * @param seconds between pings
 * @param onCut is told of every connection that is closed
 */
export function createHeartbeat(sockets: () => Iterable<WebSocket>, seconds: number, onCut: () => void): Heartbeat {
  /** Those that have not answered the last ping. */
  let silent = new Set<WebSocket>();
  const timer = setInterval(() => {
    const last = silent;
    silent = new Set();
    for (const socket of sockets()) {
      if (socket.readyState !== socket.OPEN) continue;
      if (last.has(socket)) {
        onCut();
        socket.close(CLOSE.heartbeat, 'heartbeat: no pong');
      } else {
        silent.add(socket);
        socket.ping();
      }
    }
  }, seconds * 1000);
  timer.unref();
  return {
    heard: (socket) => void silent.delete(socket),
    stop: () => clearInterval(timer),
  };
}
