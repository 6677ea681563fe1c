// Which tokens are dead before their time. The database holds the revocations; every process keeps them in memory, and
// learns of new ones from the log's control event, or at the latest from the next poll.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type mongo, Schema } from 'mongoose';
import { z } from 'zod';
import { defineCollection } from '../mongo/collections.js';
import type { Mongo } from '../mongo/connection.js';
import { whenAvailable } from '../mongo/unavailable.js';
import type { Logger } from '../ops/logger.js';
import type { Session } from './principal.js';

/** A revocation of a user (`sub`) or of one token (`jti`): one of them is set. */
export interface Revocation {
  readonly id: string;
  readonly sub: string | null;
  readonly jti: string | null;
  /** Seconds since 1970: tokens of `sub` with an `iat` below it are dead; that of `jti` is dead anyhow. */
  readonly issued_before: number;
  /** ISO 8601 UTC. */
  readonly created_at: string;
  /** `sub` of the admin. */
  readonly by: string;
}

export type RevocationRequest = { issued_before?: number | undefined } & (
  | { sub: string; jti?: undefined }
  | { jti: string; sub?: undefined }
);

export interface RevocationDocument {
  _id: string;
  sub: string | null;
  jti: string | null;
  issued_before: number;
  created_at: Date;
  by: string;
  /** By the database's clock, so that pollers can ask for what is new. */
  changed_at: Date;
  /** Lifted: kept as a record, and so that every process notices. */
  removed_at: Date | null;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    sub: String,
    jti: String,
    issued_before: { type: Number, required: true },
    created_at: { type: Date, required: true },
    by: { type: String, required: true },
    changed_at: { type: Date, required: true },
    removed_at: Date,
  },
  { autoIndex: false, versionKey: false },
);
schema.index({ changed_at: 1 });

export const revocations = defineCollection<RevocationDocument>('revocations', schema);

const eventSchema = z.object({
  id: z.string(),
  sub: z.string().nullable(),
  jti: z.string().nullable(),
  issued_before: z.number(),
  created_at: z.string(),
  by: z.string(),
});

export interface Revocations {
  /** Loads all revocations and begins to poll. Before it resolves nobody may be served. @throws HubError `unavailable` */
  start(): Promise<void>;
  /** By `jti`, or by `sub` when the token was issued before the revocation or does not say when. */
  isRevoked(session: Session): boolean;
  /** Takes in the data of the log's control event; anything that is no revocation is ignored. */
  apply(data: unknown): void;
  /** Calls the listener whenever more is revoked than before; returns what removes it. */
  onRevoked(listener: () => void): () => void;
  /**
   * Stores a revocation, in force here at once. By default it hits every token that was issued before this call; since
   * `iat` counts whole seconds it reaches to the end of the present one, and the promise resolves only then: whoever
   * signs in again after the answer has a good token.
   * @throws HubError `unavailable`; the revocation may be in force even so
   */
  add(request: RevocationRequest, by: string): Promise<Revocation>;
  /** Those in force, newest first. @throws HubError `unavailable` */
  list(): Promise<Revocation[]>;
  /** Lifts one, everywhere within a poll; `false` when there is none of this id. @throws HubError `unavailable` */
  remove(id: string): Promise<boolean>;
  /** Ends the polls; what is known stays in force. */
  stop(): void;
}

export interface RevocationDeps {
  mongo: Mongo;
  logger: Logger;
  /** Tells the other processes, through the log; the poll stands in when it fails. */
  announce?: (revocation: Revocation) => Promise<unknown>;
  /** Milliseconds between polls. */
  pollMs?: number;
}

/** How far back a poll looks, by the database's clock: clocks of replica set members may differ. */
const OVERLAP_MS = 600_000;

/**
 * The revocations of a hub. They are kept for ever, since the hub cannot know how long the tokens live that an
 * identity provider has issued.
 */
