// What a caller may read of the items: the list with the position from which a stream carries it on, single items,
// their history and their submissions. What one may not see does not exist.
import { SUPERVISORS } from '@workitem-hub/client/audience';
import type { Filter, Item, Position } from '@workitem-hub/client/contract';
import { canonicalFilter, compileFilter } from '@workitem-hub/client/filter';
import type { mongo } from 'mongoose';
import { assertViewer, type Principal } from '../auth/principal.js';
import { scopeOf } from '../delivery/scope.js';
import type { Mongo } from '../mongo/connection.js';
import { whenAvailable } from '../mongo/unavailable.js';
import type { Relay } from '../relay/relay.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';
import { notFound } from './sight.js';
import { createSubmissionReader, type Files, type SubmissionReader } from './submission-reader.js';
import { type HistoryEntry, LISTED, type ListedItem, toItem, type WorkItemDocument, workItems } from './work-item.js';

export interface ListQuery {
  filter?: Filter | null;
  /** 1–500, default 100. */
  limit?: number;
  /** `next_cursor` of the page before. */
  cursor?: string | null;
}

/** `next_cursor` is `null` on the last page; a page may be short, even empty, and still have a next one. */
export interface Page {
  items: Item[];
  next_cursor: string | null;
  position: Required<Position>;
}

/** One version of an item on the wire; `at` is ISO 8601. */
export type HistoryRecord = Omit<HistoryEntry, 'at' | 'command_id' | 'change_id'> & { at: string };

/** All throw HubError: `forbidden` for callers without a role that sees items, `unavailable` when MongoDB is away. */
export interface Snapshot extends SubmissionReader {
  /** Newest first. Every page has the position of the first. @throws HubError `invalid` for a cursor not of this list. */
  list(caller: Principal, query?: ListQuery): Promise<Page>;
  /** @throws HubError `not_found` */
  get(caller: Principal, id: number): Promise<Item>;
  /** @throws HubError `not_found` */
  getByRef(caller: Principal, ref: string): Promise<Item>;
  /** Every version, oldest first. @throws HubError `not_found` */
  history(caller: Principal, id: number): Promise<HistoryRecord[]>;
}

export interface SnapshotOptions {
  mongo: Mongo;
  /** This process's relay. */
  relay: Pick<Relay, 'epoch' | 'position' | 'flush'>;
  files: Files;
  /**
   * Documents that one page looks at, default 50,000: a filter that matches next to nothing must not walk all items in
   * one request.
   */
  scanMax?: number;
}

export function createSnapshot({ mongo, relay, files, scanMax = 50_000 }: SnapshotOptions): Snapshot {
  const items = workItems.of(mongo);

  /**
   * Resolves when the session's next reads show everything that a majority had acknowledged to anybody before this call.
   * A majority read alone does not promise that: a primary that was just elected, or does not know yet that it was
   * replaced, may show an older state. A majority write that changes nothing waits for all that came before it (item 0
   * does not exist), and a causal session makes the reads wait for the write.
   */
  async function catchUp(session: mongo.ClientSession): Promise<void> {
    await items.updateOne({ _id: 0 }, { $unset: { outbox: true } }, { session });
  }

  async function findOne(caller: Principal, filter: mongo.Filter<WorkItemDocument>): Promise<Item> {
    const rooms = assertViewer(caller);
    const where = { ...filter, rooms: { $in: rooms } };
    const doc = await whenAvailable(() => items.findOne<ListedItem>(where, { projection: LISTED }));
    if (!doc) throw notFound('work item');
    return toItem(doc);
  }

  return {
    async list(caller, { filter = null, limit = 100, cursor = null } = {}) {
      const rooms = assertViewer(caller);
      const scope = scopeOf(rooms, filter, caller.sub);
      const from = cursor === null ? null : decodeCursor(cursor, scope);
      // The position comes first. Each event up to it was in the log when the relay got it, and its change in the item
      // before that, both acknowledged by a majority. So items that are read from now on hold all of them; what they
      // hold beyond, the stream brings again, and the newer version wins.
      relay.flush();
      const position = from?.position ?? { epoch: relay.epoch, seq: relay.position, scope };
      const passes = compileFilter(filter, caller.sub);
      const found: Item[] = [];
      let before = from?.before ?? null;
      let more = false;

      async function read(session: mongo.ClientSession): Promise<void> {
        await catchUp(session);
        const docs = items
          .find<ListedItem>(candidates(rooms, filter, caller.sub, before), { session, projection: LISTED })
          .sort({ _id: -1 })
          .batchSize(canonicalFilter(filter) ? 1_000 : limit + 1);
        let scanned = 0;
        for await (const doc of docs) {
          const item = toItem(doc);
          const match = passes(item);
          more = scanned++ === scanMax || (match && found.length === limit);
          if (more) break;
          before = item.id;
          if (match) found.push(item);
        }
      }
      await whenAvailable(() => mongo.client.withSession({ causalConsistency: true }, read));
      const next_cursor = more && before !== null ? encodeCursor({ before, position }) : null;
      return { items: found, next_cursor, position };
    },

    get: (caller, id) => findOne(caller, { _id: id }),
    getByRef: (caller, ref) => findOne(caller, { submission_ref: ref }),

    async history(caller, id) {
      const where = { _id: id, rooms: { $in: assertViewer(caller) } };
      const doc = await whenAvailable(() => items.findOne(where, { projection: { history: 1 } }));
      if (!doc) throw notFound('work item');
      return doc.history.map(({ at, command_id: _command, change_id: _change, ...entry }) => ({
        ...entry,
        at: at.toISOString(),
      }));
    },

    ...createSubmissionReader({ mongo, files }),
  };
}

/** A query for at least the items that pass; the compiled filter has the last word. */
function candidates(
  rooms: readonly string[],
  filter: Filter | null,
  sub: string,
  before: number | null,
): mongo.Filter<WorkItemDocument> {
  const f = canonicalFilter(filter);
  return {
    // Every item is in the supervisors' room: one room is one range of the index.
    rooms: rooms.includes(SUPERVISORS) ? SUPERVISORS : { $in: [...rooms] },
    ...(before === null ? {} : { _id: { $lt: before } }),
    ...(f?.status ? { status: { $in: f.status } } : {}),
    ...(f?.team ? { team: { $in: f.team } } : {}),
    ...(f?.assigned ? { assigned_to: f.assigned === 'me' ? sub : null } : {}),
  };
}
