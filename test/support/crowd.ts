// Senders and clients around one hub or several, and the verdict over everything that happened between them.
import { setTimeout as delay } from 'node:timers/promises';
import { signToken } from '../../src/auth/sign.js';
import { openMongo } from '../../src/mongo/connection.js';
import { faultsOfHistory } from './history.js';
import { INTAKE_KEY, SECRET } from './hub.js';
import { faultsOf, type LogFacts, readLogFacts } from './log-process.js';
import { quiet } from './mongo.js';
import { createTraffic, type Traffic } from './traffic.js';
import { watch, type Watcher } from './watcher.js';

export interface Crowd {
  readonly traffic: Traffic;
  readonly watchers: readonly Watcher[];
  /** Resolves when so many more mails have been answered than when it was called. */
  served(mails: number): Promise<void>;
  /** Sends no more, waits until everything has come to rest, and judges. Resolves with what is wrong, in words. */
  judge(): Promise<string[]>;
  close(): void;
}

export interface CrowdOptions {
  /** The hubs, as they can be reached now: each request and each connect takes one of them. */
  urls: () => readonly string[];
  /** Straight to the database, for the verdict. */
  mongoUrl: string;
  database: string;
  /** Senders that post one mail after the other. */
  senders?: number;
}

const REST_MS = 20_000;
const SERVED_MS = 30_000;
const TEAMS = { alice: ['cyber'], bob: [], carol: ['cyber'] };
type Name = keyof typeof TEAMS;
const NAMES = Object.keys(TEAMS) as Name[];

/** Three underwriters and a supervisor on both kinds of socket; mails, some sent twice, claimed by several at once. */
export async function gather(options: CrowdOptions): Promise<Crowd> {
  const any = (): string => {
    const urls = options.urls();
    return urls[Math.floor(Math.random() * urls.length)] as string;
  };
  const tokens = {} as Record<Name, string>;
  const watchers: Watcher[] = [];
  const admit = (name: string, token: string, rooms: readonly string[]): void => {
    for (const kind of ['raw', 'socketio'] as const) {
      watchers.push(watch({ name: `${name} (${kind})`, kind, url: any, token, rooms }));
    }
  };
  for (const sub of NAMES) {
    const teams = TEAMS[sub];
    tokens[sub] = await signToken(SECRET, { sub, name: sub, roles: ['underwriter'], teams }, '1h');
    admit(sub, tokens[sub], [`underwriter:${sub}`, ...teams.map((team) => `team:${team}`), 'pool']);
  }
  const sam = await signToken(SECRET, { sub: 'sam', name: 'sam', roles: ['supervisor'], teams: [] }, '1h');
  admit('sam', sam, ['supervisors']);
  // Who comes later sees the rest, and could not tell that something was missing before.
  await Promise.all(watchers.map((watcher) => watcher.reached(0, SERVED_MS)));

  const traffic = createTraffic({ url: any, intakeKey: INTAKE_KEY });
  let sending = true;
  const senders = Array.from({ length: options.senders ?? 8 }, async () => {
    while (sending) await oneMail();
  });

  async function oneMail(): Promise<void> {
    const { messageId, submission_id: id } = await traffic.mail();
    if (Math.random() < 0.1) await traffic.mail(messageId);
    if (Math.random() < 0.5) return;
    const path = `/api/workitems/${id}`;
    const claims = await Promise.all(
      NAMES.filter(() => Math.random() < 0.6).map(async (sub) => {
        const { version } = await traffic.command(`${path}/claim`, 'POST', tokens[sub], id);
        return { sub, version };
      }),
    );
    const [winner, second] = claims.filter(({ version }) => version !== null);
    if (second) traffic.faults.push(`item ${id} was claimed by two`);
    if (!winner || Math.random() < 0.5) return;
    const step = { status: 'quoted', version: winner.version };
    await traffic.command(`${path}/status`, 'PATCH', tokens[winner.sub], id, step);
  }

  async function settled<T>(look: () => Promise<T> | T, done: (seen: T) => boolean, ms: number): Promise<T> {
    const deadline = Date.now() + ms;
    for (;;) {
      const seen = await look();
      if (done(seen) || Date.now() > deadline) return seen;
      await delay(50);
    }
  }

  return {
    traffic,
    watchers,
    async served(mails) {
      const enough = traffic.mails.length + mails;
      const count = await settled(
        () => traffic.mails.length,
        (seen) => seen >= enough,
        SERVED_MS,
      );
      if (count < enough) throw new Error(`${enough} mails were to be answered in time, ${count} were`);
    },
    async judge() {
      sending = false;
      await Promise.all(senders);
      const mongo = await openMongo({ url: options.mongoUrl, database: options.database, logger: quiet });
      try {
        const look = () => readLogFacts({ mongo });
        // One for everybody: whoever has it has been sent all that came before.
        const barrier = await traffic.mail();
        const seqOf = (seen: LogFacts): number =>
          seen.events.find(({ item }) => item === barrier.submission_id)?._id ?? Number.POSITIVE_INFINITY;
        const facts = await settled(look, (seen) => faultsOf(seen).length === 0, REST_MS);
        const last = seqOf(facts);
        const late: string[] = [];
        await Promise.all(
          watchers.map((watcher) => watcher.reached(last, REST_MS).catch((error: Error) => late.push(error.message))),
        );
        return [...late, ...faultsOfHistory(facts, traffic, watchers)];
      } finally {
        await mongo.close();
      }
    },
    close() {
      sending = false;
      traffic.stop();
      for (const watcher of watchers) watcher.close();
      // What is given up now has been judged, or has failed for another reason.
      for (const sender of senders) sender.catch(() => {});
    },
  };
}
