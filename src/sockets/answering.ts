// Turns packets of a Socket.IO client into answers: whatever arrives, there is an acknowledgement, silence or an end, never a throw.
import type { Ack } from '@workitem-hub/client/contract';
import type { CutReason } from '../delivery/transport.js';
import { HubError } from '../errors.js';
import type { EngineConnection } from './encoded-write.js';
import { ackError, toRefusal } from './refusal.js';
import { cutConnection } from './socketio-transport.js';

/** Answers one event: takes whose it is and what the client sent, unchecked; gives what goes into the acknowledgement beside `ok`. */
export type Answer<S> = (socket: S, body: unknown) => object | Promise<object>;
type Reply = (answer: Ack) => void;

/** The part of a Socket.IO socket that hears every event. */
interface Listening {
  readonly conn: EngineConnection;
  onAny(listener: (name: unknown, ...args: unknown[]) => void): unknown;
  on(name: 'error', listener: (error: unknown) => void): unknown;
}

const MALFORMED: CutReason = { code: 'invalid', message: 'This is no Socket.IO packet.' };

/**
 * Answers the events named in `answers`, each with one object as its only argument, with `{ok: true, …}` or `{ok:
 * false, error}`. Events of other names, and other numbers of arguments, are `invalid`. A client that asked for no
 * acknowledgement gets none. Packets that are none end the connection with a close code, which the library would not say.
 * @param answers the same object for every socket
 * @param onDefect is told of everything thrown that is not a HubError
 */
export function answerEvents<S extends Listening>(
  socket: S,
  answers: Readonly<Record<string, Answer<S>>>,
  onDefect: (error: unknown) => void,
): void {
  socket.on('error', cutMalformed);
  socket.onAny((name, ...args) => {
    const reply = typeof args.at(-1) === 'function' ? (args.pop() as Reply) : null;
    answer(socket, answers, name, args)
      .catch((error: unknown): Ack => ({ ok: false, error: ackError(toRefusal(error, onDefect)) }))
      .then((given) => reply?.(given))
      .catch(onDefect);
  });
}

async function answer<S>(
  socket: S,
  answers: Readonly<Record<string, Answer<S>>>,
  name: unknown,
  args: unknown[],
): Promise<Ack> {
  if (typeof name !== 'string' || !Object.hasOwn(answers, name)) {
    throw new HubError('invalid', 'There is no event of this name.');
  }
  if (args.length !== 1) throw new HubError('invalid', 'This event takes exactly one argument.');
  return { ok: true, ...(await (answers[name] as Answer<S>)(socket, args[0])) };
}

/** Listens to `error`, of which a client's own event of this name brings no Error. */
function cutMalformed(this: Listening, error: unknown): void {
  if (error instanceof Error) cutConnection(this.conn, MALFORMED);
}
