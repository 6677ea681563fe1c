// Finds what a dead process left half-way, outboxes and submissions without a work item, and has it finished.
import type { mongo } from 'mongoose';
import type { Logger } from '../ops/logger.js';
import { createPeriodic } from '../ops/periodic.js';
import type { Appender } from './appender.js';
import type { LogDocument, LoggedItem, LoggedSubmission } from './event.js';

const EVERY_MS = 5_000;
/** A submission's number may be this old, by this process's clock, when its insert arrives, milliseconds. */
const LATE_MS = 60_000;
const BATCH = 500;

export interface Sweeper {
  start(): void;
  /** One sweep, now. What stands for the second sweep in a row is finished: no clock of another process is trusted. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

export function createSweeper<S extends LoggedSubmission, I extends LoggedItem>(deps: {
  submissions: mongo.Collection<S>;
  items: mongo.Collection<I>;
  logs: mongo.Collection<LogDocument>;
  appender: Appender<S, I>;
  logger: Logger;
}): Sweeper {
  const submissions = deps.submissions as unknown as mongo.Collection<LoggedSubmission>;
  const items = deps.items as unknown as mongo.Collection<LoggedItem>;
  let outboxesSeen = new Set<string>();
  let bareSeen = new Set<number>();
  const marks: { id: number; at: number }[] = [];
  let sweptTo: number | undefined;

  async function sweepOutboxes(): Promise<void> {
    const standing = await items
      .find({ 'outbox.version': { $exists: true } } as mongo.Filter<LoggedItem>, {
        projection: { _id: 1, 'outbox.version': 1 },
        sort: { _id: 1 },
        limit: 20 * BATCH,
      })
      .toArray();
    const name = (item: LoggedItem): string => `${item._id}:${item.outbox?.version}`;
    const old = standing.filter((item) => outboxesSeen.has(name(item)));
    outboxesSeen = new Set(standing.map(name));
    for (let at = 0; at < old.length; at += BATCH) {
      await Promise.all(old.slice(at, at + BATCH).map(({ _id }) => deps.appender.help(_id)));
    }
    if (old.length > 0) deps.logger.info({ outboxes: old.length }, 'finished what another process left in its items');
  }

  async function sweepSubmissions(): Promise<void> {
    sweptTo ??= (await deps.logs.findOne({ _id: 'log' }))?.swept_to ?? 0;
    const last = await submissions.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } });
    const range = { _id: { $gt: sweptTo, $lte: last?._id ?? 0 } };
    const [mails, made] = await Promise.all([submissions.countDocuments(range), items.countDocuments(range)]);
    const bare = mails === made ? [] : await findBare(range);
    const old = bare.filter(({ _id }) => bareSeen.has(_id));
    bareSeen = new Set(bare.map(({ _id }) => _id));
    await Promise.all(old.map((submission) => deps.appender.finish(submission as S)));
    if (old.length > 0) deps.logger.info({ submissions: old.length }, 'finished submissions that had no work item');
    if (bare.length === 0) await advance(last?._id ?? 0);
  }

  async function findBare(range: mongo.Filter<LoggedSubmission>): Promise<LoggedSubmission[]> {
    return await submissions
      .aggregate<LoggedSubmission>([
        { $match: range },
        {
          $lookup: {
            from: deps.items.collectionName,
            localField: '_id',
            foreignField: '_id',
            as: 'made',
            pipeline: [{ $project: { _id: 1 } }],
          },
        },
        { $match: { made: [] } },
        { $limit: BATCH },
        { $unset: 'made' },
      ])
      .toArray();
  }

  /** Moves the mark behind which no submission can be bare any more. */
  async function advance(last: number): Promise<void> {
    const now = performance.now();
    marks.push({ id: last, at: now });
    let mark: number | undefined;
    while (marks[0] && now - marks[0].at > LATE_MS) mark = marks.shift()?.id;
    if (mark === undefined || mark <= (sweptTo ?? 0)) return;
    sweptTo = mark;
    await deps.logs.updateOne({ _id: 'log' }, { $max: { swept_to: mark } });
  }

  async function sweep(): Promise<void> {
    try {
      await sweepOutboxes();
      await sweepSubmissions();
    } catch (error) {
      deps.logger.debug({ err: error }, 'the sweep failed; it will be repeated');
    }
  }

  const sweeps = createPeriodic(sweep, EVERY_MS);
  return {
    start: () => void sweeps.start(),
    sweep: () => sweeps.run(),
    stop: () => sweeps.stop(),
  };
}
