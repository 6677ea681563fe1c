// Which processes run and who is connected to them: a heartbeat per process, read by all.
import { hostname } from 'node:os';
import { type mongo, Schema } from 'mongoose';
import { defineCollection } from '../mongo/collections.js';
import type { Logger } from './logger.js';
import { createPeriodic } from './periodic.js';

const BEAT_MS = 5_000;
/** A process whose heartbeat is older counts as dead, milliseconds; by MongoDB's clock, not ours. */
const DEAD_MS = 15_000;

export interface NodeDocument {
  /** Made anew at each start. */
  _id: string;
  host: string;
  pid: number;
  started_at: Date;
  at: Date;
  connections: number;
  /** Subs of those who are connected. */
  online: string[];
}

const schema = new Schema(
  {
    _id: String,
    host: String,
    pid: Number,
    started_at: Date,
    at: Date,
    connections: Number,
    online: [String],
  },
  { autoIndex: false, versionKey: false },
);
schema.index({ at: 1 }, { expireAfterSeconds: 3_600 });

export const nodes = defineCollection<NodeDocument>('nodes', schema);

export interface Nodes {
  start(): Promise<void>;
  /** Open sockets of all processes; those of others may be 10 s old. */
  totalConnections(): number;
  /** Subs connected to any process, as old as that. */
  online(): ReadonlySet<string>;
  /** Whether no other process was alive at the last heartbeat, at most 5 s ago. */
  isAlone(): boolean;
  /** Withdraws this process. */
  stop(): Promise<void>;
}

export function createNodes(deps: {
  collection: mongo.Collection<NodeDocument>;
  id: string;
  /** This process's own, at the moment. */
  local: { connections(): number; online(): Set<string> };
  logger: Logger;
}): Nodes {
  const { collection, id, local } = deps;
  const startedAt = new Date();
  let others: Pick<NodeDocument, 'connections' | 'online'>[] = [];
  /** Whether `others` is what the last beat found. */
  let known = false;

  const ownPart = () => ({ connections: local.connections(), online: [...local.online()] });

  async function beat(): Promise<void> {
    try {
      await collection.updateOne(
        { _id: id },
        {
          $set: { host: hostname(), pid: process.pid, started_at: startedAt, ...ownPart() },
          $currentDate: { at: true },
        },
        { upsert: true, writeConcern: { w: 1, journal: false } },
      );
      others = await collection
        .find(
          { _id: { $ne: id }, $expr: { $gt: ['$at', { $subtract: ['$$NOW', DEAD_MS] }] } },
          { projection: { connections: 1, online: 1 } },
        )
        .toArray();
      known = true;
    } catch (error) {
      known = false;
      deps.logger.debug({ err: error }, 'the heartbeat was not written');
    }
  }

  const beats = createPeriodic(beat, BEAT_MS);
  return {
    start: () => beats.start(),
    totalConnections: () => others.reduce((sum, node) => sum + node.connections, local.connections()),
    online: () => new Set([...local.online(), ...others.flatMap((node) => node.online)]),
    isAlone: () => known && others.length === 0,
    async stop() {
      await beats.stop();
      await collection.deleteOne({ _id: id }).catch((error: unknown) => {
        deps.logger.debug({ err: error }, 'the heartbeat was not withdrawn');
      });
    },
  };
}
