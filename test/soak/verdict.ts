// The end of a long run: what is left in the stores, and what grew.
import type { Hub } from '../faults/hubs.js';
import type { Crowd } from '../support/crowd.js';
import { until } from '../support/until.js';
import { BOUNDS, type Quantity, type Reading } from './gauge.js';
import type { Stage } from './stage.js';
import { readStores, type StoreFacts } from './stores.js';
import type { Tally } from './tally.js';
import { type Bound, type Point, type Trend, trendOf } from './trend.js';
import { VISITORS } from './visitors.js';

export interface Row extends Trend {
  who: string;
  what: string;
  /** At the first calm point of all. */
  first: number;
  points: number;
  bound: Bound;
}

export interface Measured {
  hubs: Map<Hub, (Reading & { at: number })[]>;
  stores: (Record<keyof typeof STORE_BOUNDS, number> & { at: number })[];
}

/** By so much the clock of the hub is ahead that comes last: what is an hour old for it is deleted, if nobody refers to it. */
const AHEAD_MS = 2 * 3_600_000;
/** Of the stores, at calm points. */
const STORE_BOUNDS = {
  'open cursors': { perMinute: 1, noise: 5, most: 100 },
  connections: { perMinute: 2, noise: 12, most: 200 },
} as const satisfies Record<string, Bound>;
/** A hub whose clock is ahead finds every orphan old enough: what is there when it has swept, should be there. */
export async function sweepAndRead(stage: Stage, fail: (what: string) => void): Promise<StoreFacts> {
  const { orphans, looseChunks } = await readStores(stage.mongo);
  const sweeper = await stage.hubs.start({ skewMs: AHEAD_MS });
  let left: StoreFacts = await readStores(stage.mongo);
  const swept = async (): Promise<boolean> => {
    left = await readStores(stage.mongo);
    return left.orphans === 0 && left.looseChunks === 0;
  };
  await until(swept, 30_000).catch(() =>
    fail(`the sweep leaves ${left.orphans} files and ${left.looseChunks} loose chunks`),
  );
  await sweeper.stop();
  // Those that there were are told; those that there are, were judged.
  return { ...left, orphans, looseChunks };
}

/** Documents against what was done. */
export function judgeStores(
  stores: StoreFacts,
  { stage, crowd, tally, fail }: { stage: Stage; crowd: Crowd; tally: Tally; fail: (what: string) => void },
): void {
  const atMost = (what: keyof StoreFacts, most: number): void => {
    if (stores[what] > most) fail(`${stores[what]} documents: ${what}; at most ${most} were expected`);
  };
  if (stores.files !== stores.named)
    fail(`submissions name ${stores.named} files, and ${stores.files} of them are there`);
  atMost('nodes', stage.started.length);
  // Three underwriters and a supervisor of the crowd; an officer of each kind among the visitors.
  atMost('people', VISITORS.people + 6);
  atMost('cursors', VISITORS.cursors);
  const refused = crowd.traffic.commands.filter(({ version }) => version === null).length;
  atMost('commandAnswers', refused + tally.of('commands of visitors'));
  atMost('revocations', tally.of('revocations'));
}

/** Judged is the second half, and of the heap only that of the hub whose ring is full. */
export function rowsOf({ hubs, stores }: Measured, stage: Stage, minutes: number): Row[] {
  const rowOf = (who: string, what: string, all: readonly Point[], bound: Bound): Row => {
    const points = all.filter(({ at }) => at >= minutes / 2);
    return { who, what, first: all[0]?.value ?? 0, points: points.length, bound, ...trendOf(points, bound) };
  };
  const pointsOf = <K extends string>(readings: readonly (Record<K, number> & { at: number })[], what: K): Point[] =>
    readings.map((reading) => ({ at: reading.at, value: reading[what] }));
  const judged = [...hubs].filter(([hub]) => stage.hubs.running.includes(hub));
  return [
    ...judged.flatMap(([hub, readings]) =>
      (Object.keys(BOUNDS) as Quantity[])
        .filter((what) => hub === stage.steady || !what.endsWith('MiB'))
        .map((what) => rowOf(hub.name, what, pointsOf(readings, what), BOUNDS[what])),
    ),
    ...(Object.keys(STORE_BOUNDS) as (keyof typeof STORE_BOUNDS)[]).map((what) =>
      rowOf('mongod', what, pointsOf(stores, what), STORE_BOUNDS[what]),
    ),
  ];
}
