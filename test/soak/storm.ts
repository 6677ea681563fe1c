// Faults at random moments, each undone before it returns. The steady hub lives through all of them.
import { setTimeout as delay } from 'node:timers/promises';
import type { Mortal } from '../faults/servers.js';
import { type Hub, linkOf } from '../faults/hubs.js';
import type { Crowd } from '../support/crowd.js';
import type { Random } from '../support/random.js';
import type { Stage } from './stage.js';
import type { Tally } from './tally.js';

export interface StormOptions {
  stage: Stage;
  crowd: Crowd;
  random: Random;
  tally: Tally;
}

/** How long a hub or a server stands still at most, milliseconds: less than what ends the connections of a heartbeat. */
const PAUSE_MS = 2_000;
const CUT_OFF_MS = 1_500;
/** As the stage sets the heartbeat, a silent client has been given up by then. */
const HEARTBEATS_MS = 8_000;

export function createStorm({ stage, crowd, random, tally }: StormOptions): { strike(): Promise<void> } {
  const { hubs, steady, redis } = stage;
  const anyHub = (): Hub => random.pick(hubs.running);
  const victim = (): Hub => random.pick(hubs.running.filter((hub) => hub !== steady));
  const moment = (most: number): Promise<void> => delay(random.between(50, most));
  const database = async (): Promise<Mortal> =>
    stage.mongod ?? (await stage.set?.primary()) ?? Promise.reject(new Error('no database'));

  async function stood(one: Pick<Mortal, 'pause' | 'resume'>): Promise<void> {
    one.pause();
    await moment(PAUSE_MS);
    one.resume();
  }

  async function restarted(one: Pick<Mortal, 'kill' | 'start'>): Promise<void> {
    await one.kill();
    await moment(CUT_OFF_MS);
    await one.start();
  }

  async function replaced(how: 'kill' | 'stop'): Promise<void> {
    await victim()[how]();
    await moment(CUT_OFF_MS);
    await hubs.start();
  }

  const link = (hub: Hub): ReturnType<typeof linkOf> => {
    const names = (['mongo', 'redis', 'door'] as const).filter((name) => hub.links[name]);
    return linkOf(hub, random.pick(names));
  };

  const faults: [number, string, () => Promise<unknown>][] = [
    [3, 'hub killed', () => replaced('kill')],
    [2, 'hub stopped and replaced', () => replaced('stop')],
    [2, 'hub stood still', () => stood(anyHub())],
    [1, 'mongod killed', async () => restarted(await database())],
    [2, 'mongod stood still', async () => stood(await database())],
    [2, 'Redis killed', () => restarted(redis)],
    [1, 'Redis stood still', () => stood(redis)],
    [1, 'Redis flushed', () => redis.command(['FLUSHALL'])],
    [4, 'connections cut', async () => link(anyHub()).cut()],
    [
      2,
      'network silent for a while',
      async () => {
        const one = link(anyHub());
        one.freeze();
        await moment(CUT_OFF_MS);
        one.thaw();
      },
    ],
    [
      2,
      'connects refused for a while',
      async () => {
        const one = link(anyHub());
        one.forbid();
        one.cut();
        await moment(CUT_OFF_MS);
        one.allow();
      },
    ],
    [
      2,
      'network slow for a while',
      async () => {
        const one = link(anyHub());
        one.slow({ delayMs: random.between(5, 80), bytesPerSecond: 400_000 });
        await moment(PAUSE_MS);
        one.slow({});
      },
    ],
    [
      1,
      'connections half open',
      async () => {
        // Clients are gone without a word: the hub finds out by itself. They find out afterwards.
        const one = linkOf(anyHub(), 'door');
        one.strand();
        await delay(HEARTBEATS_MS);
        one.cut();
      },
    ],
    [
      3,
      'watchers dropped',
      async () => {
        for (const one of crowd.watchers) if (random.chance(0.4)) one.drop();
      },
    ],
    [
      2,
      'watchers asleep',
      async () => {
        const some = crowd.watchers.filter(() => random.chance(0.4));
        for (const one of some) one.sleep();
        await moment(PAUSE_MS);
        for (const one of some) one.wake();
      },
    ],
  ];
  const lots = faults.flatMap(([weight, name, strike]) => Array.from({ length: weight }, () => ({ name, strike })));

  return {
    async strike() {
      const { name, strike } = random.pick(lots);
      tally.add(`faults: ${name}`);
      await strike();
    },
  };
}
