// Which processes run and who is connected to them: a heartbeat per process, read by all.
import { hostname } from 'node:os';
import { type mongo, Schema } from 'mongoose';
import { defineCollection } from '../mongo/collections.js';
import type { Logger } from './logger.js';
import { createPeriodic } from './periodic.js';

const BEAT_MS = 5_000;
/** A process whose heartbeat is older counts as dead, milliseconds; by MongoDB's clock, not ours. */
const DEAD_MS = 15_000;

/** What a process tells of itself. */
export interface NodeState {
  /** Where its relay stood, and how many events it was behind the log. */
  position: number;
  lag: number;
  /** Per second, as the monitor shows them. */
  rates: Record<string, number>;
  /** Whether it is going away: it takes nobody in, and its sockets are being sent elsewhere. */
  draining: boolean;
}

/** The state is absent in heartbeats of an older hub. */
export interface NodeDocument extends Partial<NodeState> {
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

/** A process that runs, as the monitor shows it. */
export interface NodeReport extends NodeState {
  id: string;
  host: string;
  pid: number;
  /** ISO 8601 UTC. */
  started_at: string;
  /** When it last told of itself, ISO 8601 UTC. */
  seen_at: string;
  connections: number;
  /** Whether it is the one that was asked. */
  self: boolean;
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
    position: Number,
    lag: Number,
    rates: Object,
    draining: Boolean,
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
  /** Every process that runs, by its start; of this one what is so now. */
  reports(): Promise<NodeReport[]>;
  /** Whether no other process was alive at the last heartbeat, at most 5 s ago. */
  isAlone(): boolean;
  /** Withdraws this process. */
  stop(): Promise<void>;
}

export function createNodes(deps: {
  collection: mongo.Collection<NodeDocument>;
  id: string;
  /** This process's own, at the moment. */
  local: { connections(): number; online(): Set<string>; state(): Promise<NodeState> };
  logger: Logger;
}): Nodes {
  const { collection, id, local } = deps;
  const startedAt = new Date();
  let others: NodeDocument[] = [];
  /** Whether `others` is what the last beat found. */
  let known = false;

  const own = async (): Promise<Omit<NodeDocument, '_id' | 'at'>> => ({
    host: hostname(),
    pid: process.pid,
    started_at: startedAt,
    connections: local.connections(),
    online: [...local.online()],
    ...(await local.state()),
  });

  async function beat(): Promise<void> {
    try {
      await collection.updateOne(
        { _id: id },
        { $set: await own(), $currentDate: { at: true } },
        { upsert: true, writeConcern: { w: 1, journal: false } },
      );
      others = await collection
        .find(
          { _id: { $ne: id }, $expr: { $gt: ['$at', { $subtract: ['$$NOW', DEAD_MS] }] } },
          // As they are written: a majority would show those of this moment later.
          { readConcern: { level: 'local' } },
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
    async reports() {
      const nodes = [{ _id: id, at: new Date(), ...(await own()) }, ...others];
      return nodes.map((node) => reportOf(node, id)).sort((a, b) => a.started_at.localeCompare(b.started_at));
    },
    isAlone: () => known && others.length === 0,
    async stop() {
      await beats.stop();
      await collection.deleteOne({ _id: id }).catch((error: unknown) => {
        deps.logger.debug({ err: error }, 'the heartbeat was not withdrawn');
      });
    },
  };
}

function reportOf(
  { _id, host, pid, started_at, at, connections, position = 0, lag = 0, rates = {}, draining = false }: NodeDocument,
  self: string,
): NodeReport {
  const times = { started_at: started_at.toISOString(), seen_at: at.toISOString() };
  return { id: _id, host, pid, ...times, self: _id === self, connections, position, lag, rates, draining };
}
