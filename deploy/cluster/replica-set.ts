// MongoDB as the hub's users run it, a replica set of several members, made of local processes.
import path from 'node:path';
import mongoose from 'mongoose';
import { type Mongod, type MongodExit, type MongodOptions, startMember } from '../../src/mongo/mongod.js';
import { HOST, initiateSet, REPLICA_SET } from '../../src/mongo/replica-set.js';

/** Milliseconds until a set has its first primary. */
const INITIATE_MS = 60_000;

export interface Member {
  readonly port: number;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** Resolves when the present process has ended. */
  readonly exited: Promise<MongodExit>;
  kill(signal: NodeJS.Signals): void;
  /** Starts it again on its port with its data; resolves when it accepts connections. */
  start(): Promise<void>;
  /** Ends it cleanly; by force after 10 s. */
  stop(): Promise<void>;
}

export interface ReplicaSet {
  /** Names all members. */
  readonly url: string;
  readonly members: readonly Member[];
  /** The member that the others take for their primary; waits for one. Rejects after 30 s. */
  primary(): Promise<Member>;
  stop(): Promise<void>;
}

export interface ReplicaSetOptions {
  /** Path of mongod. */
  binary: string;
  /** Each member's files lie in a directory below it, named after its place: `0`, `1` … */
  directory: string;
  /** One member for each port. */
  ports: readonly number[];
  parameters?: MongodOptions['parameters'];
  /** Gets the pid of every process that is started, before it is up. */
  onSpawn?: MongodOptions['onSpawn'];
}

/** Starts the members and makes a set of them, or finds the set that they were in. Elections take about 2 s. */
export async function startReplicaSet({
  binary,
  directory,
  ports,
  parameters,
  onSpawn,
}: ReplicaSetOptions): Promise<ReplicaSet> {
  const starts = await Promise.allSettled(
    ports.map((port, index) =>
      startOne({ binary, directory: path.join(directory, String(index)), port, parameters, onSpawn }),
    ),
  );
  const members = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  try {
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    await initiateSet(ports, AbortSignal.timeout(INITIATE_MS));
  } catch (error) {
    await Promise.all(members.map((member) => member.stop()));
    throw error;
  }
  const url = `mongodb://${ports.map((port) => `${HOST}:${port}`).join()}/?replicaSet=${REPLICA_SET}`;
  return {
    url,
    members,
    async primary() {
      const client = new mongoose.mongo.MongoClient(url, { serverSelectionTimeoutMS: 30_000 });
      try {
        const { primary } = await client.db('admin').command({ hello: 1 });
        const member = members.find(({ port }) => primary === `${HOST}:${port}`);
        if (!member) throw new Error(`${primary} is no member that was started here`);
        return member;
      } finally {
        await client.close();
      }
    },
    async stop() {
      await Promise.all(members.map((member) => member.stop()));
    },
  };
}

async function startOne(options: MongodOptions): Promise<Member> {
  let mongod: Mongod = await startMember(options);
  return {
    port: options.port,
    get pid() {
      return mongod.pid;
    },
    get exited() {
      return mongod.exited;
    },
    kill: (signal) => mongod.kill(signal),
    async start() {
      mongod = await startMember(options);
    },
    stop: () => mongod.stop(),
  };
}
