// What a kind of socket must offer so that delivery can serve it. The only thing delivery knows about sockets.
import type { ControlEventData, ControlEventName, ErrorCode, EventMeta } from '@workitem-hub/client/contract';
import type { LogEvent } from '../eventlog/event.js';

/** Why delivery gives a connection up; transports turn it into their close code or disconnect. */
export interface CutReason {
  code: ErrorCode | 'too_slow' | 'restart';
  message: string;
  retryAfterMs?: number;
}

/** One connection. Calls never throw; on a closed connection they do nothing. */
export interface Transport {
  readonly kind: 'socketio' | 'bridge';
  /**
   * Writes events in order, in one go. The same array object is handed to every connection that gets the same events,
   * so a transport may cache what it encodes, keyed by the array and by each event.
   */
  sendEvents(events: readonly LogEvent[], epoch: string): void;
  /** What is written in the rest of this tick leaves together. */
  gather(): void;
  sendControl<N extends ControlEventName>(name: N, data: ControlEventData[N], meta: EventMeta): void;
  /** Bytes that were handed over and have not left the process. */
  queuedBytes(): number;
  /** Closes the connection, telling the other side why as far as the transport can. */
  cut(reason: CutReason): void;
}
