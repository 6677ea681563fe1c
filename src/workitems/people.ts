// Who has signed in: remembered from their tokens, so that items can be assigned to people and found by e-mail.
import type { Person, Role } from '@workitem-hub/client/contract';
import type { Logger } from 'pino';
import { type mongo, Schema } from 'mongoose';
import { hasRole, type Principal } from '../auth/principal.js';
import { defineCollection } from '../mongo/collections.js';
import type { Mongo } from '../mongo/connection.js';
import { whenAvailable } from '../mongo/unavailable.js';

/** A person, wherever they are. */
export type KnownPerson = Omit<Person, 'online'>;

interface PersonDocument {
  _id: string;
  name: string | null;
  email: string | null;
  /** `email` in lower case. */
  email_key: string | null;
  roles: Role[];
  teams: string[];
  last_seen: Date | null;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    name: String,
    email: String,
    email_key: String,
    roles: [String],
    teams: [String],
    last_seen: Date,
  },
  { autoIndex: false, versionKey: false },
);
schema.index({ email_key: 1, last_seen: -1 });

export const persons = defineCollection<PersonDocument>('people', schema);

/** Milliseconds for which a person who did not change is not written again; `last_seen` is at most that much older than the truth. */
const FRESH_MS = 10 * 60_000;
/** People that may wait to be written; further ones are written when they are next seen. */
const QUEUE_MAX = 10_000;
const BATCH_MAX = 500;
/** People whose last write this process remembers. */
const KNOWN_MAX = 50_000;

export interface People {
  /** Notes that somebody called. Cheap, never throws; written behind. A token without a role that sees items is nobody. */
  seen(principal: Principal): void;
  /** Notes people who are to come, so that they can be given work before. Rejects like any write. */
  introduce(those: readonly Omit<KnownPerson, 'last_seen'>[]): Promise<void>;
  /** @returns `null` for somebody who never signed in. @throws HubError `unavailable` */
  find(id: string): Promise<KnownPerson | null>;
  /** Without regard to case; of several with one address, who was seen last. @throws HubError `unavailable` */
  findByEmail(email: string): Promise<KnownPerson | null>;
  /** Names by id, of those who have one. @throws HubError `unavailable` */
  names(ids: Iterable<string>): Promise<Map<string, string>>;
  /** Everybody, by name. @throws HubError `unavailable` */
  list(): Promise<Person[]>;
  /** Writes what waits. Never throws. */
  close(): Promise<void>;
}

export interface PeopleOptions {
  mongo: Mongo;
  logger: Logger;
  /** Subs of those who are connected now; when it fails, nobody is shown as online. */
  online: () => Promise<ReadonlySet<string>>;
}

export function createPeople({ mongo, logger, online }: PeopleOptions): People {
  const collection: mongo.Collection<PersonDocument> = persons.of(mongo);
  const queue = new Map<string, PersonDocument>();
  const known = new Map<string, { content: string; at: number }>();
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    while (queue.size > 0) {
      const batch = [...queue.values()].slice(0, BATCH_MAX);
      for (const { _id } of batch) queue.delete(_id);
      const upserts = batch.map(({ _id, last_seen, ...content }) => ({
        updateOne: { filter: { _id }, update: { $set: content, $max: { last_seen } }, upsert: true },
      }));
      try {
        await whenAvailable(() => collection.bulkWrite(upserts, { ordered: false }));
      } catch (error) {
        // Forgotten, so that their next call writes them.
        for (const { _id } of batch) known.delete(_id);
        logger.warn({ err: error, people: batch.length }, 'people were not noted');
      }
    }
    // In the same tick as the look at the queue: whoever comes later starts anew.
    writing = null;
  }

  const flush = (): Promise<void> => (queue.size > 0 ? (writing ??= write()) : (writing ?? Promise.resolve()));

  async function findOne(filter: mongo.Filter<PersonDocument>): Promise<KnownPerson | null> {
    await flush();
    const doc = await whenAvailable(() => collection.findOne(filter, { sort: { last_seen: -1 } }));
    return doc && toPerson(doc);
  }

  return {
    seen(principal) {
      if (!hasRole(principal, 'underwriter', 'supervisor', 'admin')) return;
      const { sub, name, email, roles, teams } = principal;
      const now = Date.now();
      const content = JSON.stringify([name, email, roles, teams]);
      const last = known.get(sub);
      if (last && last.content === content && now - last.at < FRESH_MS) return;
      if (queue.size >= QUEUE_MAX && !queue.has(sub)) return;
      queue.set(sub, { _id: sub, name, email, email_key: keyOf(email), roles, teams, last_seen: new Date(now) });
      known.delete(sub);
      known.set(sub, { content, at: now });
      if (known.size > KNOWN_MAX) known.delete(known.keys().next().value as string);
      void flush();
    },
    async introduce(those) {
      const upserts = those.map(({ id, ...content }) => ({
        updateOne: {
          filter: { _id: id },
          update: { $setOnInsert: { ...content, email_key: keyOf(content.email), last_seen: null } },
          upsert: true,
        },
      }));
      await whenAvailable(() => collection.bulkWrite(upserts, { ordered: false }));
    },
    find: (id) => findOne({ _id: id }),
    findByEmail: (email) => findOne({ email_key: email.trim().toLowerCase() }),
    async names(ids) {
      await flush();
      const where = { _id: { $in: [...new Set(ids)] } };
      const docs = await whenAvailable(() => collection.find(where, { projection: { name: 1 } }).toArray());
      return new Map(docs.flatMap(({ _id, name }) => (name === null ? [] : [[_id, name] as const])));
    },
    async list() {
      await flush();
      const [docs, connected] = await Promise.all([
        whenAvailable(() => collection.find().sort({ name: 1, _id: 1 }).toArray()),
        online().catch((error: unknown) => {
          logger.warn({ err: error }, 'who is online is not known');
          return new Set<string>();
        }),
      ]);
      return docs.map((doc) => ({ ...toPerson(doc), online: connected.has(doc._id) }));
    },
    close: flush,
  };
}

const keyOf = (email: string | null): string | null => email?.toLowerCase() ?? null;

function toPerson({ _id, name, email, roles, teams, last_seen }: PersonDocument): KnownPerson {
  return { id: _id, name, email, roles, teams, last_seen: last_seen?.toISOString() ?? null };
}
