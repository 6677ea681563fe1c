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
        await items.bulkWrite(
          batch.map(({ item, version, seq }) => ({
            updateOne: {
              // Of that version only: a newer outbox is somebody else's promise.
              filter: { _id: item as number, 'outbox.version': version as number } as mongo.Filter<LoggedItem>,
              update: { $unset: { outbox: true }, $max: { seq } } as mongo.UpdateFilter<LoggedItem>,
            },
          })),
          { ordered: false, writeConcern: { w: 1, journal: false } },
        );
      } catch (error) {
        deps.logger.debug({ err: error }, 'outboxes were left to the sweep');
      }
    },
  };
}
