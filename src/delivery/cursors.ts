// Durable cursors: how far a named client has processed its stream, for clients that lost their own position.
import { setTimeout as delay } from 'node:timers/promises';
import type { Position } from '@workitem-hub/client/contract';
import { type mongo, Schema } from 'mongoose';
import { HubError } from '../errors.js';
import { defineCollection } from '../mongo/collections.js';
import { whenAvailable } from '../mongo/unavailable.js';

const KEEP_DAYS = 90;
const RETRY_MS = 250;

export interface CursorDocument {
  /** `<client_id>:<sub>`: a client id names a client of one user. */
  _id: string;
  epoch: string;
  seq: number;
  scope: string;
  at: Date;
}

const schema = new Schema(
  { _id: String, epoch: String, seq: Number, scope: String, at: Date },
  { autoIndex: false, versionKey: false },
);
schema.index({ at: 1 }, { expireAfterSeconds: KEEP_DAYS * 86_400 });

export const cursors = defineCollection<CursorDocument>('cursors', schema);

export interface Cursors {
  read(sub: string, clientId: string): Promise<Position | null>;
  /** Moves a cursor forward; a position behind it changes nothing. Resolves when that is durable. */
  advance(sub: string, clientId: string, position: Required<Position>): Promise<void>;
}

interface Waiting {
  position: Required<Position>;
  done: (() => void)[];
  fail: ((error: unknown) => void)[];
}

export function createCursors(collection: mongo.Collection<CursorDocument>): Cursors {
  const idOf = (sub: string, clientId: string): string => `${clientId}:${sub}`;
  let waiting = new Map<string, Waiting>();
  let running = false;

  /** Clients that work per event acknowledge each one: those of one round are one write, the last of each cursor counts. */
  async function run(): Promise<void> {
    running = true;
    while (waiting.size > 0) {
      const batch = waiting;
      waiting = new Map();
      try {
        await whenAvailable(() => write(batch));
        for (const { done } of batch.values()) for (const one of done) one();
      } catch (error) {
        for (const { fail } of batch.values()) for (const one of fail) one(error);
      }
    }
    running = false;
  }

  async function write(batch: Map<string, Waiting>): Promise<void> {
    const at = new Date();
    await collection.bulkWrite(
      [...batch].map(([_id, { position }]) => {
        // One expression decides, so that two connections of one client cannot take each other back.
        const keep = { $and: [{ $eq: ['$epoch', position.epoch] }, { $gte: ['$seq', position.seq] }] };
        const either = (field: string, value: unknown) => ({ $cond: [keep, `$${field}`, { $literal: value }] });
        const set = {
          seq: either('seq', position.seq),
          scope: either('scope', position.scope),
          epoch: position.epoch,
          at,
        };
        return { updateOne: { filter: { _id }, update: [{ $set: set }], upsert: true } };
      }),
      { ordered: false },
    );
  }

  return {
    async read(sub, clientId) {
      const doc = await whenAvailable(() => collection.findOne({ _id: idOf(sub, clientId) }));
      return doc && { epoch: doc.epoch, seq: doc.seq, scope: doc.scope };
    },
    advance(sub, clientId, position) {
      return new Promise((resolve, reject) => {
        const id = idOf(sub, clientId);
        const there = waiting.get(id);
        if (!there && waiting.size >= 10_000) {
          reject(new HubError('unavailable', 'Too many acknowledgements wait.', { retryAfterMs: 1_000 }));
          return;
        }
        if (!there) waiting.set(id, { position, done: [resolve], fail: [reject] });
        else {
          if (position.epoch !== there.position.epoch || position.seq > there.position.seq) there.position = position;
          there.done.push(resolve);
          there.fail.push(reject);
        }
        if (!running) void run();
      });
    },
  };
}

/**
 * A cursor, as soon as MongoDB can tell: starting without it would skip what the client has not processed.
 * @param abandoned whether the client has gone meanwhile.
 */
export async function readPatiently(
  cursors: Cursors,
  sub: string,
  clientId: string,
  abandoned: () => boolean,
): Promise<Position | null> {
  for (;;) {
    try {
      return await cursors.read(sub, clientId);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      if (abandoned()) return null;
      await delay(RETRY_MS);
    }
  }
}
