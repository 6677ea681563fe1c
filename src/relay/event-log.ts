// Puts the log together: writer, reader, relay, and those who keep it whole while nobody looks.
import { hkdfSync } from 'node:crypto';
import type { mongo } from 'mongoose';
import type { Config } from '../config.js';
import { type Appender, createAppender } from '../eventlog/appender.js';
import type { EventDocument, LogDocument, LogEvent, LoggedItem, LoggedSubmission } from '../eventlog/event.js';
import { createFiller } from '../eventlog/filler.js';
import { openLog, readFloor } from '../eventlog/log-document.js';
import { createNumbers } from '../eventlog/numbers.js';
import { createReader, type LogReader } from '../eventlog/reader.js';
import { createRetention } from '../eventlog/retention.js';
import { readOwed } from '../eventlog/state.js';
import { createSweeper } from '../eventlog/sweeper.js';
import { createWriteOnce } from '../eventlog/write-once.js';
import type { Logger } from '../ops/logger.js';
import type { Metrics } from '../ops/metrics.js';
import { createRelay, type Relay } from './relay.js';

export interface EventLog<S extends LoggedSubmission, I extends LoggedItem> {
  readonly appender: Appender<S, I>;
  readonly relay: Relay;
  readonly reader: LogReader;
  /** 32 bytes that the processes of this log have in common and nobody else knows, others for each purpose. */
  secretFor(purpose: string): Buffer;
  /** Follows the log from where relays have agreed it is whole; finishes what dead processes left. */
  start(): Promise<void>;
  /** Ends what waits to be written, then the rest. */
  stop(): Promise<void>;
}

export interface EventLogDeps<S extends LoggedSubmission, I extends LoggedItem> {
  submissions: mongo.Collection<S>;
  items: mongo.Collection<I>;
  events: mongo.Collection<EventDocument>;
  logs: mongo.Collection<LogDocument>;
  firstVersion: (submission: S) => I;
  isUp: () => boolean;
  /** Whether no other process is known to run on this log. */
  isAlone: () => boolean;
  /** Whether the others tell this process what they write. */
  isLinked: () => boolean;
  /** Tells the others of events that this process has written. */
  publish: (events: readonly LogEvent[]) => void;
  config: Pick<Config, 'LOG_QUEUE_MAX' | 'EVENT_RETENTION_DAYS' | 'DELIVERY_WINDOW_MS'>;
  metrics: Pick<Metrics, 'commitSize' | 'commitSeconds' | 'holesFilled'>;
  logger: Logger;
}

export async function createEventLog<S extends LoggedSubmission, I extends LoggedItem>(
  deps: EventLogDeps<S, I>,
): Promise<EventLog<S, I>> {
  const { events, logs, config, metrics, logger } = deps;
  const { secret } = await openLog(logs);
  const reader = createReader(events);
  const numbers = createNumbers(logs);
  const writeOnce = createWriteOnce({
    events,
    numbers,
    delivered: () => relay.position,
    isLogIntact: () => relay.isLogIntact(),
    floor: () => readFloor(logs),
    owed: (versions) => readOwed(deps.items, versions),
    onCollision: () => filler.collided(),
  });
  const filler = createFiller({
    fill: async (seqs) => {
      await writeOnce.fill(seqs);
      metrics.holesFilled.inc(seqs.length);
    },
  });
  const relay = createRelay({
    logs,
    reader,
    filler,
    logger,
    isAlone: deps.isAlone,
    isLinked: deps.isLinked,
    windowMs: config.DELIVERY_WINDOW_MS,
  });
  const appender = createAppender({
    ...deps,
    numbers,
    writeOnce,
    onAppended: (some) => {
      const placed = some.filter(({ seq }) => seq > 0);
      relay.offer(placed);
      deps.publish(placed);
    },
    refusal: () => {
      if (!deps.isUp()) return 'The database is not available at the moment; please try again.';
      return relay.trouble() === null ? null : 'The log was replaced and needs an operator.';
    },
    queueMax: config.LOG_QUEUE_MAX,
    onRound: (jobs, seconds) => {
      metrics.commitSize.observe(jobs);
      metrics.commitSeconds.observe(seconds);
    },
  });
  const sweeper = createSweeper({ ...deps, appender });
  const retention = createRetention({ events, logs, days: config.EVENT_RETENTION_DAYS, logger });
  return {
    appender,
    relay,
    reader,
    secretFor: (purpose) => Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64url'), '', purpose, 32)),
    async start() {
      await relay.start();
      sweeper.start();
      retention.start();
    },
    async stop() {
      await retention.stop();
      await sweeper.stop();
      await appender.close();
      await relay.stop();
    },
  };
}
