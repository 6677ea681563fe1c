// Senders and clients around one hub or several, and the verdict over everything that happened between them.
import { setTimeout as delay } from 'node:timers/promises';
import { signToken } from '../../src/auth/sign.js';
import type { EventDocument } from '../../src/eventlog/event.js';
import { openMongo } from '../../src/mongo/connection.js';
import { type Defect, defectsOfHistory } from './history.js';
import { INTAKE_KEY, SECRET } from './hub.js';
import { defectsOfLog, type LogFacts, readLogFacts } from './log-process.js';
import { quiet } from './mongo.js';
import { createRandom, type Random } from './random.js';
import { watchWithClient } from './sdk-watcher.js';
import { createTraffic, type MailReceipt, type Traffic } from './traffic.js';
import { watch, type Watcher } from './watcher.js';

export interface Crowd {
  readonly traffic: Traffic;
  readonly watchers: readonly Watcher[];
  /** Resolves when so many more mails have been answered than when it was called. */
  served(mails: number): Promise<void>;
  /** Posts large mails, many at once, until the condition holds; rejects after {@link FLOOD_MAX} of them. */
  flood(until: () => Promise<boolean>): Promise<void>;
  /**
   * Resolves when a mail that was posted after `since` (`performance.now()`) has been seen by every watcher: with the
   * milliseconds from `since` until then. Rejects after half a minute.
   */
  recovered(since: number): Promise<number>;
  /** The longest that any watcher waited for a mail that was answered since then, milliseconds. */
  longestPause(since: number): number;
  /** Sends nothing, while `work` is done, and begins it when what was under way has been answered. */
  calmly<T>(work: () => Promise<T>): Promise<T>;
  /** Keeps what is in the log now: it is about to be deleted, in the proper course of things. */
  archive(): Promise<void>;
  /** What was answered since there were so many mails and commands was lost with good reason: nobody is held to it. */
  forget(mails: number, commands: number): void;
  /** From now on clients may be told to begin anew. */
  allowResync(): void;
  /** Sends no more, waits until everything has come to rest, and judges. */
  judge(): Promise<Defect[]>;
  close(): void;
}

export interface CrowdOptions {
  /** The hubs, as they can be reached now: each request and each connect takes one of them. */
  urls: () => readonly string[];
  /** Where mails and commands go, if somewhere else. */
  postTo?: () => readonly string[];
  /** Straight to the database, for the verdict. */
  mongoUrl: string;
  database: string;
  /** Decides what is sent, and where to; default by a seed of its own. */
  random?: Random;
  /** Senders that post one mail after the other; default 8. */
  senders?: number;
  /** Milliseconds that a sender rests between mails, at most; default 0. */
  restMs?: number;
  /** A mail that everybody sees is posted so often, whether or not the last one was answered; default never. */
  probeMs?: number;
  /** One address for all hubs: some watch through the published client, too, which knows no other. */
  gate?: string;
  /** Milliseconds after which a raw watcher takes a silent connection for dead; default never. */
  silenceMs?: number;
}

const REST_MS = 30_000;
const SERVED_MS = 60_000;
const RECOVERED_MS = 30_000;
/** A flood that nothing comes of ends after so many mails. */
const FLOOD_MAX = 6_000;
/** Mails of a flood that are under way at once. */
const FLOOD_WIDTH = 24;
/** As long as subjects are kept: 3 kB. */
const LONG_SUBJECT = '\u6f22'.repeat(998);
/** Probes that may be under way at once. */
const PROBES_MAX = 30;
const TEAMS = { alice: ['cyber'], bob: [], carol: ['cyber'] };
type Name = keyof typeof TEAMS;
const NAMES = Object.keys(TEAMS) as Name[];

