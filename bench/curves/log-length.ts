// A long log: how long a hub takes to start on it, and how long a client that is far behind takes to catch up. The events are written
// straight into the database, each a copy of a real one.
import { mongo } from 'mongoose';
import type { EventDocument, LogDocument } from '../../src/eventlog/event.js';
import { underwriters } from '../contenders.js';
import { type HubServer, startHub } from '../hub-server.js';
import { median } from '../median.js';
import { type Bench, startScript } from '../processes.js';
import { type Scope, scoped } from '../scope.js';
import type { Curve, Point } from './chart.js';

const GROWING = [10_000, 100_000, 1_000_000];
/** More than a hub that has just started holds in memory. */
const BEHIND = 8_000;
const ROUNDS = 3;
const BATCH = 5_000;
const DATABASE = 'bench_log';

export async function curvesOfLog(bench: Bench, mongoUrl: string): Promise<Curve[]> {
  const client = await mongo.MongoClient.connect(mongoUrl);
  bench.scope.add(() => client.close());
  const db = client.db(DATABASE);
  const start = (scope: Scope): Promise<HubServer> => startHub({ ...bench, scope }, 'hub-log', mongoUrl, DATABASE);
  await scoped(bench.scope, async (scope) => (await start(scope)).makeItems({ events: 1, everyMs: 0 }));
  const starts: Point[] = [];
  const replays: Point[] = [];
  for (const length of GROWING) {
    await lengthen(db, length);
    const ready: number[] = [];
    const caughtUp: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await scoped(bench.scope, async (scope) => {
        const began = performance.now();
        const hub = await start(scope);
        ready.push(performance.now() - began);
        caughtUp.push(await catchUp({ ...bench, scope }, hub));
      });
    }
    starts.push({ series: 'workitem-hub', x: length, y: median(ready) });
    replays.push({ series: 'workitem-hub', x: length, y: median(caughtUp) });
  }
  const x = 'events in the log';
  const behind = `A client ${BEHIND.toLocaleString('en')} events behind`;
  return [
    { name: 'log-start', title: 'Start of a hub', x, y: 'time until it is ready (ms)', points: starts },
    { name: 'log-replay', title: behind, x, y: 'time until it has caught up (ms)', points: replays },
  ];
}

/** Milliseconds. */
async function catchUp(bench: Bench, hub: HubServer): Promise<number> {
  const { epoch, seq } = await hub.position();
  const clients = await underwriters(hub, 1, { auth: () => ({ position: { epoch, seq: seq - BEHIND } }) });
  const { ask } = await startScript(bench, 'load/sockets.ts');
  const ms = await ask<number>('connect', { dialect: { port: hub.port, socketio: true, ready: 'caught_up' }, clients });
  if ((await ask<number>('received', BEHIND)) !== BEHIND) throw new Error('the client did not get what it missed');
  return ms;
}

/** Copies the first event until there are so many, and has the log's document say so. */
async function lengthen(db: mongo.Db, length: number): Promise<void> {
  const events = db.collection<EventDocument>('events');
  const logs = db.collection<LogDocument>('log');
  const first = await events.findOne({ item: { $exists: true } });
  if (!first) throw new Error('there is no event to be copied');
  const last = await events.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } });
  for (let from = (last?._id ?? 0) + 1; from <= length; from += BATCH) {
    const copies = Array.from({ length: Math.min(BATCH, length + 1 - from) }, (_, index) => ({
      ...first,
      _id: from + index,
      item: from + index,
      at: new Date(),
    }));
    await events.insertMany(copies, { ordered: false });
  }
  await logs.updateOne({ _id: 'log' }, { $set: { counter: length, contiguous_to: length } });
}
