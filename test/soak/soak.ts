// A long run: load and faults, a calm point, load and faults again; at the end the whole history is judged, and whatever grew.
import { setTimeout as delay } from 'node:timers/promises';
import type { Crowd } from '../support/crowd.js';
import { createRandom } from '../support/random.js';
import { until } from '../support/until.js';
import { fillForms, fillUp } from './fill.js';
import { read, type Reading } from './gauge.js';
import { createSender } from './mails.js';
import { setStage, type Stage } from './stage.js';
import { createStorm } from './storm.js';
import { readStores, type StoreFacts } from './stores.js';
import { createTally, type Tally } from './tally.js';
import { judgeStores, type Measured, type Row, rowsOf, sweepAndRead } from './verdict.js';
import { createVisitor } from './visitors.js';

export interface SoakOptions {
  minutes: number;
  seed: number;
  hubs: number;
  set: boolean;
  plant?: string | undefined;
  /** Told how it goes. */
  say: (line: string) => void;
}

export interface Report {
  rows: Row[];
  totals: [string, number][];
  failures: string[];
}

/** Senders and visitors that are at work at once. */
const SENDERS = 5;
const VISITORS_AT_ONCE = 12;
/** Between two calm points, milliseconds. */
const STORM_MS = [10_000, 16_000] as const;
/** Between two faults, milliseconds. */
const FAULT_MS = [300, 2_500] as const;
/** Until everything that was begun has come to rest, milliseconds: raw WebSockets that are gone without a word take longest. */
const REST_MS = 60_000;
/** What a log of a hub must not have. */
const ALARMS =
  /MaxListenersExceededWarning|UnhandledPromise|unhandled rejection|uncaught|a listener of the relay failed/i;

export async function soak(options: SoakOptions): Promise<Report> {
  const { say } = options;
  const random = createRandom(`soak/${options.seed}`);
  const tally = createTally();
  const failures: string[] = [];
  const fail = (what: string): void => {
    failures.push(what);
    say(`FAILURE: ${what}`);
  };
  const stage = await setStage({ random, hubs: options.hubs, set: options.set, plant: options.plant });
  let crowd: Crowd | undefined;
  try {
    say(`the log holds ${await fillUp(stage)} events; the ring of ${stage.steady.name} is full`);
    crowd = await stage.gather();
    await fillForms(stage);
    say('events of every form have been delivered; the run begins');
    const measured = await weather(stage, crowd, { random, tally, fail, ...options });
    say('judging the whole history');
    for (const { kind, what } of await crowd.judge()) fail(`${kind}: ${what}`);
    for (const watcher of crowd.watchers)
      tally.add(
        'events seen',
        watcher.stretches.reduce((sum, { seen }) => sum + seen.length, 0),
      );
    crowd.close();
    const stores = await sweepAndRead(stage, fail);
    judgeStores(stores, { stage, crowd, tally, fail });
    for (const defect of stage.hubs.defects) fail(defect);
    for (const { name, output } of stage.started) {
      const alarm = ALARMS.exec(output());
      if (alarm) fail(`${name} printed: ${output().slice(Math.max(0, alarm.index - 200), alarm.index + 400)}`);
    }
    const rows = rowsOf(measured, stage, options.minutes);
    for (const { who, what, verdict } of rows) {
      if (verdict === 'GROWS' || verdict === 'TOO MANY') failures.push(`${who}: ${what} ${verdict}`);
      if (verdict === '–' && who === stage.steady.name)
        failures.push(`${who}: ${what} was measured too seldom to judge; take more minutes`);
    }
    const totals: [string, number][] = [
      ...tally.counts,
      ...Object.entries(stores),
      ['hubs started', stage.started.length],
    ];
    return { rows, totals, failures };
  } finally {
    crowd?.close();
    await stage.end();
  }
}

