// First answers of commands that carry a `command_id` and left no trace in an item's history: refusals, and commands
// that had nothing to change. A command that changed something is answered again from the history.
import type { Item, WireError } from '@workitem-hub/client/contract';
import { type mongo, Schema } from 'mongoose';
import { HubError } from '../errors.js';
import { defineCollection } from '../mongo/collections.js';
import type { Mongo } from '../mongo/connection.js';

/** Seconds for which such an answer is kept: longer than any client goes on repeating one command. */
const KEEP_SECONDS = 7 * 24 * 3600;

type Answer = { item: Item } | { error: WireError };
type AnswerDocument = { _id: string; at: Date } & Answer;

const schema = new Schema(
  { _id: { type: String, required: true }, item: Object, error: Object, at: { type: Date, required: true } },
  { autoIndex: false, versionKey: false },
);
schema.index({ at: 1 }, { expireAfterSeconds: KEEP_SECONDS });

export const commandAnswers = defineCollection<AnswerDocument>('command_answers', schema);

/** What makes a command the same command: one user, one item, one kind, one id. */
export interface CommandKey {
  sub: string;
  /** Id of the item, or the `submission_ref` by which the caller named it. */
  item: number | string;
  kind: 'claim' | 'assign' | 'set_status' | 'confirm';
  commandId: string;
}

export interface Repeats {
  /** The first answer, `null` when there was none. @throws HubError the first answer, when it was a refusal. */
  find(key: CommandKey): Promise<Item | null>;
  /** Keeps an answer, unless there is one; gives the one that counts. @throws HubError when that is a refusal. */
  keep(key: CommandKey, answer: Item | HubError): Promise<Item>;
}

const idOf = ({ sub, item, kind, commandId }: CommandKey): string => JSON.stringify([sub, item, kind, commandId]);

function replay(answer: Answer): Item {
  if ('item' in answer) return answer.item;
  const { code, message, details } = answer.error;
  throw new HubError(code, message, { details });
}

export function createRepeats(database: Mongo): Repeats {
  const answers: mongo.Collection<AnswerDocument> = commandAnswers.of(database);
  return {
    async find(key) {
      const known = await answers.findOne({ _id: idOf(key) });
      return known && replay(known);
    },
    async keep(key, answer) {
      const content: Answer = answer instanceof HubError ? { error: answer.toWire() } : { item: answer };
      const kept = await answers.findOneAndUpdate(
        { _id: idOf(key) },
        { $setOnInsert: { ...content, at: new Date() } },
        { upsert: true, returnDocument: 'after' },
      );
      return replay(kept ?? { ...content });
    },
  };
}
