// A reconnect storm: 5,000 clients, each 200 events behind, connect at once with their positions, beside a plain Socket.IO server that
// does no more than accept as many with a token.
import { underwriters } from './contenders.js';
import { cpuDuring, settled } from './cpu.js';
import { SECRET, startHub, tokenFor } from './hub-server.js';
import type { Client, Dialect } from './load/connection.js';
import { median } from './median.js';
import { type Bench, startScript } from './processes.js';
import { boundRow, type Row, ratioRow } from './report.js';

const CLIENTS = 5_000;
const BEHIND = 200;
const ROUNDS = 3;
const MOST_QUERIES = 50;
/** Connections that are being opened at a time: as many as wait in the queue of a listening Node. */
const OPENING = 500;

interface Took {
  /** Milliseconds until all are where they want to be. */
  ms: number;
  /** What the server used for it, in milliseconds of CPU. */
  cpu: number;
}

type Storm = () => Promise<Took>;

export async function measureStorm(bench: Bench, mongoUrl: string): Promise<Row[]> {
  const hub = await startHub(bench, 'hub-storm', mongoUrl, 'bench_storm');
  const position = await hub.position();
  await hub.makeItems({ events: BEHIND, everyMs: 0 });
  const late = await underwriters(hub, CLIENTS, { auth: () => ({ position }) });
  const peer = await startScript(bench, 'peers/socketio.ts', { env: { JWT_SECRET: SECRET }, profile: true });
  const port = await peer.ask<number>('listen');
  const own = await storm(bench, hub.pid, { port: hub.port, socketio: true, ready: 'caught_up' }, late, BEHIND);
  const strangers = await underwriters({ token: tokenFor }, CLIENTS);
  const plain = await storm(bench, peer.pid, { port, socketio: true, ready: 'joined' }, strangers, 0);

  const owns: Took[] = [];
  const plains: Took[] = [];
  const queries: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await hub.metric('hub_replays_total{source="log"}');
    owns.push(await own());
    queries.push((await hub.metric('hub_replays_total{source="log"}')) - before);
    plains.push(await plain());
  }
  const read = (await hub.metric('hub_replays_total{source="ring"}')) > 0;
  if (!read) throw new Error('storm: nobody was replayed anything');
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
  const medianOf = (all: readonly Took[], figure: keyof Took): number => median(all.map((took) => took[figure]));
  return [
    ratioRow({
      id: 'storm',
      what: `${CLIENTS.toLocaleString('en')} clients at once, each ${BEHIND} events behind: all caught up`,
      own: seconds(medianOf(owns, 'ms')),
      peer: `Socket.IO accepts them: ${seconds(medianOf(plains, 'ms'))}`,
      ratio: medianOf(owns, 'ms') / medianOf(plains, 'ms'),
      atMost: 2,
    }),
    ratioRow({
      id: 'storm cpu',
      what: '  CPU of the server for it',
      own: seconds(medianOf(owns, 'cpu')),
      peer: `Socket.IO: ${seconds(medianOf(plains, 'cpu'))}`,
      ratio: medianOf(owns, 'cpu') / medianOf(plains, 'cpu'),
    }),
    boundRow({
      id: 'storm queries',
      what: '  queries to the log for them',
      figure: Math.max(...queries),
      unit: '',
      atMost: MOST_QUERIES,
    }),
  ];
}

/** @param each events that every client must have been sent when it is where it wants to be */
async function storm(bench: Bench, pid: number, dialect: Dialect, clients: Client[], each: number): Promise<Storm> {
  const { ask } = await startScript(bench, 'load/sockets.ts');
  return async () => {
    await ask('reset');
    let ms = 0;
    const { user, system } = await cpuDuring(pid, async () => {
      ms = await ask<number>('connect', { dialect, clients, opening: OPENING });
    });
    const events = await ask<number>('received', 0);
    if (events !== clients.length * each) throw new Error(`storm: ${events} events arrived`);
    await ask('disconnect');
    await settled(pid);
    return { ms, cpu: user + system };
  };
}