/** Three underwriters and a supervisor on both kinds of socket; mails, some sent twice, claimed by several at once. */
export async function gather(options: CrowdOptions): Promise<Crowd> {
  const random = options.random ?? createRandom(Math.random());
  /** Takes one of the hubs; whoever asks has a sequence of their own. */
  const chooser = (who: string, urls = options.urls): (() => string) => {
    const own = random.fork(who);
    return () => own.pick(urls());
  };
  const tokens = {} as Record<Name, string>;
  const watchers: Watcher[] = [];
  const admit = (name: string, token: string, rooms: readonly string[]): void => {
    for (const kind of ['raw', 'socketio'] as const) {
      const url = chooser(`${name}-${kind}`);
      watchers.push(watch({ name: `${name} (${kind})`, kind, url, token, rooms, silenceMs: options.silenceMs }));
    }
    if (options.gate) watchers.push(watchWithClient({ name: `${name} (client)`, url: options.gate, token, rooms }));
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

  const traffic = createTraffic({ url: chooser('traffic', options.postTo), intakeKey: INTAKE_KEY });
  const archive = new Map<string, EventDocument[]>();
  let mayResync = false;
  let sending = true;
  let calm = false;
  /** Senders, and probes, that are between two mails. */
  let busy = 0;
  const pausing = async (): Promise<void> => {
    while (calm && sending) await delay(10);
  };
  const probes: MailReceipt[] = [];
  const work = new Set<Promise<unknown>>();
  const begin = (job: Promise<unknown>): void => {
    work.add(job);
    job.then(
      () => work.delete(job),
      // Given up with the crowd; or a defect, which the end of the senders shows.
      () => {},
    );
  };
  for (let n = 0; n < (options.senders ?? 8); n++) begin(send(random.fork(`sender ${n}`)));
  if (options.probeMs !== undefined) begin(probe(options.probeMs));

  async function send(own: Random): Promise<void> {
    while (sending) {
      await pausing();
      busy++;
      await oneMail(own);
      busy--;
      if (options.restMs) await delay(own.between(0, options.restMs));
    }
  }

  async function probe(everyMs: number): Promise<void> {
    let underWay = 0;
    while (sending) {
      await pausing();
      if (underWay < PROBES_MAX) {
        underWay++;
        busy++;
        begin(
          traffic.mail().then((receipt) => {
            underWay--;
            busy--;
            probes.push(receipt);
          }),
        );
      }
      await delay(everyMs);
    }
  }

  async function oneMail(own: Random): Promise<void> {
    const { messageId, submission_id: id } = await traffic.mail(undefined, {
      line: own.chance(0.3) ? 'Cyber' : 'Property',
    });
    if (own.chance(0.1)) await traffic.mail(messageId);
    if (own.chance(0.5)) return;
    const path = `/api/workitems/${id}`;
    const claims = await Promise.all(
      NAMES.filter(() => own.chance(0.6)).map(async (sub) => {
        const { version } = await traffic.command(`${path}/claim`, 'POST', tokens[sub], id);
        return { sub, version };
      }),
    );
    const [winner, second] = claims.filter(({ version }) => version !== null);
    if (second) traffic.faults.push(`item ${id} was claimed by two`);
    if (!winner || own.chance(0.5)) return;
    const step = { status: 'quoted', version: winner.version };
    await traffic.command(`${path}/status`, 'PATCH', tokens[winner.sub], id, step);
  }

  async function flood(isOver: () => Promise<boolean>): Promise<void> {
    for (let sent = 0; sending && !(await isOver()); sent += FLOOD_WIDTH) {
      if (sent >= FLOOD_MAX) throw new Error(`${sent} large mails had no effect`);
      await Promise.all(Array.from({ length: FLOOD_WIDTH }, () => traffic.mail(undefined, { subject: LONG_SUBJECT })));
    }
  }

  async function settled<T>(
    look: () => Promise<T> | T,
    done: (seen: T) => boolean,
    ms: number,
    every = 50,
  ): Promise<T> {
    const deadline = performance.now() + ms;
    for (;;) {
      const seen = await look();
      if (done(seen) || performance.now() > deadline) return seen;
      await delay(every);
    }
  }

  /** When the last watcher saw it; `null` when one has not. */
  function seenByAll({ submission_ref: ref }: MailReceipt): number | null {
    let last = 0;
    for (const watcher of watchers) {
      const at = watcher.seenAt(ref);
      if (at === undefined) return null;
      last = Math.max(last, at);
    }
    return last;
  }

  async function withFacts<T>(judge: (look: () => Promise<LogFacts>) => Promise<T>): Promise<T> {
    const mongo = await openMongo({ url: options.mongoUrl, database: options.database, logger: quiet });
    try {
      return await judge(() => readLogFacts({ mongo }, 'majority'));
    } finally {
      await mongo.close();
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
    async flood(isOver) {
      const flooding = flood(isOver);
      // Whoever gives up waiting for its end has it ended all the same before anything is judged.
      begin(flooding.catch(() => {}));
      await flooding;
    },
    async recovered(since) {
      const look = (): number[] =>
        probes
          .filter(({ postedAt }) => postedAt >= since)
          .map(seenByAll)
          .filter((at) => at !== null);
      const seen = await settled(look, ({ length }) => length > 0, RECOVERED_MS, 5);
      if (seen.length === 0) throw new Error(`no mail was seen by everybody within ${RECOVERED_MS} ms`);
      return Math.min(...seen) - since;
    },
    longestPause: (since) =>
      Math.max(
        0,
        ...probes
          .filter(({ answeredAt }) => answeredAt >= since)
          .map((receipt) => (seenByAll(receipt) ?? performance.now()) - receipt.answeredAt),
      ),
    async calmly(something) {
      calm = true;
      try {
        await settled(
          () => busy,
          (count) => count === 0,
          SERVED_MS,
        );
        return await something();
      } finally {
        calm = false;
      }
    },
    archive: () =>
      withFacts(async (look) => {
        const { log, events } = await look();
        const kept = new Map((archive.get(log.epoch) ?? []).map((event) => [event._id, event]));
        for (const event of events) kept.set(event._id, event);
        archive.set(log.epoch, [...kept.values()]);
      }),
    forget(mails, commands) {
      traffic.mails.splice(mails);
      traffic.commands.splice(commands);
    },
    allowResync() {
      mayResync = true;
    },
    async judge() {
      sending = false;
      const unanswered = setTimeout(() => traffic.faults.push('a sender had no answer for a minute'), 60_000);
      await Promise.all(work).finally(() => clearTimeout(unanswered));
      return withFacts(async (look) => {
        const isSound = (seen: LogFacts): boolean => defectsOfLog(seen).length === 0;
        // What a dead writer has left, a sweep finishes some seconds later.
        await settled(look, isSound, REST_MS);
        // One for everybody: whoever has it has been sent all that came before.
        const barrier = await traffic.mail();
        const facts = await settled(look, isSound, REST_MS);
        const last = facts.events.find(({ item }) => item === barrier.submission_id)?._id ?? Number.POSITIVE_INFINITY;
        const late: Defect[] = [];
        await Promise.all(
          watchers.map(async (watcher) => {
            await watcher
              .reached(last, REST_MS)
              .catch((error: Error) => late.push({ kind: 'lost', what: error.message }));
            for (const what of await watcher.atRest()) late.push({ kind: 'wrong', what });
          }),
        );
        return [...late, ...defectsOfHistory(facts, { traffic, watchers, archive, mayResync })];
      });
    },
    close() {
      sending = false;
      traffic.stop();
      for (const watcher of watchers) watcher.close();
    },
  };
}
