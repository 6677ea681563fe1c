// The set of one server that a mongod of ours is in: made at its first start, found again at every other.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';

export const REPLICA_SET = 'workitem-hub';
export const HOST = '127.0.0.1';

const ALREADY_INITIALIZED = 23;
const NOT_YET_INITIALIZED = 94;

/** Waits for the mongod that starts on `port`, initiates its set if need be, and resolves when it is primary. */
export async function becomePrimary(port: number, signal: AbortSignal): Promise<void> {
  await withMongod(port, signal, async (client) => {
    const admin = client.db('admin');
    while (!(await configure(admin, port))) await delay(20, undefined, { signal });
    while (!(await admin.command({ hello: 1 })).isWritablePrimary) await delay(20, undefined, { signal });
  });
}

/** Writes another port into the set of a mongod that was started without it. */
export async function changeAddress(port: number, signal: AbortSignal): Promise<void> {
  await withMongod(port, signal, async (client) => {
    const change = { $set: { 'members.0.host': `${HOST}:${port}` }, $inc: { version: 1 } };
    await client.db('local').collection('system.replset').updateOne({}, change);
  });
}

/** Resolves when a process on loopback accepts connections on the port. */
export async function untilAccepts(port: number, signal: AbortSignal): Promise<void> {
  while (!(await accepts(port))) await delay(20, undefined, { signal });
}

/** Makes a set of the mongods on these ports, and resolves when one of them is its primary. Repeating it is harmless. */
export async function initiateSet(ports: readonly number[], signal: AbortSignal): Promise<void> {
  const [first] = ports;
  if (first === undefined) throw new Error('a set needs a member');
  const members = ports.map((port, _id) => ({ _id, host: `${HOST}:${port}` }));
  await withMongod(first, signal, async (client) => {
    const admin = client.db('admin');
    try {
      await admin.command({
        replSetInitiate: { _id: REPLICA_SET, members, settings: { electionTimeoutMillis: 2_000 } },
      });
    } catch (error) {
      if (codeOf(error) !== ALREADY_INITIALIZED) throw error;
    }
    while (!(await admin.command({ hello: 1 })).primary) await delay(50, undefined, { signal });
  });
}

async function withMongod(
  port: number,
  signal: AbortSignal,
  work: (client: mongoose.mongo.MongoClient) => Promise<void>,
): Promise<void> {
  await untilAccepts(port, signal);
  const client = new mongoose.mongo.MongoClient(`mongodb://${HOST}:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 5000,
  });
  try {
    await work(client);
  } finally {
    await client.close();
  }
}

/** @returns whether the set is as it should be; `false` while mongod is still reading it. */
async function configure(admin: mongoose.mongo.Db, port: number): Promise<boolean> {
  const host = `${HOST}:${port}`;
  try {
    const { config } = await admin.command({ replSetGetConfig: 1 });
    const [member] = config.members;
    if (member.host === host) return true;
    // Here only when the port file was lost. No member has the old address, so there is no primary to ask: hence force.
    const members = [{ ...member, host }];
    await admin.command({ replSetReconfig: { ...config, members, version: config.version + 1 }, force: true });
    return true;
  } catch (error) {
    if (codeOf(error) !== NOT_YET_INITIALIZED) throw error;
  }
  try {
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } });
    return true;
  } catch (error) {
    if (codeOf(error) !== ALREADY_INITIALIZED) throw error;
    return false;
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, HOST);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof mongoose.mongo.MongoServerError ? error.code : undefined;
}
