// One Socket.IO connection as delivery sees it: events as frames that all sockets share, control events as frames of its own.
import type {
  ClientEvents,
  ControlEventData,
  ControlEventName,
  EventMeta,
  ServerEvents,
} from '@workitem-hub/client/contract';
import type { Socket } from 'socket.io';
import type { CutReason, Transport } from '../delivery/transport.js';
import { dataJson, type LogEvent } from '../eventlog/event.js';
import { closeCodeOf, closeTextOf } from './close-reason.js';
import {
  ConnectionQueue,
  type EngineConnection,
  gatherWrites,
  takesFrames,
  webSocketOf,
  writeFrames,
} from './encoded-write.js';
import { createEventFrames, textFrame } from './event-frames.js';

export type WorkitemsSocket = Socket<ClientEvents, ServerEvents>;

export const WORKITEMS = '/workitems';

/** The Socket.IO packet of an event: type 2 (event), namespace, arguments. */
function packetText(event: LogEvent, epoch: string): string {
  const meta = JSON.stringify({ epoch, seq: event.seq, at: event.at });
  return `2${WORKITEMS},["${event.type}",${dataJson(event)},${meta}]`;
}

/** Engine.IO's packet type for messages; its transports put it in front of what they encode themselves. */
const MESSAGE = '4';

const packets = createEventFrames(packetText);
const messages = createEventFrames((event, epoch) => MESSAGE + packetText(event, epoch));

/**
 * Serves a connected socket of `/workitems`. Events and control events reach the client in the order of the calls, on
 * either transport and while the transport changes. A cut closes the connection under the socket, so that a client
 * sees a lost connection and comes back; on WebSocket the close frame carries code and message.
 */
export class SocketIoTransport implements Transport {
  private readonly queue: ConnectionQueue;

  /** @param onSent is told how many events were written */
  constructor(
    private readonly socket: Pick<WorkitemsSocket, 'conn' | 'connected' | 'compress'>,
    private readonly onSent: (conn: EngineConnection, events: number) => void,
  ) {
    this.queue = new ConnectionQueue(socket.conn);
  }

  get kind(): 'socketio' {
    return 'socketio';
  }

  sendEvents(events: readonly LogEvent[], epoch: string): void {
    if (!this.socket.connected) return;
    const { conn } = this.socket;
    this.onSent(conn, events.length);
    if (takesFrames(conn)) {
      writeFrames(conn, messages.burst(events, epoch));
    } else {
      for (const event of events) conn.write(packets.text(event, epoch), { compress: false });
    }
  }

  gather(): void {
    gatherWrites(webSocketOf(this.socket.conn));
  }

  sendControl<N extends ControlEventName>(name: N, data: ControlEventData[N], meta: EventMeta): void {
    if (!this.socket.connected) return;
    const { conn } = this.socket;
    if (takesFrames(conn)) {
      writeFrames(conn, textFrame(`${MESSAGE}2${WORKITEMS},${JSON.stringify([name, data, meta])}`));
    } else {
      this.socket.compress(false).emit(name, ...([data, meta] as Parameters<ServerEvents[N]>));
    }
  }

  queuedBytes(): number {
    return this.queue.bytes();
  }

  cut(reason: CutReason): void {
    cutConnection(this.socket.conn, reason);
  }
}

/** Closes a Socket.IO connection with everything on it. */
export function cutConnection(conn: WorkitemsSocket['conn'], reason: CutReason): void {
  webSocketOf(conn)?.close(closeCodeOf(reason), closeTextOf(reason));
  // Without waiting for what is queued: a slow client would never let it drain.
  conn.close(true);
}