/** Storm and calm in turns. */
async function weather(
  stage: Stage,
  crowd: Crowd,
  {
    random,
    tally,
    fail,
    minutes,
    say,
  }: SoakOptions & { random: ReturnType<typeof createRandom>; tally: Tally; fail: (what: string) => void },
): Promise<Measured> {
  const { hubs, mongo } = stage;
  const chooser = (who: string): (() => string) => {
    const own = random.fork(who);
    return () => own.pick(hubs.running).url;
  };
  const senders = await Promise.all(
    Array.from({ length: SENDERS }, (_, n) =>
      createSender({ url: chooser(`sender ${n}`), traffic: crowd.traffic, random: random.fork(`mails ${n}`), tally }),
    ),
  );
  const visitors = Array.from({ length: VISITORS_AT_ONCE }, (_, n) =>
    createVisitor({ url: chooser(`visitor ${n}`), random: random.fork(`visits ${n}`), tally, onDefect: fail }),
  );
  const storm = createStorm({ stage, crowd, random: random.fork('storm'), tally });
  const phases = random.fork('phases');
  let last = '';
  const measured: Measured = { hubs: new Map(), stores: [] };
  const began = performance.now();
  const now = (): number => (performance.now() - began) / 60_000;

  async function stormFor(ms: number): Promise<void> {
    const end = performance.now() + ms;
    const again = async (turn: () => Promise<unknown>): Promise<void> => {
      while (performance.now() < end) {
        await turn().catch((error: Error) => {
          fail(error.stack ?? error.message);
          return delay(1_000);
        });
      }
    };
    await Promise.all([
      ...senders.map((sender) => again(() => sender.turn())),
      ...visitors.map((visitor) => again(() => visitor.visit())),
      again(async () => {
        await delay(phases.between(...FAULT_MS));
        await storm.strike();
      }),
    ]);
  }

  async function calm(): Promise<void> {
    const barrier = await crowd.traffic.mail();
    const late = () =>
      crowd.watchers.filter(({ seenAt }) => seenAt(barrier.submission_ref) === undefined).map(({ name }) => name);
    await until(() => late().length === 0, REST_MS).catch(() =>
      fail(`a mail after the storm was not seen by ${late().join()}`),
    );

    let open = Number.NaN;
    const counted = async (): Promise<boolean> => {
      open = 0;
      for (const hub of hubs.running) open += await hub.metric('hub_connections');
      return open === crowd.watchers.length;
    };
    await until(counted, REST_MS).catch(() =>
      fail(`${crowd.watchers.length} clients are connected, and the hubs count ${open}`),
    );

    let stores: StoreFacts | undefined;
    const atRest = async (): Promise<boolean> => {
      stores = await readStores(mongo);
      return stores.outboxes === 0 && stores.events === stores.reserved && stores.items === stores.submissions;
    };
    await until(atRest, REST_MS).catch(() => fail(`the stores do not come to rest: ${JSON.stringify(stores)}`));

    for (const watcher of crowd.watchers) watcher.sleep();
    for (const hub of hubs.running) {
      try {
        const { reading, defects, timers } = await read(hub);
        for (const defect of defects) fail(defect);
        measured.hubs.set(hub, [...(measured.hubs.get(hub) ?? []), { at: now(), ...reading }]);
        if (hub === stage.steady) {
          say(`${now().toFixed(1)} min: ${wordsOf(reading)}`);
          last = timers;
        }
      } catch (error) {
        fail((error as Error).message);
      }
    }
    const { openCursors, connections } = await readStores(mongo);
    measured.stores.push({ at: now(), 'open cursors': openCursors, connections });
    for (const watcher of crowd.watchers) watcher.wake();
    tally.add('calm points');
  }

  await calm();
  while (now() < minutes) {
    await stormFor(phases.between(...STORM_MS));
    await calm();
  }
  say(`timers at the end: ${last}`);
  return measured;
}

const wordsOf = (reading: Reading): string =>
  Object.entries(reading)
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(1)}`)
    .join('; ');
