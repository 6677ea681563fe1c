// Turns packets of a Socket.IO client into answers: whatever arrives, there is an acknowledgement or silence, never a throw.
import type { Ack } from '@workitem-hub/client/contract';
import { HubError } from '../errors.js';
import { ackError, toRefusal } from './refusal.js';

type Answer = (body: unknown) => object | Promise<object>;
type Reply = (answer: Ack) => void;

/** The part of a Socket.IO socket that hears every event. */
interface Listening {
  onAny(listener: (name: unknown, ...args: unknown[]) => void): unknown;
}

/**
 * Answers the events named in `answers`, each with one object as its only argument, with `{ok: true, …}` or `{ok:
 * false, error}`. Events of other names, and other numbers of arguments, are `invalid`. A client that asked for no
 * acknowledgement gets none.
 * @param onDefect is told of everything thrown that is not a HubError
 */
export function answerEvents(
  socket: Listening,
  answers: Readonly<Record<string, Answer>>,
  onDefect: (error: unknown) => void,
): void {
  async function answer(name: unknown, args: unknown[]): Promise<Ack> {
    try {
      if (typeof name !== 'string' || !Object.hasOwn(answers, name)) {
        throw new HubError('invalid', 'There is no event of this name.');
      }
      if (args.length !== 1) throw new HubError('invalid', 'This event takes exactly one argument.');
      return { ok: true, ...(await (answers[name] as Answer)(args[0])) };
    } catch (error) {
      return { ok: false, error: ackError(toRefusal(error, onDefect)) };
    }
  }

  socket.onAny((name, ...args) => {
    const reply = typeof args.at(-1) === 'function' ? (args.pop() as Reply) : null;
    answer(name, args)
      .then((given) => reply?.(given))
      .catch(onDefect);
  });
}
