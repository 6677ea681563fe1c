// Step 1 of the log's protocol, the commit point: the submission and its work item, or one version of an item, with the event it owes.
import { mongo } from 'mongoose';
import type { LoggedItem, LoggedSubmission, Outbox } from './event.js';
import { insertAll } from './insert.js';
import type { Numbers } from './numbers.js';
import { repeatedly, settle } from './settle.js';
import { type Version, versionKey } from './write-once.js';

/** A mail to be stored once. */
export interface Creation<S extends LoggedSubmission> {
  /** Identity of the mail. */
  key: string;
  /** Makes the document for the number that it is given; called again when that number was taken. */
  draft: (id: number) => S;
}

/** One version of an item to be committed. */
export interface Change {
  id: number;
  /** The version that it replaces. */
  version: number;
  /** Unique; the history entry that `push` adds carries it as `change_id`. */
  changeId: string;
  set: object;
  push?: object;
  addToSet?: object;
  outbox: Outbox;
}

export interface Stored<S> {
  outcome: 'created' | 'duplicate';
  submission: S;
}

/** What the log leaves out when it reads items: histories grow for ever. */
const WITHOUT_HISTORY = { history: 0 } as const;

export interface StateWriter<S extends LoggedSubmission, I extends LoggedItem> {
  insertSubmissions(creations: readonly Creation<S>[]): Promise<Stored<S>[]>;
  /** Inserts items; one that is there already is left as it is. */
  insertItems(items: readonly I[]): Promise<void>;
  /** The new document, or `null` when the version moved or an outbox stands. */
  applyChange(change: Change): Promise<I | null>;
  readItems(ids: readonly number[]): Promise<I[]>;
}

export function createStateWriter<S extends LoggedSubmission, I extends LoggedItem>(deps: {
  submissions: mongo.Collection<S>;
  items: mongo.Collection<I>;
  numbers: Numbers;
}): StateWriter<S, I> {
  // The driver's filter types do not see through type parameters.
  const submissions = deps.submissions as unknown as mongo.Collection<LoggedSubmission>;
  const items = deps.items as unknown as mongo.Collection<LoggedItem>;
  const { numbers } = deps;

  interface Drafted extends Creation<S> {
    doc: S;
    stored?: Stored<S>;
  }

  async function number(drafts: readonly Drafted[]): Promise<void> {
    const ids = await numbers.submissions(drafts.length);
    drafts.forEach((one, index) => {
      one.doc = one.draft(ids[index] as number);
    });
  }

  /** A failed unique insert decides who was first, never a find before it. */
  async function resolveSubmissions(open: readonly Drafted[]): Promise<Drafted[]> {
    const found = await submissions.find({ key: { $in: open.map(({ key }) => key) } }).toArray();
    const byKey = new Map(found.map((doc) => [doc.key, doc as S]));
    const left: Drafted[] = [];
    for (const one of open) {
      const there = byKey.get(one.key);
      if (there) one.stored = { outcome: there.ref === one.doc.ref ? 'created' : 'duplicate', submission: there };
      else left.push(one);
    }
    const ids = left.map(({ doc }) => doc._id);
    const taken = new Set(
      (await submissions.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray()).map((doc) => doc._id),
    );
    const again = left.filter(({ doc }) => taken.has(doc._id));
    if (again.length > 0) {
      // A fail-over rolled the numbers back: go on above the highest there is.
      const last = await submissions.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } });
      await numbers.raise({ submissions: last?._id ?? 0 });
      await number(again);
    }
    return left;
  }

  return {
    async insertSubmissions(creations) {
      if (creations.length === 0) return [];
      const drafts = creations.map((creation) => ({ ...creation }) as Drafted);
      await number(drafts);
      await settle<Drafted>(
        drafts,
        (open) =>
          insertAll(
            submissions,
            open.map(({ doc }) => doc),
          ),
        resolveSubmissions,
      );
      return drafts.map((one) => one.stored ?? { outcome: 'created', submission: one.doc });
    },

    async insertItems(docs) {
      await settle(
        docs,
        (open) => insertAll(items, open),
        async (open) => {
          const ids = open.map(({ _id }) => _id);
          const found = await items.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
          const there = new Set(found.map(({ _id }) => _id));
          return open.filter(({ _id }) => !there.has(_id));
        },
      );
    },

    async applyChange({ id, version, changeId, set, push, addToSet, outbox }) {
      let result: LoggedItem | null = null;
      const update = {
        $set: { ...set, version: version + 1, outbox },
        ...(push ? { $push: push } : {}),
        ...(addToSet ? { $addToSet: addToSet } : {}),
      } as mongo.UpdateFilter<LoggedItem>;
      await settle(
        [id],
        async () => {
          result = await items.findOneAndUpdate({ _id: id, version, outbox: { $exists: false } }, update, {
            returnDocument: 'after',
            projection: WITHOUT_HISTORY,
          });
          // Nothing matched: stale, or an earlier try of ours whose answer was lost.
          result ??= await ownVersion();
        },
        async (open) => {
          result = await ownVersion();
          return result ? [] : open;
        },
      );
      return result as I | null;

      async function ownVersion(): Promise<LoggedItem | null> {
        const mine = { _id: id, history: { $elemMatch: { change_id: changeId } } } as mongo.Filter<LoggedItem>;
        const doc = await items.findOne(mine, { projection: WITHOUT_HISTORY });
        return doc && { ...doc, ...set, version: version + 1, outbox };
      }
    },

    async readItems(ids) {
      const wanted = { _id: { $in: [...ids] } };
      const found = await repeatedly(() => items.find(wanted, { projection: WITHOUT_HISTORY }).toArray());
      return found as unknown as I[];
    },
  };
}

/** Which of these versions are still promised in their item's outbox, by `item:version`. */
export async function readOwed<I extends LoggedItem>(
  items: mongo.Collection<I>,
  versions: readonly Version[],
): Promise<Set<string>> {
  const $or = versions.map(({ item, version }) => ({ _id: item, 'outbox.version': version }));
  if ($or.length === 0) return new Set();
  const standing = await (items as unknown as mongo.Collection<LoggedItem>)
    .find({ $or } as mongo.Filter<LoggedItem>, { projection: { 'outbox.version': 1 } })
    .toArray();
  return new Set(standing.map(({ _id, outbox }) => versionKey(_id, outbox?.version ?? 0)));
}
