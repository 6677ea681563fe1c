// Fills what a hub fills up in the proper course of things, so that what grows afterwards is none of it: the ring of recent
// events, the sessions of recent tokens, and the encoded forms of what was delivered.
import { once } from 'node:events';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { signToken } from '../../src/auth/sign.js';
import { events, logs } from '../../src/eventlog/collections.js';
import { toLogEvent } from '../../src/eventlog/event.js';
import { bytesOf, RING_LIMITS } from '../../src/relay/ring.js';
import type { Hub } from '../faults/hubs.js';
import { INTAKE_KEY, SECRET } from '../support/hub.js';
import { until } from '../support/until.js';
import { mailOf } from './mails.js';
import type { Stage } from './stage.js';

/** Mails whose events are the pattern of those that fill the ring. */
const PATTERN = 50;
const BATCH = 500;
/** More than `recent-sessions.ts` keeps. */
const TOKENS = 1_100;
const LANES = 8;

/** Mails that are seen on sockets of every kind: twice as many as make a hub forget the encoded forms of the first. */
const SEEN = 4_500;
const ENVELOPE = 50;
const ENVELOPES_AT_ONCE = 40;

/** Resolves with the count of events that it took, when the steady hub has handed them all on. */
export async function fillUp({ steady, mongo }: Stage): Promise<number> {
  await post(steady, 'pattern', PATTERN);
  const pattern = await events.of(mongo).find({ type: 'new_workitem' }).toArray();
  const bytes = pattern.reduce((sum, doc) => sum + bytesOf(toLogEvent(doc)), 0) / pattern.length;
  // A little more than the ring takes.
  const needed = Math.ceil(1.05 * Math.min(RING_LIMITS.count, RING_LIMITS.bytes / bytes));

  // As any process writes to the log, and faster than through the door: events of the same make that are for nobody.
  for (let written = 0; written < needed; written += BATCH) {
    const log = await logs
      .of(mongo)
      .findOneAndUpdate({ _id: 'log' }, { $inc: { counter: BATCH } }, { returnDocument: 'after' });
    const end = log?.counter ?? Number.NaN;
    const batch = Array.from({ length: BATCH }, (_, n) => {
      const { data, at } = pattern[n % pattern.length] as (typeof pattern)[number];
      return { _id: end - BATCH + 1 + n, type: 'void' as const, data, rooms: ['nobody'], before: null, at };
    });
    await events.of(mongo).insertMany(batch, { ordered: false });
  }
  const { counter = 0 } = (await logs.of(mongo).findOne({ _id: 'log' })) ?? {};
  await until(async () => (await steady.metric('hub_relay_position')) >= counter, 60_000);

  let tokens = 0;
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      while (tokens++ < TOKENS) {
        const token = await signToken(SECRET, { sub: 'visitor-1', roles: ['underwriter'] }, '10m');
        const headers = { authorization: `Bearer ${token}` };
        await (await fetch(`${steady.url}/api/workitems?limit=1`, { headers })).text();
      }
    }),
  );
  return counter;
}

/** Has every form of events made by the steady hub, for sockets of all kinds. */
export async function fillForms({ steady }: Stage): Promise<void> {
  const token = await signToken(SECRET, { sub: 'visitor-1', roles: ['underwriter'] }, '10m');
  const raw = steady.url.replace(/^http/, 'ws');
  const sockets = [new WebSocket(`${raw}/ws/workitems`), new WebSocket(`${raw}/ws/workitems?v=2&token=${token}`)];
  const clients = ['websocket', 'polling'].map((transport) =>
    io(`${steady.url}/workitems`, { auth: { token }, transports: [transport], forceNew: true, reconnection: false }),
  );
  for (const socket of sockets) await once(socket, 'open');
  await until(() => clients.every(({ connected }) => connected));
  const before = await steady.metric('hub_relay_position');
  let posted = 0;
  await Promise.all(
    Array.from({ length: ENVELOPES_AT_ONCE }, async (_, lane) => {
      for (let n = 0; posted < SEEN; n++) {
        posted += ENVELOPE;
        await post(steady, `seen-${lane}-${n}`, ENVELOPE);
      }
    }),
  );
  await until(async () => (await steady.metric('hub_relay_position')) >= before + posted, 60_000);
  for (const socket of sockets) socket.terminate();
  for (const client of clients) client.disconnect();
}

async function post({ url }: Hub, name: string, count: number): Promise<void> {
  const mails = Array.from({ length: count }, (_, n) => mailOf(`${name}-${n}@mail.example`, 'Property'));
  const response = await fetch(`${url}/api/email/intake`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': INTAKE_KEY },
    body: JSON.stringify(mails),
  });
  const text = await response.text();
  if (response.status !== 200 || text.includes('"error"'))
    throw new Error(`filling was answered ${text.slice(0, 300)}`);
}
