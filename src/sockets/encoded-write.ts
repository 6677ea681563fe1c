// Writes ready-made WebSocket frames past the libraries' own encoders: the only file that knows the inside of engine.io and ws.
// Every function here says `false` or `null` when that inside is not as expected, and the caller takes the plain path.
import type { Duplex } from 'node:stream';
import type { Socket } from 'socket.io';
import type { WebSocket } from 'ws';

/** The connection under a Socket.IO socket; it may change its transport from polling to WebSocket while it lives. */
export type EngineConnection = Socket['conn'];

interface Packet {
  data?: string | Buffer;
  options?: { wsPreEncodedFrame?: Buffer[] };
}

interface EngineTransport {
  name: string;
  /** Whether everything that it was given has gone to ws. */
  writable?: boolean;
  /** The ws connection, on the WebSocket transport. */
  socket?: WebSocket;
  /** engine.io's own rule: uncompressed, on ws. Absent on polling. */
  _canSendPreEncodedFrame?(packet: Packet): boolean;
}

interface Sender {
  sendFrame(list: Buffer[], done?: (error?: Error) => void): void;
}

const transportOf = (conn: EngineConnection): EngineTransport => conn.transport as unknown as EngineTransport;

const NONE: readonly Packet[] = [];
const PROBE: Packet = { options: { wsPreEncodedFrame: [] } };

/** Tells whether the connection can be given to {@link writeFrames}. One that is on WebSocket stays on it. */
export function takesFrames(conn: EngineConnection): boolean {
  return transportOf(conn)._canSendPreEncodedFrame?.(PROBE) === true;
}

/**
 * Queues frames behind everything written to the connection before, as one packet and one write.
 * Only for connections that {@link takesFrames}.
 */
export function writeFrames(conn: EngineConnection, frames: Buffer): void {
  const socket = webSocketOf(conn);
  if (socket && isIdle(conn, socket) && writeFramesRaw(socket, frames)) return;
  const options = { compress: false, wsPreEncodedFrame: [frames] };
  // The packet's own text is never looked at on this transport: the frames stand for it.
  conn.write('', options);
}

/** What holds its writes back until the end of this tick. */
const gathering = new WeakSet<WebSocket>();

/**
 * Whatever is written to a WebSocket in the rest of this tick leaves in one write, which is one call of the system. Not behind
 * anything that waits already.
 */
export function gatherWrites(socket: WebSocket | null): void {
  const { _socket: tcp } = (socket ?? {}) as { _socket?: Duplex | null };
  if (!socket || !tcp || socket.bufferedAmount > 0) return;
  gathering.add(socket);
  gatherWritesRaw(tcp, () => gathering.delete(socket));
}

/** The same for the stream under it. */
export function gatherWritesRaw(stream: Duplex, ended = (): unknown => null): void {
  stream.cork();
  setImmediate(() => {
    ended();
    stream.uncork();
  });
}

/**
 * Whether nothing is on its way: then what is given to ws directly comes behind everything else, at less than half the
 * cost. What a slow reader leaves waits in engine.io, which drops it when the connection is cut. What is being gathered
 * counts as nothing: no reader was slow to take it.
 */
function isIdle(conn: EngineConnection, socket: WebSocket): boolean {
  return (
    conn.readyState === 'open' &&
    writeBufferOf(conn).length === 0 &&
    (gathering.has(socket) || (transportOf(conn).writable === true && socket.bufferedAmount === 0))
  );
}

/** Packets that engine.io holds. */
function writeBufferOf(conn: EngineConnection): readonly Packet[] {
  return (conn as unknown as { writeBuffer: Packet[] }).writeBuffer;
}

/** The ws connection under a Socket.IO connection; `null` while it is polling. */
export function webSocketOf(conn: EngineConnection): WebSocket | null {
  return transportOf(conn).socket ?? null;
}

/**
 * Counts what waits in a connection: packets that engine.io holds because the last write has not been taken yet, and
 * bytes that ws was given and the operating system has not taken. Either can grow while the other stands still.
 */
export class ConnectionQueue {
  /** What engine.io holds, as far as it was counted. It begins a new array whenever it hands all of one to the transport. */
  private packets: readonly Packet[] = NONE;
  private counted = 0;
  private held = 0;

  constructor(private readonly conn: EngineConnection) {}

  /** Cheap enough to be called for every event: looks at each packet once. */
  bytes(): number {
    const packets = writeBufferOf(this.conn);
    if (packets !== this.packets) {
      this.packets = packets;
      this.counted = 0;
      this.held = 0;
    }
    for (; this.counted < packets.length; this.counted++) {
      const { options, data } = packets[this.counted] as Packet;
      this.held += options?.wsPreEncodedFrame?.[0]?.length ?? data?.length ?? 0;
    }
    return this.held + (webSocketOf(this.conn)?.bufferedAmount ?? 0);
  }
}

/**
 * Writes frames to a raw WebSocket as one buffer.
 * @returns `false` when they were not written and must be sent as messages.
 */
export function writeFramesRaw(socket: WebSocket, frames: Buffer): boolean {
  if (socket.readyState !== socket.OPEN) return true;
  const sender = (socket as unknown as { _sender?: Partial<Sender> })._sender;
  // A compressed connection would have to keep its compressor's order.
  if (typeof sender?.sendFrame !== 'function' || socket.extensions !== '') return false;
  sender.sendFrame([frames]);
  return true;
}
