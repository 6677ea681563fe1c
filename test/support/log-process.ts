// A process as the log sees it: appender, relay and sweeper over a test database, with a way to die at any database operation.
import type { mongo } from 'mongoose';
import { createAppender, type Appender } from '../../src/eventlog/appender.js';
import { events, logs } from '../../src/eventlog/collections.js';
import type { EventDocument, LogDocument, LogEvent } from '../../src/eventlog/event.js';
import { createFiller } from '../../src/eventlog/filler.js';
import { openLog, readFloor } from '../../src/eventlog/log-document.js';
import { createNumbers } from '../../src/eventlog/numbers.js';
import { createReader } from '../../src/eventlog/reader.js';
import { readOwed } from '../../src/eventlog/state.js';
import { createSweeper, type Sweeper } from '../../src/eventlog/sweeper.js';
import { createWriteOnce } from '../../src/eventlog/write-once.js';
import { ensureCollections } from '../../src/mongo/collections.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import { createRing } from '../../src/relay/ring.js';
import { firstVersion, workItems, type WorkItemDocument } from '../../src/workitems/work-item.js';
import { submissions, type SubmissionDocument } from '../../src/workitems/submission.js';
import { quiet, type TestDatabase } from './mongo.js';
import { randomUUID } from 'node:crypto';

export interface LogProcess {
  appender: Appender<SubmissionDocument, WorkItemDocument>;
  relay: Relay;
  sweeper: Sweeper;
  /** What the relay handed on, in order. */
  delivered: LogEvent[];
  /** Resolves when the relay has handed on this seq. */
  reached(seq: number): Promise<void>;
  stop(): Promise<void>;
}

export interface LogProcessOptions {
  /** Wraps each collection, to count, delay or end what the process does. */
  wrap?: <T extends mongo.BSON.Document>(collection: mongo.Collection<T>) => mongo.Collection<T>;
  queueMax?: number;
  /** The clock that holes are timed by, milliseconds. */
  now?: () => number;
  /** Without it, the relay only takes what it is offered. */
  follow?: boolean;
  /** Whether it takes itself for the only process. */
  isAlone?: () => boolean;
  /** Bounds of the ring. */
  ring?: { count: number; bytes: number };
}

export async function prepareLog(db: TestDatabase): Promise<void> {
  await ensureCollections(db.mongo, [submissions, workItems, events, logs]);
  await openLog(logs.of(db.mongo));
}

export async function startLogProcess(db: TestDatabase, options: LogProcessOptions = {}): Promise<LogProcess> {
  const wrap = options.wrap ?? ((collection) => collection);
  const eventsOf: mongo.Collection<EventDocument> = wrap(events.of(db.mongo));
  const logsOf: mongo.Collection<LogDocument> = wrap(logs.of(db.mongo));
  const own = { submissions: wrap(submissions.of(db.mongo)), items: wrap(workItems.of(db.mongo)), logs: logsOf };
  const numbers = createNumbers(logsOf);
  const writeOnce = createWriteOnce({
    events: eventsOf,
    numbers,
    delivered: () => relay.position,
    isLogIntact: () => relay.isLogIntact(),
    floor: () => readFloor(logsOf),
    owed: (versions) => readOwed(own.items, versions),
    onCollision: () => filler.collided(),
  });
  const filler = createFiller({ fill: writeOnce.fill, ...(options.now ? { now: options.now } : {}) });
  const relay = createRelay({
    logs: logsOf,
    reader: createReader(eventsOf),
    filler,
    logger: quiet,
    ring: createRing(options.ring),
    ...(options.isAlone ? { isAlone: options.isAlone } : {}),
  });
  const appender = createAppender({
    ...own,
    numbers,
    writeOnce,
    firstVersion,
    onAppended: (some) => relay.offer(some),
    refusal: () => null,
    queueMax: options.queueMax ?? 10_000,
    logger: quiet,
  });
  const sweeper = createSweeper({ ...own, appender, logger: quiet });
  const delivered: LogEvent[] = [];
  let stopping: Promise<void> | undefined;
  const waiting: { seq: number; resolve: () => void }[] = [];
  relay.onEvents((some) => {
    delivered.push(...some);
    for (const one of waiting) if (relay.position >= one.seq) one.resolve();
  });
  if (options.follow !== false) await relay.start();
  return {
    appender,
    relay,
    sweeper,
    delivered,
    async reached(seq) {
      if (relay.position >= seq) return;
      await new Promise<void>((resolve) => waiting.push({ seq, resolve }));
    },
    stop() {
      stopping ??= end();
      return stopping;
    },
  };

  async function end(): Promise<void> {
    await sweeper.stop();
    await appender.close();
    await relay.stop();
  }
}

