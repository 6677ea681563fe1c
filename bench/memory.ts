// Memory: what one more idle connection with a token costs the server process, beside plain Socket.IO, which checks a token as well,
// and the raw bridge beside plain ws. Each server has a process of its own; what is garbage is collected before each look.
import { setTimeout as delay } from 'node:timers/promises';
import { rawUnderwriters, underwriters } from './contenders.js';
import { memoryOf, settled } from './cpu.js';
import { type HubServer, SECRET, startHub, tokenFor } from './hub-server.js';
import type { Client, Dialect } from './load/connection.js';
import { type Bench, startScript } from './processes.js';
import { type Row, ratioRow } from './report.js';
import { scoped } from './scope.js';

interface Server {
  pid: number;
  dialect: Dialect;
  /** So many clients, from the one with this number on. */
  clients: (count: number, from: number) => Promise<Client[]>;
}

const FEW = 500;
const MANY = 3_500;
/** A process that collects its garbage when it is told to, by a signal that means nothing to a server. */
const COLLECTING = [
  '--expose-gc',
  '--import',
  'data:text/javascript,process.on("SIGWINCH",()=>gc({type:"major",execution:"sync",flavor:"last-resort"}))',
];
/** The first collection leaves what others still point to, and V8 gives pages back a little later. */
const COLLECTIONS = 3;
const COLLECTION_MS = 700;

export async function measureMemory(bench: Bench, mongoUrl: string): Promise<Row[]> {
  const hub = (name: string) => (one: Bench) => startHub(one, name, mongoUrl, 'bench_memory', { execArgv: COLLECTING });
  const own = await perConnection(bench, async (one) => socketIoOf(await hub('hub-memory')(one)));
  const plain = await perConnection(bench, plainSocketIo);
  const bridge = await perConnection(bench, async (one) => bridgeOf(await hub('hub-bridge')(one)));
  const ws = await perConnection(bench, plainWs);
  const row = (id: string, what: string, own: number, name: string, peer: number, bound: { atMost?: number }): Row => {
    const text = (bytes: number): string => `${(bytes / 1_024).toFixed(1)} KiB`;
    return ratioRow({ id, what, own: text(own), peer: `${name}: ${text(peer)}`, ratio: own / peer, ...bound });
  };
  return [
    row('memory', 'Socket.IO: memory per idle connection', own, 'Socket.IO with a token', plain, { atMost: 1.15 }),
    row('memory bridge', 'raw WebSocket: memory per idle connection', bridge, 'ws without one', ws, {}),
  ];
}

function socketIoOf(hub: HubServer): Server {
  return {
    pid: hub.pid,
    dialect: { port: hub.port, socketio: true, ready: 'caught_up' },
    clients: (count, from) => underwriters(hub, count, { from }),
  };
}

function bridgeOf(hub: HubServer): Server {
  return {
    pid: hub.pid,
    dialect: { port: hub.port, socketio: false, ready: 'upgraded' },
    clients: (count, from) => rawUnderwriters(hub, count, from),
  };
}

async function plainSocketIo(bench: Bench): Promise<Server> {
  const { pid, ask } = await startScript(bench, 'peers/socketio.ts', {
    env: { JWT_SECRET: SECRET },
    execArgv: COLLECTING,
  });
  return {
    pid,
    dialect: { port: await ask<number>('listen'), socketio: true, ready: 'joined' },
    clients: (count, from) => underwriters({ token: tokenFor }, count, { from }),
  };
}

async function plainWs(bench: Bench): Promise<Server> {
  const { pid, ask } = await startScript(bench, 'peers/websocket.ts', { execArgv: COLLECTING });
  return {
    pid,
    dialect: { port: await ask<number>('listen'), socketio: false, ready: 'upgraded' },
    clients: async (count) => Array.from({ length: count }, () => ({ path: '/ws/workitems', auth: {} })),
  };
}

/** Bytes of resident memory. */
async function perConnection(outer: Bench, start: (bench: Bench) => Promise<Server>): Promise<number> {
  return scoped(outer.scope, async (scope) => {
    const bench = { ...outer, scope };
    const { pid, dialect, clients } = await start(bench);
    const { ask } = await startScript(bench, 'load/sockets.ts');
    const connect = async (count: number, from: number): Promise<number> => {
      await ask('connect', { dialect, clients: await clients(count, from) });
      await settled(pid);
      for (let time = 0; time < COLLECTIONS; time++) {
        process.kill(pid, 'SIGWINCH');
        await delay(COLLECTION_MS);
      }
      return memoryOf(pid);
    };
    const few = await connect(FEW, 0);
    return ((await connect(MANY - FEW, FEW)) - few) / (MANY - FEW);
  });
}
