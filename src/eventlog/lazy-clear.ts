// Step 4 of the log's protocol: note in the items that their events are in the log. Late, in bulk, and safe to lose.
import type { mongo } from 'mongoose';
import type { Logger } from '../ops/logger.js';
import type { LogEvent, LoggedItem } from './event.js';

export interface LazyClear {
  add(event: LogEvent): void;
  size(): number;
  /** Writes what was added. Never throws: an outbox that stays is found and finished by the sweep. */
  flush(): Promise<void>;
}

/** Events of one version whose seqs are as far from their items' numbers: new items of a round, which are numbered in its order. */
interface Group {
  version: number;
  offset: number;
  items: number[];
}

function groupsOf(events: readonly LogEvent[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { item, version, seq } of events) {
    if (item === null || version === null) continue;
    const offset = seq - item;
    const key = `${version}:${offset}`;
    const group = groups.get(key);
    if (group) group.items.push(item);
    else groups.set(key, { version, offset, items: [item] });
  }
  return [...groups.values()];
}

interface Clear {
  filter: mongo.Filter<LoggedItem>;
  update: mongo.BSON.Document[];
}

function clearOf({ version, offset, items }: Group): Clear {
  return {
    // Of that version only: a newer outbox is somebody else's promise.
    filter: { _id: { $in: items }, 'outbox.version': version } as mongo.Filter<LoggedItem>,
    update: [{ $set: { seq: { $max: ['$seq', { $add: ['$_id', offset] }] } } }, { $unset: 'outbox' }],
  };
}

const FAST = { writeConcern: { w: 1, journal: false } } as const;

export function createLazyClear<I extends LoggedItem>(deps: { items: mongo.Collection<I>; logger: Logger }): LazyClear {
  const items = deps.items as unknown as mongo.Collection<LoggedItem>;
  let waiting: LogEvent[] = [];
  return {
    add: (event) => void waiting.push(event),
    size: () => waiting.length,
    async flush() {
      if (waiting.length === 0) return;
      const batch = waiting;
      waiting = [];
      try {
        const [first, ...rest] = groupsOf(batch).map(clearOf);
        if (first === undefined) return;
        // A trickle of new items is one group; one update goes without the driver's machinery for many.
        if (rest.length === 0) await items.updateMany(first.filter, first.update, FAST);
        else {
          const updates = [first, ...rest].map((updateMany) => ({ updateMany }));
          await items.bulkWrite(updates, { ordered: false, ...FAST });
        }
      } catch (error) {
        deps.logger.debug({ err: error }, 'outboxes were left to the sweep');
      }
    },
  };
}
