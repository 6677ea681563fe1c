// One raw client of a server under test: upgrades by hand, joins a namespace if it must, answers pings, counts events.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { clientFrame, createFrameReader } from './frames.js';

/** How a client greets a server, and by what it knows the frames it waits for. */
export interface Dialect {
  port: number;
  /** Socket.IO, or a WebSocket without any protocol on it. */
  socketio: boolean;
  /** When the client counts as connected. */
  ready: 'upgraded' | 'joined' | 'caught_up';
}

const NAMESPACE = '/workitems';
const TEXT = 1;
const PING = 9;
const PONG = 10;
const PONG_PACKET = clientFrame(TEXT, Buffer.from('3'));

/** Where the name of an event begins in a message; its first letter tells the few events apart. */
const NAME_AT = { socketio: `42${NAMESPACE},["`.length, plain: '{"event":"'.length };
const ID_AT = `42${NAMESPACE},["new_workitem",{"id":`.length;
const EVENT = Buffer.from('42');
const NEW_WORKITEM = 'n'.charCodeAt(0);
const CAUGHT_UP = 'c'.charCodeAt(0);

export interface Client {
  path: string;
  auth: object;
}

/**
 * Opens a connection; resolves when it gets events, with a way to end it.
 * @param path of the upgrade, query included
 * @param auth of the Socket.IO handshake
 * @param onEvent called for each `new_workitem` that arrives, with the beginning of its frame
 */
async function connect(
  dialect: Dialect,
  path: string,
  auth: object,
  onEvent: (beginning: Buffer) => void,
): Promise<() => void> {
  let ended = false;
  const socket = connectTcp(dialect.port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const nameAt = dialect.socketio ? NAME_AT.socketio : NAME_AT.plain;
  await new Promise<void>((resolve, reject) => {
    const onFrame = (opcode: number, length: number, beginning: Buffer): void => {
      if (opcode === PING) return void socket.write(clientFrame(PONG, beginning));
      if (opcode !== TEXT) return fail(`frame of type ${opcode}, ${beginning.toString('latin1', 2, length)}`);
      const letter = beginning[1] === EVENT[1] || !dialect.socketio ? beginning[nameAt] : 0;
      if (letter === NEW_WORKITEM && length > nameAt + 20) return onEvent(beginning);
      if (letter === CAUGHT_UP && dialect.ready === 'caught_up') return resolve();
      if (dialect.socketio) onPacket(length, beginning.toString('latin1'));
    };
    const onPacket = (length: number, packet: string): void => {
      if (length === 1 && packet === '2') socket.write(PONG_PACKET);
      else if (packet.startsWith('0{')) socket.write(join(auth));
      else if (packet.startsWith('44')) fail(packet);
      else if (packet.startsWith('40') && dialect.ready === 'joined') resolve();
    };
    const fail = (what: string): void => {
      reject(new Error(`a load client was refused: ${what}`));
      socket.destroy();
    };
    const read = createFrameReader(onFrame);
    let head = Buffer.alloc(0);
    socket.on('data', function upgrade(chunk: Buffer) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      socket.off('data', upgrade);
      if (!head.toString('latin1', 0, 12).endsWith(' 101')) return fail(head.toString('latin1', 0, 200));
      socket.on('data', read);
      if (dialect.ready === 'upgraded') resolve();
      if (head.length > end + 4) read(head.subarray(end + 4));
    });
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error('a load client was cut'));
      if (!ended) lost();
    });
    socket.write(
      [
        `GET ${path} HTTP/1.1`,
        'Host: 127.0.0.1',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        'Sec-WebSocket-Version: 13',
        '\r\n',
      ].join('\r\n'),
    );
  });
  return () => {
    ended = true;
    socket.destroy();
  };
}

/** Connections that are being opened at a time, unless all are. */
const OPENING = 32;

/** Opens many connections as {@link connect} does; resolves when all of them get events, with the ways to end them. */
export async function connectAll(
  dialect: Dialect,
  clients: readonly Client[],
  onEvent: (beginning: Buffer) => void,
  opening = OPENING,
): Promise<(() => void)[]> {
  const left = [...clients];
  const ends: (() => void)[] = [];
  const open = async (): Promise<void> => {
    for (let next = left.pop(); next; next = left.pop()) {
      ends.push(await connect(dialect, next.path, next.auth, onEvent));
    }
  };
  await Promise.all(Array.from({ length: opening }, open));
  return ends;
}

/** The `id` of the item in the beginning of a `new_workitem` of Socket.IO. */
export function itemIdIn(beginning: Buffer): number {
  let id = 0;
  for (let at = ID_AT; ; at++) {
    const digit = (beginning[at] as number) - 48;
    if (!(digit >= 0 && digit <= 9)) return id;
    id = id * 10 + digit;
  }
}

const join = (auth: object): Buffer => clientFrame(TEXT, Buffer.from(`40${NAMESPACE},${JSON.stringify(auth)}`));

let onLost = (): void => {};
const lost = (): void => onLost();

/** Called when any connection ends: from then on counts cannot come true. */
export function whenLost(listener: () => void): void {
  onLost = listener;
}
