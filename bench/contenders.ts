// The servers whose fan-out is measured, each with a process of clients of its own.
import type { HubServer } from './hub-server.js';
import type { Client, Dialect } from './load/connection.js';
import type { Shape } from './peers/emitter.js';
import { type Bench, startScript } from './processes.js';

/** A server with its clients connected. */
export interface Contender {
  name: string;
  pid: number;
  sockets: number;
  send: (shape: Shape) => Promise<unknown>;
  clients: { reset(): Promise<void>; received(count: number): Promise<number> };
}

/** On each server, unless the number is what is looked at. */
export const SOCKETS = 1_000;

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

export async function connectHub(
  bench: Bench,
  hub: HubServer,
  send: Contender['send'],
  sockets = SOCKETS,
): Promise<Contender> {
  const clients = await underwriters(hub, sockets, {
    auth: (number) => ({ filter: FILTERS[number % FILTERS.length] }),
  });
  const load = await connect(bench, { port: hub.port, socketio: true, ready: 'caught_up' }, clients);
  return { name: 'workitem-hub', pid: hub.pid, sockets, send, clients: load };
}

export async function connectBridge(bench: Bench, hub: HubServer): Promise<Contender> {
  const clients = await rawUnderwriters(hub, SOCKETS);
  const load = await connect(bench, { port: hub.port, socketio: false, ready: 'upgraded' }, clients);
  await hub.bridged(SOCKETS);
  return { name: 'workitem-hub', pid: hub.pid, sockets: SOCKETS, send: (shape) => hub.makeItems(shape), clients: load };
}

/** A hub that nobody watches. */
export function unconnected(hub: HubServer): Contender {
  const clients = { reset: async () => {}, received: async () => 0 };
  return { name: 'workitem-hub', pid: hub.pid, sockets: SOCKETS, send: (shape) => hub.makeItems(shape), clients };
}

export async function connectPeer(
  bench: Bench,
  name: string,
  script: string,
  { path, ...dialect }: Omit<Dialect, 'port'> & { path: string },
  sockets = SOCKETS,
): Promise<Contender> {
  const peer = await startScript(bench, script, { profile: true });
  const port = await peer.ask<number>('listen');
  const clients = Array.from({ length: sockets }, () => ({ path, auth: {} }));
  const load = await connect(bench, { port, ...dialect }, clients);
  return { name, pid: peer.pid, sockets, send: (shape) => peer.ask('emit', shape), clients: load };
}

/** Where a client of Socket.IO asks for its upgrade. */
export const SOCKET_IO_PATH = '/socket.io/?EIO=4&transport=websocket';

/** Clients for the hub's Socket.IO, each an underwriter of their own with a token. */
export function underwriters(
  hub: Pick<HubServer, 'token'>,
  count: number,
  { from = 0, auth }: { from?: number; auth?: (number: number) => object } = {},
): Promise<Client[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const number = from + index;
      return { path: SOCKET_IO_PATH, auth: { token: await hub.token(number), ...auth?.(number) } };
    }),
  );
}

/** The same for its raw WebSocket. */
export function rawUnderwriters(hub: HubServer, count: number, from = 0): Promise<Client[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => ({
      path: `/ws/workitems?token=${await hub.token(from + index)}`,
      auth: {},
    })),
  );
}

async function connect(bench: Bench, dialect: Dialect, clients: Client[]): Promise<Contender['clients']> {
  const { ask } = await startScript(bench, 'load/sockets.ts');
  await ask('connect', { dialect, clients });
  return {
    reset: () => ask('reset'),
    received: (count) => ask<number>('received', count),
  };
}
