// Fan-out: what one delivery costs the server process, beside a plain Socket.IO server and a plain ws loop.
//
// How the hub gets its events. Through its own HTTP API, so that everything which an event costs the measured process is in
// its figure: request, token, commit in MongoDB, relay, filters, sockets. The peers make their events out of nothing, so this
// compares a whole hub with a bare emit, which is to be beaten even so. Two more figures show what is in it:
// - less the commit: what the same events cost a hub that nobody is connected to is taken off. This compares delivering with
//   delivering.
// - another process commits, on the same database, and the measured hub reads the events from the log. Without Redis a relay
//   reads every 200 ms, so that a steady stream comes in small batches, which cost less than single events: no comparison.
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Contender,
  connectBridge,
  connectHub,
  connectPeer,
  SOCKET_IO_PATH,
  SOCKETS,
  unconnected,
} from './contenders.js';
import { type Cpu, cpuDuring } from './cpu.js';
import { startHub } from './hub-server.js';
import { medianBy } from './median.js';
import type { Shape } from './peers/emitter.js';
import type { Bench } from './processes.js';
import { type Row, ratioRow } from './report.js';

/** Microseconds per delivery. */
type Cost = Cpu;

/** The contenders that others are compared with, and those that explain a figure. */
interface Field {
  own: Contender;
  plain: Contender;
  /** A hub with the same feed and nobody connected. */
  alone: Contender;
  relayed?: Contender;
}

const ROUNDS = 3;
const SHAPES = {
  burst: { events: 200, everyMs: 0, atMost: 0.12 },
  steady: { events: 125, everyMs: 20, atMost: 0.85 },
} as const;
/** What a server still does when the last event has arrived counts as well, milliseconds. */
const AFTERMATH_MS = 300;

export async function measureSocketIo(bench: Bench, mongoUrl: string): Promise<Row[]> {
  const hub = await startHub(bench, 'hub-socketio', mongoUrl, 'bench_socketio');
  const follower = await startHub(bench, 'hub-follower', mongoUrl, 'bench_follower');
  const feeder = await startHub(bench, 'hub-feeder', mongoUrl, 'bench_follower');
  const field = {
    own: await connectHub(bench, hub, (shape) => hub.makeItems(shape)),
    plain: await connectPeer(bench, 'Socket.IO', 'peers/socketio.ts', {
      socketio: true,
      ready: 'joined',
      path: SOCKET_IO_PATH,
    }),
    alone: unconnected(await startHub(bench, 'hub-alone', mongoUrl, 'bench_alone')),
    relayed: await connectHub(bench, follower, (shape) => feeder.makeItems(shape)),
  };
  return compare(field, 'Socket.IO');
}

export async function measureBridge(bench: Bench, mongoUrl: string): Promise<Row[]> {
  const hub = await startHub(bench, 'hub-bridge', mongoUrl, 'bench_bridge');
  const field = {
    own: await connectBridge(bench, hub),
    plain: await connectPeer(bench, 'ws', 'peers/websocket.ts', {
      socketio: false,
      ready: 'upgraded',
      path: '/ws/workitems',
    }),
    alone: unconnected(await startHub(bench, 'hub-alone', mongoUrl, 'bench_alone')),
  };
  return compare(field, 'raw WebSocket');
}

async function compare(field: Field, kind: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const shape of Object.values(SHAPES)) rows.push(...(await compareShape(field, shape, kind)));
  return rows;
}

async function compareShape(field: Field, shape: Shape & { atMost: number }, kind: string): Promise<Row[]> {
  const contenders = Object.entries(field) as [keyof Field, Contender][];
  const costs = new Map<keyof Field, Cost[]>(contenders.map(([role]) => [role, []]));
  // The first round only warms the servers up.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [role, contender] of contenders) {
      const cost = await costOf(contender, shape);
      if (round > 0) costs.get(role)?.push(cost);
    }
  }
  const medianOf = (role: keyof Field): Cost => medianBy(costs.get(role) as Cost[], totalOf);
  const [own, plain, alone] = [medianOf('own'), medianOf('plain'), medianOf('alone')];
  const sockets = `${SOCKETS.toLocaleString('en')} sockets`;
  const what =
    shape.everyMs === 0
      ? `${kind}: burst of ${shape.events} events × ${sockets}`
      : `${kind}: an event each ${shape.everyMs} ms × ${sockets}`;
  const row = (name: string, cost: Cost, peer: string, bound: { atMost?: number }): Row =>
    ratioRow({
      id: `${what} ${name}`,
      what: name,
      own: costText(cost),
      peer,
      ratio: totalOf(cost) / totalOf(plain),
      ...bound,
    });
  const net = { user: Math.max(0, own.user - alone.user), system: Math.max(0, own.system - alone.system) };
  return [
    row(what, own, `${field.plain.name}: ${costText(plain)}`, { atMost: shape.atMost }),
    row('  less the commit', net, '', {}),
    ...(field.relayed ? [row('  another process commits', medianOf('relayed'), '', {})] : []),
  ];
}

/** What a delivery costs when events come in this way. */
export async function costOf({ pid, sockets, send, clients }: Contender, shape: Shape): Promise<Cost> {
  const deliveries = shape.events * sockets;
  await clients.reset();
  const used = await cpuDuring(pid, async () => {
    await Promise.all([send(shape), clients.received(deliveries)]);
    await delay(AFTERMATH_MS);
  });
  return { user: (used.user * 1_000) / deliveries, system: (used.system * 1_000) / deliveries };
}

export const totalOf = ({ user, system }: Cost): number => user + system;

const costText = (cost: Cost): string =>
  `${totalOf(cost).toFixed(2)} µs (${cost.user.toFixed(2)} user, ${cost.system.toFixed(2)} system)`;
