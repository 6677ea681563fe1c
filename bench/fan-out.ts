// Fan-out: what one delivery costs the server process, beside a plain Socket.IO server and a plain ws loop.
//
// How the hub gets its events. Through its own HTTP API, so that everything which an event costs the measured process is in
// its figure: request, token, commit in MongoDB, relay, filters, sockets. The peers make their events out of nothing, so
// what is compared is a whole hub with a bare emit, and this is the figure that is judged. Beside it stands the figure of a
// hub whose events are committed by another hub on the same database, and read by the measured one from the log: relay and
// fan-out alone. Without Redis a relay reads every 200 ms, so that it gets a steady stream in small batches, which is
// cheaper per delivery than it is at once; that figure is for information only.
import { setTimeout as delay } from 'node:timers/promises';
import { type Cpu, cpuDuring } from './cpu.js';
import { type HubServer, startHub } from './hub-server.js';
import type { Dialect } from './load/connection.js';
import type { Shape } from './peers/emitter.js';
import { type Bench, startScript } from './processes.js';
import { type Row, ratioRow } from './report.js';
import { medianBy } from './median.js';

/** A server with its clients connected. */
interface Contender {
  name: string;
  pid: number;
  send: (shape: Shape) => Promise<unknown>;
  clients: { reset(): Promise<void>; received(count: number): Promise<number> };
}

/** Microseconds per delivery. */
type Cost = Cpu;

const SOCKETS = 1_000;
const ROUNDS = 3;
const SHAPES = {
  burst: { events: 200, everyMs: 0 },
  steady: { events: 150, everyMs: 20 },
} as const;
/** What a server still does when the last event has arrived counts as well, milliseconds. */
const AFTERMATH_MS = 300;

/** Ten filters that let every item of the bench through. */
const FILTERS = [
  { status: ['pending'] },
  { policy_type: ['Cyber', 'Property'] },
  { from_domain: 'pellowstrand.example.com' },
  { broker: 'Pellow' },
  { assigned: 'none' },
  { text: 'harbourside' },
  { min_coverage: { currency: 'USD', amount: 1_000_000 } },
  { effective_from: '2025-01-01' },
  { status: ['pending', 'in_progress'], policy_type: ['Cyber'] },
  { effective_to: '2027-01-01', text: 'logistics' },
];

export async function measureSocketIo(bench: Bench, mongoUrl: string): Promise<Row[]> {
  const hub = await startHub(bench, 'hub-socketio', mongoUrl, 'bench_socketio');
  const follower = await startHub(bench, 'hub-follower', mongoUrl, 'bench_follower');
  const feeder = await startHub(bench, 'hub-feeder', mongoUrl, 'bench_follower');
  const own = await connectHub(bench, 'workitem-hub', hub, (shape) => hub.makeItems(shape));
  const relayed = await connectHub(bench, 'hub, another process commits', follower, (shape) => feeder.makeItems(shape));
  const plain = await connectPeer(bench, 'Socket.IO', 'peers/socketio.ts', {
    socketio: true,
    ready: 'joined',
    path: '/socket.io/?EIO=4&transport=websocket',
  });
  return compare([own, plain, relayed], 'Socket.IO');
}

export async function measureBridge(bench: Bench, mongoUrl: string): Promise<Row[]> {
  const hub = await startHub(bench, 'hub-bridge', mongoUrl, 'bench_bridge');
  const own = await connectBridge(bench, 'workitem-hub', hub);
  const plain = await connectPeer(bench, 'ws', 'peers/websocket.ts', {
    socketio: false,
    ready: 'upgraded',
    path: '/ws/workitems',
  });
  return compare([own, plain], 'raw WebSocket');
}