/** A mail to store, under a key. */
export function draftOf(key: string, more: Partial<SubmissionDocument> = {}): (id: number) => SubmissionDocument {
  const ref = randomUUID();
  const created = new Date();
  return (id) => ({
    _id: id,
    key,
    ref,
    idempotency: { kind: 'test', caller: 'test', value: key, index: 0 },
    digest: key,
    subject: `Subject of ${key}`,
    from_email: 'broker@example.com',
    from_name: null,
    received_at: null,
    created_at: created,
    body_text: '',
    body_file: null,
    extracted_fields: {
      insured_name: 'Acme Ltd',
      policy_type: 'Cyber',
      coverage_amount: '$1,000,000',
      effective_date: null,
      broker: null,
    },
    attachments: [],
    team: null,
    assigned_to: null,
    ...more,
  });
}

/** A change of an item's team, the smallest there is. */
export function changeOf(item: Pick<WorkItemDocument, '_id' | 'version'>, team: string | null = null) {
  const changeId = randomUUID();
  const at = new Date();
  return {
    id: item._id,
    version: item.version,
    changeId,
    set: { team, updated_at: at },
    push: { history: { change_id: changeId, version: item.version + 1 } },
    outbox: {
      version: item.version + 1,
      type: 'workitem_updated' as const,
      data: { id: item._id, changed: ['team'], version: item.version + 1 },
      rooms: ['pool'],
      before: null,
      at,
    },
  };
}

export interface LogFacts {
  submissions: SubmissionDocument[];
  items: WorkItemDocument[];
  events: EventDocument[];
  log: LogDocument;
}

/** As the primary has it: with one member, what it has is what stays. With more, ask for what the majority has. */
export async function readLogFacts(
  db: Pick<TestDatabase, 'mongo'>,
  level: 'local' | 'majority' = 'local',
): Promise<LogFacts> {
  const concern = { readConcern: { level } } as const;
  const [some, items, written, log] = await Promise.all([
    submissions.of(db.mongo).find({}, concern).sort({ _id: 1 }).toArray(),
    workItems.of(db.mongo).find({}, concern).sort({ _id: 1 }).toArray(),
    events.of(db.mongo).find({}, concern).sort({ _id: 1 }).toArray(),
    logs.of(db.mongo).findOne({ _id: 'log' }, concern),
  ]);
  return { submissions: some, items, events: written, log: log as LogDocument };
}

/** What contradicts the hub's promise: of which kind, and in words. `wrong` is what is none of the other four. */
export interface Defect {
  kind: 'lost' | 'duplicated' | 'reordered' | 'leaked' | 'wrong';
  what: string;
}

/**
 * Everything that is wrong with a log at rest: a mail without exactly one item, a committed version without exactly one
 * event, versions out of order, a hole. Below the floor nothing is asked for.
 */
export function defectsOfLog({ submissions: mails, items, events: all, log }: LogFacts): Defect[] {
  const defects: Defect[] = [];
  const found = (kind: Defect['kind'], what: string): void => void defects.push({ kind, what });
  const floor = log?.floor ?? 0;
  const written = all.filter(({ _id }) => _id > floor);
  const made = new Set(items.map(({ _id }) => _id));
  for (const { _id, key } of mails) if (!made.has(_id)) found('lost', `mail ${key} has no item`);
  if (items.length > mails.length) found('duplicated', `${mails.length} mails and ${items.length} items`);
  const versionOf = new Map<number, number>();
  const stored = new Map(items.map((item) => [item._id, item]));
  for (const { _id, item, version } of written) {
    if (item === undefined || version === undefined) continue;
    // What came before may lie below the floor.
    const before = versionOf.get(item) ?? (floor > 0 ? version - 1 : 0);
    if (version <= before) found(version === before ? 'duplicated' : 'reordered', wrongVersion(_id, item, version));
    else if (version > before + 1) found('lost', wrongVersion(_id, item, version));
    if (!stored.has(item)) found('lost', `event ${_id} is about item ${item}, which is not there`);
    versionOf.set(item, version);
  }
  for (const item of items) {
    const last = versionOf.get(item._id) ?? (item.seq <= floor ? item.version : 0);
    if (last !== item.version) {
      found('lost', `item ${item._id} is at version ${item.version} and its last event has ${last}`);
    }
    if (item.outbox) found('wrong', `item ${item._id} still has an outbox`);
  }
  written.forEach(({ _id }, index) => {
    if (_id !== (written[index - 1]?._id ?? floor) + 1) found('wrong', `a hole before ${_id}`);
  });
  return defects;
}

const wrongVersion = (seq: number, item: number, version: number): string =>
  `event ${seq} of item ${item} has version ${version}`;

/** The same in words. */
export const faultsOf = (facts: LogFacts): string[] => defectsOfLog(facts).map(({ what }) => what);
