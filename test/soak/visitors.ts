// Clients that come and go: each visit is one way to be a client, good or bad, for a moment. None of them is judged for what
// it sees; the hub is, for what it keeps of them.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { Filter } from '@workitem-hub/client/contract';
import { signToken } from '../../src/auth/sign.js';
import { SECRET } from '../support/hub.js';
import type { Random } from '../support/random.js';
import type { Tally } from './tally.js';

/** Different people among them, and names of clients of each. */
const PEOPLE = 60;
const CLIENTS = 3;
/** Addresses that bad tokens come from. */
const ADDRESSES = 200;
const FLOOD = 25;
const ANSWER_MS = 5_000;
const STAY_MS = 1_500;

export interface VisitOptions {
  /** Takes one of the hubs. */
  url: () => string;
  random: Random;
  tally: Tally;
  /** Told of what no client may get. */
  onDefect: (what: string) => void;
}

/** At most this many documents may be about them. */
export const VISITORS = { people: PEOPLE, cursors: PEOPLE * CLIENTS };

const FILTERS: Filter[] = [
  { status: ['pending'] },
  { policy_type: ['Cyber'], assigned: 'none' },
  { text: 'acme', min_coverage: { currency: 'USD', amount: 1_000 } },
  { assigned: 'me' },
];