async function connectHub(bench: Bench, name: string, hub: HubServer, send: Contender['send']): Promise<Contender> {
  const clients = await tokens(hub, (token, number) => ({
    path: '/socket.io/?EIO=4&transport=websocket',
    auth: { token, filter: FILTERS[number % FILTERS.length] },
  }));
  const load = await connect(bench, { port: hub.port, socketio: true, ready: 'caught_up' }, clients);
  return { name, pid: hub.pid, send, clients: load };
}

async function connectBridge(bench: Bench, name: string, hub: HubServer): Promise<Contender> {
  const clients = await tokens(hub, (token) => ({ path: `/ws/workitems?token=${token}`, auth: {} }));
  const load = await connect(bench, { port: hub.port, socketio: false, ready: 'upgraded' }, clients);
  await hub.bridged(SOCKETS);
  return { name, pid: hub.pid, send: (shape) => hub.makeItems(shape), clients: load };
}

async function connectPeer(
  bench: Bench,
  name: string,
  script: string,
  { path, ...dialect }: Omit<Dialect, 'port'> & { path: string },
): Promise<Contender> {
  const peer = await startScript(bench, script, { profile: true });
  const port = await peer.ask<number>('listen');
  const clients = Array.from({ length: SOCKETS }, () => ({ path, auth: {} }));
  const load = await connect(bench, { port, ...dialect }, clients);
  return { name, pid: peer.pid, send: (shape) => peer.ask('emit', shape), clients: load };
}

function tokens<T>(hub: HubServer, client: (token: string, number: number) => T): Promise<T[]> {
  return Promise.all(Array.from({ length: SOCKETS }, async (_, number) => client(await hub.token(number), number)));
}

async function connect(bench: Bench, dialect: Dialect, clients: object[]): Promise<Contender['clients']> {
  const { ask } = await startScript(bench, 'load/sockets.ts');
  await ask('connect', { dialect, clients });
  return {
    reset: () => ask('reset'),
    received: (count) => ask<number>('received', count),
  };
}

async function compare(contenders: readonly Contender[], kind: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [shapeName, shape] of Object.entries(SHAPES)) {
    const costs = contenders.map((): Cost[] => []);
    // The first round only warms the servers up.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [index, contender] of contenders.entries()) {
        const cost = await costOf(contender, shape);
        if (round > 0) costs[index]?.push(cost);
      }
    }
    const [own, peer, ...others] = costs.map((some) => medianBy(some, totalOf)) as [Cost, Cost, ...Cost[]];
    const what =
      shape.everyMs === 0
        ? `${kind}: burst of ${shape.events} events × ${SOCKETS.toLocaleString('en')} sockets`
        : `${kind}: an event each ${shape.everyMs} ms × ${SOCKETS.toLocaleString('en')} sockets`;
    const text = (cost: Cost): string => costText(cost);
    rows.push(
      ratioRow({
        id: `${kind} ${shapeName}`,
        what,
        own: text(own),
        peer: `${contenders[1]?.name}: ${text(peer)}`,
        ratio: totalOf(own) / totalOf(peer),
        atMost: 1,
      }),
    );
    others.forEach((cost, index) => {
      rows.push(
        ratioRow({
          id: `${kind} ${shapeName} ${index}`,
          what: `  ${contenders[index + 2]?.name}`,
          own: text(cost),
          peer: '',
          ratio: totalOf(cost) / totalOf(peer),
        }),
      );
    });
  }
  return rows;
}

async function costOf({ pid, send, clients }: Contender, shape: Shape): Promise<Cost> {
  const deliveries = shape.events * SOCKETS;
  await clients.reset();
  const used = await cpuDuring(pid, async () => {
    await Promise.all([send(shape), clients.received(deliveries)]);
    await delay(AFTERMATH_MS);
  });
  return { user: (used.user * 1_000) / deliveries, system: (used.system * 1_000) / deliveries };
}

const totalOf = ({ user, system }: Cost): number => user + system;

const costText = (cost: Cost): string =>
  `${totalOf(cost).toFixed(2)} µs (${cost.user.toFixed(2)} user, ${cost.system.toFixed(2)} system)`;
