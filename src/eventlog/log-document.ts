// The document that describes the log: made once, read by every relay, and the only source of numbers.
import { randomBytes } from 'node:crypto';
import type { mongo } from 'mongoose';
import { HubError } from '../errors.js';
import type { EventDocument, LogDocument } from './event.js';
import { repeatedly } from './settle.js';

type Logs = mongo.Collection<LogDocument>;
/** What numbers are taken from. */
export type Counters = Pick<LogDocument, 'counter' | 'submissions'>;

/** Reservations need not survive a fail-over: a number met twice is refused by a unique index and taken anew. */
const FAST = { writeConcern: { w: 1, journal: false } } as const;

const newEpoch = (): string => randomBytes(9).toString('base64url');

/** Makes the log's document when there is none; returns it as a majority has it. */
export async function openLog(logs: Logs): Promise<LogDocument> {
  await logs.updateOne(
    { _id: 'log' },
    { $setOnInsert: { epoch: newEpoch(), counter: 0, submissions: 0, floor: 0, contiguous_to: 0, swept_to: 0 } },
    { upsert: true },
  );
  // A log of an older hub has none. Of several processes that start at once, one is the first here as well.
  const secret = randomBytes(32).toString('base64url');
  await logs.updateOne({ _id: 'log', secret: { $exists: false } }, { $set: { secret } });
  const log = await logs.findOne({ _id: 'log' });
  if (!log) throw new Error('the log document disappeared while the hub started');
  return log;
}

/** Highest seq that retention may have deleted, as a majority has it. */
export async function readFloor(logs: Logs): Promise<number> {
  return (await logs.findOne({ _id: 'log' }, { projection: { floor: 1 } }))?.floor ?? 0;
}

/** Takes numbers; returns the document with the highest of those taken. */
export async function reserve(logs: Logs, taken: Partial<Counters>): Promise<LogDocument> {
  const log = await repeatedly(() =>
    logs.findOneAndUpdate({ _id: 'log' }, { $inc: taken }, { returnDocument: 'after', ...FAST }),
  );
  if (!log) throw new HubError('unavailable', 'The log is missing.', { retryAfterMs: 2_000 });
  return log;
}

/** Lifts counters that a fail-over rolled back, so that one retry is enough. */
export async function raiseCounters(logs: Logs, to: Partial<Counters>): Promise<void> {
  await repeatedly(() => logs.updateOne({ _id: 'log' }, { $max: to }, FAST));
}

/**
 * Gives the log a new identity, for after a restore: every client then takes a snapshot. What the document says is
 * brought in line with the events that are there, since the two were not copied in one moment.
 */
export async function rotateEpoch(logs: Logs, events: mongo.Collection<EventDocument>): Promise<string> {
  const epoch = newEpoch();
  const newest = (await events.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } }))?._id ?? 0;
  await logs.updateOne({ _id: 'log' }, { $set: { epoch }, $min: { contiguous_to: newest }, $max: { counter: newest } });
  return epoch;
}