/** One visitor; `visit` rejects only for what should not be. */
export function createVisitor({ url, random, tally, onDefect }: VisitOptions): { visit(): Promise<void> } {
  /** Where it was told that the log stands; perhaps long ago. */
  let position: { epoch: string; seq: number; scope: string } | null = null;

  const person = (): string => `visitor-${random.between(1, PEOPLE)}`;
  const tokenOf = (sub: string): Promise<string> =>
    signToken(SECRET, { sub, name: sub, roles: ['underwriter'], teams: random.chance(0.3) ? ['cyber'] : [] }, '10m');
  const officer = (role: 'supervisor' | 'admin'): Promise<string> =>
    signToken(SECRET, { sub: role, name: role, roles: [role], teams: [] }, '10m');
  const address = (): string => `10.1.${random.between(0, 3)}.${random.between(1, ADDRESSES / 4)}`;

  /** Whoever is refused is counted by address: visitors have others than the crowd. */
  const from = (): Record<string, string> => ({ 'x-forwarded-for': address() });

  async function badToken(): Promise<string> {
    const claims = { sub: person(), roles: ['underwriter' as const] };
    return random.pick([
      () => Promise.resolve('nonsense'),
      () => signToken(SECRET, claims, -60),
      () => signToken(`${SECRET} of somebody else`, claims, '10m'),
    ])();
  }

  /** A raw WebSocket; resolves when it has closed, has been told to begin, or has waited for long enough. */
  async function raw(
    query: string,
    headers: Record<string, string> = {},
  ): Promise<{ client: WebSocket; ready: boolean }> {
    const client = new WebSocket(`${url().replace(/^http/, 'ws')}/ws/workitems${query}`, { headers });
    client.on('error', () => {});
    const ready = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), ANSWER_MS);
      const end = (outcome: boolean) => (): void => {
        clearTimeout(timer);
        resolve(outcome);
      };
      client.once('close', end(false));
      client.on('message', (text) => {
        const { event, data } = JSON.parse((text as Buffer).toString()) as { event: string; data: typeof position };
        if (event === 'ready' || event === 'caught_up') position = { ...position, ...data } as typeof position;
        end(true)();
      });
    });
    return { client, ready };
  }

  async function leave(client: WebSocket): Promise<void> {
    if (random.chance(0.5)) client.terminate();
    else client.close();
    // An end that is not answered.
    setTimeout(() => client.terminate(), 1_000).unref();
  }

  const since = (): string => {
    if (!position || random.chance(0.5)) return '';
    return `&since=${position.epoch}:${position.seq}${random.chance(0.5) ? `:${position.scope}` : ''}`;
  };

  async function rawVisit(): Promise<void> {
    const filter = random.chance(0.4) ? `&filter=${encodeURIComponent(JSON.stringify(random.pick(FILTERS)))}` : '';
    const { client } = await raw(`?v=2&token=${await tokenOf(person())}${filter}${since()}`);
    await delay(random.between(0, STAY_MS));
    await leave(client);
  }

  async function oldPage(): Promise<void> {
    const client = new WebSocket(`${url().replace(/^http/, 'ws')}/ws/workitems`, { headers: from() });
    client.on('error', () => {});
    await delay(random.between(0, STAY_MS));
    await leave(client);
  }

  /** Stops reading; what is sent to it waits, and in the end it is given up. */
  async function mute(): Promise<void> {
    const { client } = await raw(`?v=2&token=${await tokenOf(person())}`);
    client.pause();
    await delay(random.between(1_000, 6_000));
    client.terminate();
  }

  async function socketIo(): Promise<void> {
    const sub = person();
    const client = io(`${url()}/workitems`, {
      auth: {
        token: await tokenOf(sub),
        ...(random.chance(0.4) ? { filter: random.pick(FILTERS) } : {}),
        ...(random.chance(0.5) ? { client_id: `client-${random.between(1, CLIENTS)}` } : {}),
      },
      transports: random.pick([['websocket'], ['polling'], ['polling', 'websocket']]),
      extraHeaders: from(),
      forceNew: true,
      reconnection: false,
      timeout: ANSWER_MS,
    });
    try {
      const ready = await heard(client, 'ready');
      if (!ready) return;
      const item = (): object => ({ id: random.between(1, 2_000), command_id: randomUUID() });
      const asks: [string, () => unknown][] = [
        ['set_filter', () => ({ filter: random.chance(0.5) ? random.pick(FILTERS) : null })],
        ['ack', () => ({ epoch: ready.epoch, seq: ready.seq })],
        ['claim', item],
        ['set_status', () => ({ ...item(), status: 'declined', reason: 'none', version: random.between(1, 3) })],
        ['refresh_token', () => ({ token: 'nonsense' })],
        ['nonsense', () => ({ some: 'thing' })],
      ];
      for (let n = random.between(0, 4); n > 0; n--) {
        const [event, body] = random.pick(asks);
        if (event === 'claim' || event === 'set_status') tally.add('commands of visitors');
        await client
          .timeout(ANSWER_MS)
          .emitWithAck(event, body())
          .catch(() => {});
      }
      if (random.chance(0.3)) {
        await client
          .timeout(ANSWER_MS)
          .emitWithAck('refresh_token', { token: await tokenOf(sub) })
          .catch(() => {});
      }
      await delay(random.between(0, STAY_MS));
    } finally {
      // Without a word, or as it should be.
      if (random.chance(0.5)) client.io.engine?.close();
      client.disconnect();
    }
  }

  async function monitor(): Promise<void> {
    const token = await officer('supervisor');
    const client = io(`${url()}/monitor`, {
      auth: { token },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    await heard(client, 'connect');
    await delay(random.between(0, STAY_MS));
    client.disconnect();
  }

  async function badSocket(headers: Record<string, string>): Promise<void> {
    const token = await badToken();
    if (random.chance(0.5)) {
      const { client, ready } = await raw(`?v=2&token=${token}`, headers);
      if (ready) onDefect('a bad token was let in by the raw WebSocket');
      client.terminate();
      return;
    }
    const client = io(`${url()}/workitems`, {
      auth: { token },
      transports: ['websocket'],
      extraHeaders: headers,
      forceNew: true,
      reconnection: false,
    });
    if (await heard(client, 'ready')) onDefect('a bad token was let in by Socket.IO');
    client.disconnect();
  }

  /** Many refused connects from one address, some before their tokens are looked at. */
  async function flood(): Promise<void> {
    const headers = from();
    await Promise.all(Array.from({ length: FLOOD }, () => badSocket(headers)));
    tally.add('connects refused', FLOOD);
  }

  /** Upgrades that nobody takes, and requests that end half-way. */
  async function brokenRequest(): Promise<void> {
    const { hostname, port } = new URL(url());
    const heads = [
      'POST /api/email/intake HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.8.0.1\r\nContent-Length: 1000\r\n\r\nhalf',
      'GET /ws/workitems HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.8.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'GET /nowhere HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.8.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.8.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: http://elsewhere.example\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.8.0.1\r\n\r\n',
      'this is not HTTP\r\n\r\n',
      '',
    ];
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {}).on('data', () => {});
    socket.write(random.pick(heads));
    await delay(random.between(20, 400));
    socket.destroy();
  }

  async function get(path: string, token: string): Promise<Response | null> {
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      return await fetch(url() + path, { headers: { ...from(), authorization: `Bearer ${token}` }, signal });
    } catch {
      return null;
    }
  }

  async function reader(): Promise<void> {
    const token = await tokenOf(person());
    const after = position ? `&after=${position.epoch}:${position.seq}` : '';
    const paths = [
      `/api/events?limit=100${after}`,
      '/api/workitems?limit=50&status=pending',
      '/api/workitems?limit=20&text=acme&assigned=none',
      `/api/workitems/${random.between(1, 3_000)}/history`,
      `/api/submissions?limit=20&skip=${random.between(0, 200)}`,
      '/api/workitems?cursor=nonsense',
      '/metrics',
      '/readyz',
    ];
    for (let n = random.between(1, 5); n > 0; n--) {
      const response = await get(random.pick(paths), token);
      // Some do not wait for the rest of the answer.
      if (random.chance(0.2)) await response?.body?.cancel().catch(() => {});
      else await response?.text().catch(() => {});
    }
    tally.add('reads');
  }

  /** Loads an attachment, or a part of it. */
  async function download(): Promise<void> {
    const token = await officer('supervisor');
    type Listed = { items: { submission_ref: string; attachments: { id: string }[] }[] };
    const listed = (await (await get('/api/submissions?limit=50', token))?.json().catch(() => null)) as Listed | null;
    const some = listed?.items?.filter(({ attachments }) => attachments?.length > 0) ?? [];
    if (some.length === 0) return;
    const { submission_ref: ref, attachments } = random.pick(some);
    const response = await get(`/api/submissions/${ref}/attachments/${random.pick(attachments).id}`, token);
    if (random.chance(0.5)) await response?.body?.cancel().catch(() => {});
    else await response?.arrayBuffer().catch(() => {});
    tally.add('downloads');
  }

  async function people(): Promise<void> {
    await (await get('/api/people', await officer('supervisor')))?.text().catch(() => {});
  }

  /** Somebody is locked out, and let in again. */
  async function revoked(): Promise<void> {
    const sub = person();
    const { client } = await raw(`?v=2&token=${await tokenOf(sub)}`);
    const headers = {
      ...from(),
      authorization: `Bearer ${await officer('admin')}`,
      'content-type': 'application/json',
    };
    const call = (method: string, path: string, body?: string): Promise<Response | null> =>
      fetch(url() + path, { method, headers, signal: AbortSignal.timeout(ANSWER_MS), ...(body ? { body } : {}) }).catch(
        () => null,
      );
    const response = await call('POST', '/api/revocations', JSON.stringify({ sub }));
    const { id } = ((await response?.json().catch(() => null)) ?? {}) as { id?: string };
    tally.add('revocations');
    if (id) await (await call('DELETE', `/api/revocations/${id}`))?.text().catch(() => {});
    client.terminate();
  }

  const visits: [number, string, () => Promise<void>][] = [
    [24, 'raw', rawVisit],
    [26, 'Socket.IO', socketIo],
    [6, 'old pages', oldPage],
    [3, 'mute', mute],
    [3, 'monitor', monitor],
    [8, 'bad tokens', () => badSocket(from())],
    [1, 'floods', flood],
    [6, 'broken requests', brokenRequest],
    [14, 'readers', reader],
    [4, 'downloading', download],
    [2, 'people', people],
    [3, 'revoked', revoked],
  ];
  const lots = visits.flatMap(([weight, name, visit]) => Array.from({ length: weight }, () => ({ name, visit })));

  return {
    async visit() {
      const { name, visit } = random.pick(lots);
      tally.add(`visits: ${name}`);
      await visit();
    },
  };
}

/** What the event carried; `null` when it did not come. */
async function heard(client: Socket, event: string): Promise<{ epoch: string; seq: number } | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ANSWER_MS);
    const end = (value: { epoch: string; seq: number } | null): void => {
      clearTimeout(timer);
      resolve(value);
    };
    client.once(event, (data?: { epoch: string; seq: number }) => end(data ?? { epoch: '', seq: 0 }));
    client.once('disconnect', () => end(null)).once('connect_error', () => end(null));
  });
}
