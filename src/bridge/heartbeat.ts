// Finds raw WebSockets whose other end is gone without a word.
import { CLOSE } from '@workitem-hub/client/contract';
import type { WebSocket } from 'ws';

export interface Heartbeat {
  /** Watches a connection until it closes. */
  watch(socket: WebSocket): void;
  stop(): void;
}

/**
 * Pings every connection once per interval; one that has not answered by the next ping is closed with 4408.
 * @param seconds between pings
 * @param onCut is told of every connection that is closed
 */
export function createHeartbeat(seconds: number, onCut: () => void): Heartbeat {
  /** Whether the last ping was answered. */
  const answered = new Map<WebSocket, boolean>();
  const timer = setInterval(() => {
    for (const [socket, alive] of answered) {
      if (alive) {
        answered.set(socket, false);
        socket.ping();
      } else {
        answered.delete(socket);
        onCut();
        socket.close(CLOSE.heartbeat, 'heartbeat: no pong');
      }
    }
  }, seconds * 1000);
  timer.unref();
  return {
    watch(socket) {
      answered.set(socket, true);
      socket.on('pong', () => {
        if (answered.has(socket)) answered.set(socket, true);
      });
      socket.once('close', () => answered.delete(socket));
    },
    stop: () => clearInterval(timer),
  };
}
