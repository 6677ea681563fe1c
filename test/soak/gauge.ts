// What a hub's process holds while nobody wants anything of it, and how much of each may come with time.
import { readdir, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Holdings, Hub } from '../faults/hubs.js';
import { until } from '../support/until.js';
import type { Bound } from './trend.js';

const MIB = 2 ** 20;

/**
 * The quantities, in the order of the table. A run makes some hundred connects and thousands of requests and events a
 * minute in each hub: whatever stays behind from one of a hundred connects exceeds the bounds on counts. Bytes: 2 kB from
 * each of 700 connects a minute, or 400 bytes from each of 3,500 events and requests, exceed that of the heap. Memory as
 * the system counts it (rss) is let go of late and in pieces; its bound is for what the heap does not show.
 */
export const BOUNDS = {
  'heap, MiB': { perMinute: 1.4, noise: 4 },
  // Encoded forms of events are forgotten 4 MiB at a time, of ten kinds (five formats, single and in bursts), each in its own time: some
  // 4 MiB a minute are made, so that a short run may see nothing but a rise. In the end it is bounded.
  'external, MiB': { perMinute: 0.5, noise: 24, most: 90 },
  'rss, MiB': { perMinute: 16, noise: 64 },
  handles: { perMinute: 1, noise: 4, most: 60 },
  'open files': { perMinute: 1, noise: 4, most: 100 },
  // Connections to the stores come and go in their pools: these were just cut, and a few are there again.
  'open sockets': { perMinute: 1.5, noise: 6, most: 40 },
  'socket objects': { perMinute: 2, noise: 10 },
  timers: { perMinute: 5, noise: 20 },
  emitters: { perMinute: 6, noise: 30 },
  listeners: { perMinute: 12, noise: 120 },
} as const satisfies Record<string, Bound>;

export type Quantity = keyof typeof BOUNDS;
export type Reading = Record<Quantity, number>;

/** As the probe tells it. */
interface AllHoldings extends Holdings {
  external: number;
  rss: number;
  alive: {
    emitters: number;
    listeners: number;
    most: { count: number; where: string };
    sockets: number;
    timers: number;
    sites: Record<string, number>;
  };
}

/** Listeners of one event of one emitter: there is no reason for so many in a process that nobody is connected to. */
const ONE_EVENT_MAX = 40;
/** What the hub opened again when its connections were cut has been opened by then, milliseconds. */
const SETTLE_MS = 1_500;

/** Sockets and other files that the process has open. */
async function openFilesOf(pid: number): Promise<{ sockets: number; others: number }> {
  const directory = `/proc/${pid}/fd`;
  const names = await readdir(directory);
  const targets = await Promise.all(names.map((name) => readlink(`${directory}/${name}`).catch(() => '')));
  const sockets = targets.filter((target) => target.startsWith('socket:')).length;
  return { sockets, others: targets.length - sockets };
}

/**
 * Waits until the hub has seen its last client go, takes its idle connections from it, and reads.
 * @returns the reading; in words what must not be, however short it lasts; and where timers were started, the most of them first.
 */
export async function read(hub: Hub): Promise<{ reading: Reading; defects: string[]; timers: string }> {
  let counted = Number.NaN;
  const gone = async (): Promise<boolean> => {
    counted = (await hub.metric('hub_connections')) + (await hub.metric('hub_socket_queue_bytes'));
    return counted === 0;
  };
  await until(gone, 60_000).catch(() => {
    throw new Error(`${hub.name} counts connections or bytes of clients that have gone: ${counted}`);
  });
  // Kept alive for the next request, or in a pool for the next burst: how many says nothing.
  for (const link of Object.values(hub.links)) link.cut();
  await delay(SETTLE_MS);
  const { heap, external, rss, resources, alive } = (await hub.holdings()) as AllHoldings;
  const { sockets, others } = await openFilesOf(hub.pid);
  const reading: Reading = {
    'heap, MiB': heap / MIB,
    'external, MiB': external / MIB,
    'rss, MiB': rss / MIB,
    // Timers are counted by themselves, with those that keep nothing alive.
    handles: Object.entries(resources).reduce((sum, [kind, count]) => sum + (kind === 'Timeout' ? 0 : count), 0),
    'open files': others,
    'open sockets': sockets,
    'socket objects': alive.sockets,
    timers: alive.timers,
    emitters: alive.emitters,
    listeners: alive.listeners,
  };
  const { count, where } = alive.most;
  const defects = count > ONE_EVENT_MAX ? [`${hub.name} has ${count} listeners on ${where}`] : [];
  const sites = Object.entries(alive.sites).sort(([, one], [, other]) => other - one);
  return { reading, defects, timers: sites.map(([site, amount]) => `${amount} of ${site}`).join('; ') };
}
