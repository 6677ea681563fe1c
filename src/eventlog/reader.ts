// Reads the log, always as a majority of the replica set has it: a local read can show an event that a fail-over takes back.
import type { mongo } from 'mongoose';
import { type EventDocument, type LogEvent, toLogEvent } from './event.js';

export interface ReadRange {
  /** Exclusive. */
  after: number;
  /** Inclusive; without it, up to the end. */
  upTo?: number;
  /** Only events addressed to one of these rooms; without it, all. */
  rooms?: readonly string[];
  /** Events at most. */
  limit: number;
}

export interface LogReader {
  /** Events of the range, in order. Fewer than `limit` means that the range holds no more. */
  read(range: ReadRange): Promise<LogEvent[]>;
  /** Bytes that the events of a range take, as stored: an estimate of what their replay takes. */
  bytesIn(range: Omit<ReadRange, 'limit'>): Promise<number>;
  /** Highest seq in the log; 0 when it is empty. */
  lastSeq(): Promise<number>;
}

const MAJORITY = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const;

function query({ after, upTo, rooms }: Omit<ReadRange, 'limit'>): mongo.Filter<EventDocument> {
  return {
    _id: { $gt: after, ...(upTo === undefined ? {} : { $lte: upTo }) },
    ...(rooms ? { rooms: { $in: [...rooms] } } : {}),
  };
}

export function createReader(events: mongo.Collection<EventDocument>): LogReader {
  return {
    async read(range) {
      const documents = await events
        .find(query(range), { ...MAJORITY, sort: { _id: 1 }, limit: range.limit, batchSize: range.limit })
        .toArray();
      return documents.map(toLogEvent);
    },
    async bytesIn(range) {
      const [sum] = await events
        .aggregate<{ bytes: number }>(
          [{ $match: query(range) }, { $group: { _id: null, bytes: { $sum: { $bsonSize: '$data' } } } }],
          MAJORITY,
        )
        .toArray();
      return sum?.bytes ?? 0;
    },
    async lastSeq() {
      const last = await events.findOne({}, { ...MAJORITY, sort: { _id: -1 }, projection: { _id: 1 } });
      return last?._id ?? 0;
    },
  };
}
