// Deletes old events: first the floor is raised, so that nobody resumes from below it, then what lies under it goes.
import type { mongo } from 'mongoose';
import type { Logger } from '../ops/logger.js';
import type { EventDocument, LogDocument } from './event.js';

const DAY_MS = 86_400_000;
const EVERY_MS = 600_000;
const LEASE_MS = 600_000;
const CHUNK = 5_000;

export interface Retention {
  start(): void;
  /** One run, now; resolves with the floor. Does nothing while another process holds the lease. */
  run(): Promise<number>;
  stop(): Promise<void>;
}

/** @param days age at which events go; 0 keeps them for ever. */
export function createRetention(deps: {
  events: mongo.Collection<EventDocument>;
  logs: mongo.Collection<LogDocument>;
  days: number;
  logger: Logger;
}): Retention {
  const { events, logs } = deps;
  let timer: NodeJS.Timeout | undefined;
  let active: Promise<unknown> = Promise.resolve();
  let stopped = false;

  async function run(): Promise<number> {
    const now = Date.now();
    const lease = await logs.findOneAndUpdate(
      { _id: 'log', $or: [{ retention_until: { $exists: false } }, { retention_until: { $lt: new Date(now) } }] },
      { $set: { retention_until: new Date(now + LEASE_MS) } },
      { returnDocument: 'after' },
    );
    if (!lease) return (await logs.findOne({ _id: 'log' }))?.floor ?? 0;
    try {
      return await deleteOld(lease, new Date(now - deps.days * DAY_MS));
    } finally {
      await logs.updateOne({ _id: 'log' }, { $unset: { retention_until: true } });
    }
  }

  async function deleteOld(log: LogDocument, cutoff: Date): Promise<number> {
    // The clocks of writers differ, so the first young event, not the last old one, bounds what may go.
    const young = await events.findOne(
      { _id: { $gt: log.floor }, at: { $gte: cutoff } },
      { sort: { _id: 1 }, projection: { _id: 1 } },
    );
    const floor = Math.min(young ? young._id - 1 : Number.POSITIVE_INFINITY, log.contiguous_to);
    if (floor > log.floor) await logs.updateOne({ _id: 'log' }, { $max: { floor } });
    const first = await events.findOne({}, { sort: { _id: 1 }, projection: { _id: 1 } });
    for (let at = first?._id ?? floor + 1; at <= floor && !stopped; at += CHUNK) {
      await events.deleteMany({ _id: { $lte: Math.min(at + CHUNK - 1, floor) } });
    }
    if (floor > log.floor) deps.logger.info({ floor }, 'old events were deleted');
    return Math.max(floor, log.floor);
  }

  const next = (): Promise<number> => {
    const result = active.then(run);
    active = result.catch((error: unknown) =>
      deps.logger.debug({ err: error }, 'retention failed; it will be repeated'),
    );
    return result;
  };

  return {
    start() {
      if (deps.days === 0) return;
      timer = setInterval(() => void next().catch(() => {}), EVERY_MS);
      timer.unref();
      void next().catch(() => {});
    },
    run: next,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await active;
    },
  };
}
