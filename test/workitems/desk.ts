// One process's worth of what commands and reads need, on a real mongod: appender, relay, people, commands, snapshot.
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ErrorCode, Item, Role } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import mongoose from 'mongoose';
import type { Principal } from '../../src/auth/principal.js';
import { HubError } from '../../src/errors.js';
import { type Appender, createAppender } from '../../src/eventlog/appender.js';
import { events, logs } from '../../src/eventlog/collections.js';
import type { EventDocument } from '../../src/eventlog/event.js';
import { createFiller } from '../../src/eventlog/filler.js';
import { openLog, readFloor } from '../../src/eventlog/log-document.js';
import { createNumbers } from '../../src/eventlog/numbers.js';
import { createReader } from '../../src/eventlog/reader.js';
import { readOwed } from '../../src/eventlog/state.js';
import { createWriteOnce } from '../../src/eventlog/write-once.js';
import { ensureCollections } from '../../src/mongo/collections.js';
import type { Mongo } from '../../src/mongo/connection.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import { type Commands, createCommands } from '../../src/workitems/commands.js';
import { createPeople, type People, persons } from '../../src/workitems/people.js';
import { commandAnswers } from '../../src/workitems/repeats.js';
import { createSnapshot, type Snapshot } from '../../src/workitems/snapshot.js';
import { type SubmissionDocument, submissions } from '../../src/workitems/submission.js';
import {
  firstVersion,
  type HistoryEntry,
  toItem,
  type WorkItemDocument,
  workItems,
} from '../../src/workitems/work-item.js';
import { quiet } from '../support/mongo.js';

export function person(sub: string, roles: Role[] = ['underwriter'], teams: string[] = []): Principal {
  return { sub, name: `Name of ${sub}`, email: `${sub}@Hub.example`, roles, teams };
}

export type Draft = Partial<
  Pick<
    SubmissionDocument,
    | 'subject'
    | 'from_email'
    | 'team'
    | 'assigned_to'
    | 'created_at'
    | 'received_at'
    | 'body_text'
    | 'body_file'
    | 'attachments'
  > & { extracted_fields: Partial<SubmissionDocument['extracted_fields']> }
>;

export interface Desk {
  mongo: Mongo;
  appender: Appender<SubmissionDocument, WorkItemDocument>;
  relay: Relay;
  people: People;
  commands: Commands;
  snapshot: Snapshot;
  bucket: mongoose.mongo.GridFSBucket;
  /** Receives a mail; its work item is pending, in the pool unless the draft says otherwise. */
  receive(draft?: Draft): Promise<Item>;
  /** The item as the database has it, history and all. */
  stored(id: number): Promise<WorkItemDocument>;
  history(id: number): Promise<HistoryEntry[]>;
  /** Events of an item, in the order of the log. */
  events(id: number): Promise<EventDocument[]>;
  /** Puts an item into a state that commands would take long to reach; no event tells of it. */
  force(id: number, state: Partial<WorkItemDocument>): Promise<void>;
  close(): Promise<void>;
}

export async function openDesk(
  mongo: Mongo,
  online: () => Promise<ReadonlySet<string>> = async () => new Set(),
): Promise<Desk> {
  await ensureCollections(mongo, [submissions, workItems, events, logs, persons, commandAnswers]);
  const collections = {
    submissions: submissions.of(mongo),
    items: workItems.of(mongo),
    events: events.of(mongo),
    logs: logs.of(mongo),
  };
  await openLog(collections.logs);
  const numbers = createNumbers(collections.logs);
  const writeOnce = createWriteOnce({
    ...collections,
    numbers,
    delivered: () => relay.position,
    isLogIntact: () => relay.isLogIntact(),
    floor: () => readFloor(collections.logs),
    owed: (versions) => readOwed(collections.items, versions),
    onCollision: () => filler.collided(),
  });
  const filler = createFiller({ fill: writeOnce.fill });
  const relay: Relay = createRelay({
    logs: collections.logs,
    reader: createReader(collections.events),
    filler,
    logger: quiet,
  });
  await relay.start();
  const appender = createAppender<SubmissionDocument, WorkItemDocument>({
    ...collections,
    numbers,
    writeOnce,
    firstVersion,
    onAppended: relay.offer,
    refusal: () => null,
    queueMax: 10_000,
    logger: quiet,
  });
  const people = createPeople({ mongo, logger: quiet, online });
  const bucket = new mongoose.mongo.GridFSBucket(mongo.db, { bucketName: 'attachments' });
  const files = {
    open: (id: mongoose.mongo.ObjectId): Readable => bucket.openDownloadStream(id),
    readText: async (id: mongoose.mongo.ObjectId) =>
      Buffer.concat(await bucket.openDownloadStream(id).toArray()).toString(),
  };
  return {
    mongo,
    appender,
    relay,
    people,
    commands: createCommands({ mongo, appender, people, logger: quiet }),
    snapshot: createSnapshot({ mongo, relay, files }),
    bucket,
    async receive({ extracted_fields, ...draft } = {}) {
      const ref = randomUUID();
      const { submission } = await appender.create(ref, (id) => ({
        _id: id,
        key: ref,
        ref,
        idempotency: { kind: 'test', caller: 'test', value: ref, index: 0 },
        digest: ref,
        subject: 'Submission',
        from_email: 'broker@marsh.example',
        from_name: null,
        received_at: null,
        created_at: new Date(),
        body_text: 'Dear all',
        body_file: null,
        extracted_fields: {
          insured_name: null,
          policy_type: null,
          coverage_amount: null,
          effective_date: null,
          broker: null,
          ...extracted_fields,
        },
        attachments: [],
        team: null,
        assigned_to: null,
        ...draft,
      }));
      return toItem(firstVersion(submission));
    },
    async stored(id) {
      const doc = await collections.items.findOne({ _id: id });
      if (!doc) throw new Error(`no item ${id}`);
      return doc;
    },
    history: async (id) => (await collections.items.findOne({ _id: id }))?.history ?? [],
    events: (id) => collections.events.find({ item: id }).sort({ _id: 1 }).toArray(),
    async force(id, state) {
      await appender.help(id);
      await collections.items.updateOne({ _id: id }, { $set: state });
    },
    async close() {
      await appender.close();
      await relay.stop();
      await people.close();
    },
  };
}

/** The HubError with which `work` fails; fails itself when the code is another. */
export async function refusal(work: Promise<unknown>, code: ErrorCode): Promise<HubError> {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) throw new Error(`not refused, but answered ${JSON.stringify(outcome.value)}`);
  if (!(outcome.error instanceof HubError)) throw outcome.error;
  expect(outcome.error.code, outcome.error.message).to.equal(code);
  return outcome.error;
}
