// Latency: from a POST to its event at 1,000 sockets, all of which see it, beside an Express handler that emits with Socket.IO and
// stores nothing. What the hub does besides is one durable commit, so the time of one is added to the peer's: that of a lone insert
// with majority and journal in the same mongod.
import { setTimeout as delay } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { SOCKET_IO_PATH, SOCKETS, underwriters } from './contenders.js';
import { startHub } from './hub-server.js';
import type { Client, Dialect } from './load/connection.js';
import { INTAKE_PATH } from './load/line.js';
import { createMails } from './load/mails.js';
import type { Pace, Watched } from './load/watched-posts.js';
import { median, medianBy } from './median.js';
import { type Bench, startScript } from './processes.js';
import { milliseconds, type Row, ratioRow } from './report.js';

const ROUNDS = 3;
/** One each 50 ms. */
const PER_SECOND = 20;
const SECONDS = 4;

type Round = () => Promise<Watched>;

export async function measureLatency(bench: Bench, mongoUrl: string): Promise<Row[]> {
  const hub = await startHub(bench, 'hub-latency', mongoUrl, 'bench_latency');
  const own = await watch(
    bench,
    { port: hub.port, socketio: true, ready: 'caught_up' },
    hub.intake.key,
    await underwriters(hub, SOCKETS),
  );
  const peer = await startScript(bench, 'peers/express-socketio.ts', { profile: true });
  const port = await peer.ask<number>('listen');
  const strangers = Array.from({ length: SOCKETS }, () => ({ path: SOCKET_IO_PATH, auth: {} }));
  const plain = await watch(bench, { port, socketio: true, ready: 'joined' }, '', strangers);
  const commits = await mongo.MongoClient.connect(mongoUrl);
  bench.scope.add(() => commits.close());

  const owns: Watched[] = [];
  const plains: Watched[] = [];
  const times: number[] = [];
  // The first round only warms the servers up.
  for (let round = 0; round <= ROUNDS; round++) {
    const results = [await own(), await plain()] as const;
    const committed = await loneCommits(commits);
    if (round === 0) continue;
    owns.push(results[0]);
    plains.push(results[1]);
    times.push(...committed);
  }
  return rowsOf(owns, plains, median(times));
}

/** Connects sockets to a server; the function that is returned posts for a while and times what they get. */
async function watch(bench: Bench, dialect: Dialect, key: string, clients: Client[]): Promise<Round> {
  const { ask } = await startScript(bench, 'load/watched-posts.ts');
  await ask('connect', { dialect, clients });
  const pace: Pace = {
    target: { port: dialect.port, path: INTAKE_PATH, key },
    perSecond: PER_SECOND,
    seconds: SECONDS,
    watchers: SOCKETS,
  };
  return async () => {
    const watched = await ask<Watched>('run', pace);
    if (watched.missing + watched.surplus > 0) {
      throw new Error(`latency: ${watched.missing} events are missing, ${watched.surplus} too many`);
    }
    return watched;
  };
}

/** Milliseconds that inserts take which come as the POSTs do, each alone. */
async function loneCommits(client: mongo.MongoClient): Promise<number[]> {
  const collection = client.db('bench_commit').collection('mails', { writeConcern: { w: 'majority', journal: true } });
  const mails = createMails();
  const times: number[] = [];
  for (let count = 0; count < PER_SECOND * SECONDS; count++) {
    const start = performance.now();
    await collection.insertOne(JSON.parse(mails.next()) as object);
    times.push(performance.now() - start);
    await delay(Math.max(0, start + 1_000 / PER_SECOND - performance.now()));
  }
  return times;
}

function rowsOf(owns: readonly Watched[], plains: readonly Watched[], commit: number): Row[] {
  const seen = (runs: readonly Watched[]) => medianBy(runs, (run) => run.seen.p50).seen;
  const [own, plain] = [seen(owns), seen(plains)];
  const answered = (runs: readonly Watched[]): number => median(runs.map((run) => run.answered.p50));
  return [
    ratioRow({
      id: 'latency p50',
      what: `POST → event at ${SOCKETS.toLocaleString('en')} sockets, one each ${1_000 / PER_SECOND} ms: median`,
      own: milliseconds(own.p50),
      peer: `Express + Socket.IO: ${milliseconds(plain.p50)}, and a commit: ${milliseconds(commit)}`,
      ratio: own.p50 / (plain.p50 + commit),
      atMost: 1.3,
    }),
    ratioRow({
      id: 'latency p99',
      what: '  99th percentile',
      own: milliseconds(own.p99),
      peer: `Express + Socket.IO: ${milliseconds(plain.p99)}, and a commit: ${milliseconds(commit)}`,
      ratio: own.p99 / (plain.p99 + commit),
    }),
    ratioRow({
      id: 'latency answer',
      what: '  POST → answer: median',
      own: milliseconds(answered(owns)),
      peer: `Express + Socket.IO: ${milliseconds(answered(plains))}, and a commit: ${milliseconds(commit)}`,
      ratio: answered(owns) / (answered(plains) + commit),
    }),
  ];
}
