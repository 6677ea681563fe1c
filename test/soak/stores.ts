// What MongoDB holds, and which of it must not be there.
import { attachmentCollections } from '../../src/intake/attachment-store.js';
import { cursors } from '../../src/delivery/cursors.js';
import { revocations } from '../../src/auth/revocation.js';
import { events, logs } from '../../src/eventlog/collections.js';
import type { Mongo } from '../../src/mongo/connection.js';
import { nodes } from '../../src/ops/nodes.js';
import { persons } from '../../src/workitems/people.js';
import { commandAnswers } from '../../src/workitems/repeats.js';
import { submissions } from '../../src/workitems/submission.js';
import { workItems } from '../../src/workitems/work-item.js';

export interface StoreFacts {
  submissions: number;
  items: number;
  events: number;
  /** Numbers of the log that were reserved. */
  reserved: number;
  outboxes: number;
  /** Files that submissions name. */
  named: number;
  /** Files that are there, and those of them that no submission names. */
  files: number;
  orphans: number;
  /** Chunks without a file. */
  looseChunks: number;
  nodes: number;
  people: number;
  cursors: number;
  commandAnswers: number;
  revocations: number;
  /** Of mongod itself. */
  openCursors: number;
  connections: number;
}

interface Id {
  toHexString(): string;
}

const [files, chunks] = attachmentCollections;

export async function readStores(mongo: Mongo): Promise<StoreFacts> {
  const countOf = (
    collection: { of(mongo: Mongo): { countDocuments(filter: object): Promise<number> } },
    filter = {},
  ) => collection.of(mongo).countDocuments(filter);
  const named = await submissions
    .of(mongo)
    .find({ $or: [{ 'attachments.0': { $exists: true } }, { body_file: { $ne: null } }] })
    .project<{ attachments: { file: Id }[]; body_file: Id | null }>({ 'attachments.file': 1, body_file: 1 })
    .toArray();
  const wanted = new Set(
    named.flatMap(({ attachments, body_file: text }) => [
      ...attachments.map(({ file }) => file.toHexString()),
      ...(text ? [text.toHexString()] : []),
    ]),
  );
  const there = (await files.of(mongo).find().project<{ _id: Id }>({ _id: 1 }).toArray()).map(({ _id }) =>
    _id.toHexString(),
  );
  const owners = (await chunks.of(mongo).distinct('files_id')).map((id: Id) => id.toHexString());
  const log = await logs.of(mongo).findOne({ _id: 'log' });
  const status = await mongo.db.admin().serverStatus();
  return {
    submissions: await countOf(submissions),
    items: await countOf(workItems),
    events: await countOf(events),
    reserved: log?.counter ?? 0,
    outboxes: await countOf(workItems, { outbox: { $exists: true } }),
    named: wanted.size,
    files: there.filter((id) => wanted.has(id)).length,
    orphans: there.filter((id) => !wanted.has(id)).length,
    looseChunks: owners.filter((id) => !there.includes(id)).length,
    nodes: await countOf(nodes),
    people: await countOf(persons),
    cursors: await countOf(cursors),
    commandAnswers: await countOf(commandAnswers),
    revocations: await countOf(revocations),
    openCursors: (status as { metrics: { cursor: { open: { total: number } } } }).metrics.cursor.open.total,
    connections: (status as { connections: { current: number } }).connections.current,
  };
}