export function createRevocations({ mongo, logger, announce, pollMs = 1000 }: RevocationDeps): Revocations {
  const collection = revocations.of(mongo);
  const index = createIndex();
  const listeners = new Set<() => void>();
  let newest: Date | null = null;
  let away = false;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function learn(found: Iterable<Revocation>): void {
    let more = false;
    for (const revocation of found) more = index.add(revocation) || more;
    if (more) for (const listener of listeners) listener();
  }

  async function load(): Promise<void> {
    const since: mongo.Filter<RevocationDocument> = newest
      ? { changed_at: { $gte: new Date(newest.getTime() - OVERLAP_MS) } }
      : {};
    const found = await whenAvailable(() => collection.find(since).sort({ changed_at: 1 }).toArray());
    newest = found.at(-1)?.changed_at ?? newest;
    for (const { _id, removed_at } of found) if (removed_at) index.remove(_id);
    learn(found.filter(({ removed_at }) => !removed_at).map(toRevocation));
  }

  async function poll(): Promise<void> {
    try {
      await load();
      if (away) logger.info('revocations can be read again');
      away = false;
    } catch (error) {
      if (!away && !stopped) logger.warn({ err: error }, 'revocations cannot be read; those known stay in force');
      away = true;
    }
  }

  /** The later of this process's clock and the database's: one that is behind would leave the newest tokens good. */
  async function presentTime(): Promise<number> {
    const { localTime } = await whenAvailable(() => mongo.db.command({ hello: 1 }));
    return Math.max(Date.now(), (localTime as Date).getTime());
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => void poll().then(schedule), pollMs);
  }

  return {
    async start() {
      await load();
      schedule();
    },

    isRevoked: (session) => index.has(session),

    apply(data) {
      const parsed = eventSchema.safeParse(data);
      if (parsed.success) learn([parsed.data]);
    },

    onRevoked(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },

    async add({ sub = null, jti = null, issued_before }, by) {
      const endOfSecond = Math.floor((await presentTime()) / 1000) + 1;
      const revocation: Revocation = {
        id: randomUUID(),
        sub,
        jti,
        issued_before: issued_before ?? endOfSecond,
        created_at: new Date().toISOString(),
        by,
      };
      await whenAvailable(() => store(collection, revocation));
      learn([revocation]);
      await announce?.(revocation).catch((error: unknown) => {
        logger.warn({ err: error }, 'a revocation was not announced; the others will poll it');
      });
      if (sub !== null && issued_before === undefined) await reach(endOfSecond);
      return revocation;
    },

    async list() {
      const found = await whenAvailable(() =>
        collection.find({ removed_at: null }).sort({ created_at: -1, _id: 1 }).toArray(),
      );
      return found.map(toRevocation);
    },

    async remove(id) {
      const { matchedCount } = await whenAvailable(() =>
        collection.updateOne({ _id: id, removed_at: null }, { $currentDate: { changed_at: true, removed_at: true } }),
      );
      if (matchedCount > 0) index.remove(id);
      return matchedCount > 0;
    },

    stop() {
      stopped = true;
      clearTimeout(timer);
      listeners.clear();
    },
  };
}

/** Waits for a second that is about to begin. Timers may be early, and the clock may be set back: so it looks again, and not for ever. */
async function reach(second: number): Promise<void> {
  const left = () => second * 1000 - Date.now();
  for (let ms = left(); ms > 0 && ms <= 1000; ms = left()) await delay(ms);
}

/** Repeatable: the id is the caller's. */
async function store(collection: mongo.Collection<RevocationDocument>, revocation: Revocation): Promise<void> {
  const { id, created_at, ...rest } = revocation;
  await collection.updateOne(
    { _id: id },
    {
      $setOnInsert: { ...rest, created_at: new Date(created_at), removed_at: null },
      $currentDate: { changed_at: true },
    },
    { upsert: true },
  );
}

function toRevocation({ _id, sub, jti, issued_before, created_at, by }: RevocationDocument): Revocation {
  return { id: _id, sub, jti, issued_before, created_at: created_at.toISOString(), by };
}

/** Revocations by what they hit. One that was removed is not taken in again: its control event may come late. */
function createIndex() {
  const all = new Map<string, Revocation>();
  const removed = new Set<string>();
  const tokens = new Set<string>();
  /** Highest `issued_before` of each user. */
  const users = new Map<string, number>();

  function enter({ sub, jti, issued_before }: Revocation): void {
    if (jti !== null) tokens.add(jti);
    if (sub !== null) users.set(sub, Math.max(issued_before, users.get(sub) ?? 0));
  }

  return {
    /** Whether it was new. */
    add(revocation: Revocation): boolean {
      if (all.has(revocation.id) || removed.has(revocation.id)) return false;
      all.set(revocation.id, revocation);
      enter(revocation);
      return true;
    },

    remove(id: string): void {
      removed.add(id);
      if (!all.delete(id)) return;
      tokens.clear();
      users.clear();
      for (const revocation of all.values()) enter(revocation);
    },

    has({ principal, jti, issuedAt }: Session): boolean {
      if (jti !== null && tokens.has(jti)) return true;
      const issuedBefore = users.get(principal.sub);
      return issuedBefore !== undefined && (issuedAt === null || issuedAt < issuedBefore);
    },
  };
}
