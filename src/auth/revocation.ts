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
  /**
   * Resolves when what is known is not old: at once in a process that polls, after a read in one that was stopped and has
   * just woken. While the database is away, or takes seconds, what is known stays in force. Never fails.
   */
  current(): Promise<void>;
  /** By `jti`, or by `sub` when the token was issued before the revocation or does not say when. */
  isRevoked(session: Session): boolean;
  /** Takes in the data of the log's control event; anything that is no revocation is ignored. */
  apply(data: unknown): void;
  /** Calls the listener whenever more is revoked than before; returns what removes it. */
  onRevoked(listener: () => void): () => void;
  /**
   * Stores a revocation, in force here as soon as it is stored. By default it hits every token that was issued before
   * this call, by the clock of the database; since `iat` counts whole seconds it reaches to the end of the present one,
   * and the promise resolves only then: whoever signs in again after the answer has a good token.
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

/** Polls that may be missed before nobody is let in without a read. */
const MISSED_POLLS = 2;
/** Milliseconds that each of these reads is waited for: a database that is going away must not keep everybody at the door. */
const PATIENCE_MS = 2_000;
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
  let readAt = Number.NEGATIVE_INFINITY;
  let polling: Promise<void> | null = null;

  function learn(found: Iterable<Revocation>): void {
    let more = false;
    for (const revocation of found) more = index.add(revocation) || more;
    if (more) for (const listener of listeners) listener();
  }

  async function load(): Promise<void> {
    const startedAt = performance.now();
    const since: mongo.Filter<RevocationDocument> = newest
      ? { changed_at: { $gte: new Date(newest.getTime() - OVERLAP_MS) } }
      : {};
    const found = await whenAvailable(() => collection.find(since).sort({ changed_at: 1 }).toArray());
    newest = found.at(-1)?.changed_at ?? newest;
    readAt = startedAt;
    for (const { _id, removed_at } of found) if (removed_at) index.remove(_id);
    learn(found.filter(({ removed_at }) => !removed_at).map(toRevocation));
  }

  /** One at a time, for whoever asks. */
  const poll = (): Promise<void> => (polling ??= read().finally(() => (polling = null)));

  async function read(): Promise<void> {
    try {
      await load();
      if (away) logger.info('revocations can be read again');
      away = false;
    } catch (error) {
      if (!away && !stopped) logger.warn({ err: error }, 'revocations cannot be read; those known stay in force');
      away = true;
    }
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

    async current() {
      const isOld = (): boolean => !away && !stopped && performance.now() - readAt > MISSED_POLLS * pollMs;
      // Twice, since the first read may have been under way since before the stop.
      for (let round = 0; round < 2 && isOld(); round++) {
        await Promise.race([poll(), delay(PATIENCE_MS, undefined, { ref: false })]);
      }
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

    async add({ sub = null, jti = null, issued_before = null }, by) {
      const id = randomUUID();
      const stored = await whenAvailable(() => store(collection, { id, sub, jti, issued_before, by }));
      const storedAt = performance.now();
      const revocation = toRevocation(stored);
      learn([revocation]);
      await announce?.(revocation).catch((error: unknown) => {
        logger.warn({ err: error }, 'a revocation was not announced; the others will poll it');
      });
      if (sub !== null && issued_before === null) {
        const left = revocation.issued_before * 1000 - stored.created_at.getTime();
        await reach(storedAt + Math.min(left, MAX_WAIT_MS));
      }
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

/** Waits for a moment of `performance.now()`. Timers may be early, so it looks again. */
async function reach(moment: number): Promise<void> {
  for (let ms = moment - performance.now(); ms > 0; ms = moment - performance.now()) await delay(Math.ceil(ms));
}

/** mongod's clock moves in steps of some milliseconds, and clocks that are kept by NTP differ by some more. */
const CLOCK_STEP_MS = 50;
/** The rest of a second, and the step. */
const MAX_WAIT_MS = 1000 + CLOCK_STEP_MS;

interface NewRevocation extends Pick<Revocation, 'id' | 'sub' | 'jti' | 'by'> {
  /** `null`: the end of the present second. */
  issued_before: number | null;
}

/**
 * Repeatable: the id is the caller's. What time it is says the database, the one clock that all processes share: by the
 * clock of a process that is behind, tokens that were issued meanwhile would live on.
 */
async function store(
  collection: mongo.Collection<RevocationDocument>,
  { id, sub, jti, by, issued_before }: NewRevocation,
): Promise<RevocationDocument> {
  const seconds = { $divide: [{ $toLong: { $add: ['$$NOW', CLOCK_STEP_MS] } }, 1000] };
  const endOfSecond = { $toDouble: { $add: [{ $floor: seconds }, 1] } };
  const stored = await collection.findOneAndUpdate(
    { _id: id },
    [
      {
        $set: {
          // A name may begin with a dollar.
          sub: { $literal: sub },
          jti: { $literal: jti },
          by: { $literal: by },
          issued_before: { $ifNull: ['$issued_before', issued_before ?? endOfSecond] },
          created_at: { $ifNull: ['$created_at', '$$NOW'] },
          changed_at: '$$NOW',
          removed_at: { $ifNull: ['$removed_at', null] },
        },
      },
    ],
    { upsert: true, returnDocument: 'after' },
  );
  if (!stored) throw new Error('MongoDB has not given back what it stored');
  return stored;
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
