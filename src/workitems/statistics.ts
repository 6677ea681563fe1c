// How the desk as a whole is doing: what comes in, how long it waits, who has how much. For those who hand out work.
import { type OpenStatus, type Statistics, type Status, STATUSES } from '@workitem-hub/client/contract';
import { isOpen } from '@workitem-hub/client/steps';
import type { Mongo } from '../mongo/connection.js';
import { whenAvailable } from '../mongo/unavailable.js';
import type { People } from './people.js';
import { workItems } from './work-item.js';

export interface StatisticsReader {
  /** At most some seconds old. @throws HubError `unavailable` */
  read(): Promise<Statistics>;
}

const HOUR_MS = 3_600_000;
const HOURS = 24;
const OPEN = STATUSES.filter((status): status is OpenStatus => isOpen(status));
/** Items are numbered at most so long before or after their time, milliseconds. */
const OUT_OF_TURN_MS = 60_000;
/** How long an answer is given again, milliseconds; and at least so many times what it took. */
const FRESH_MS = 5_000;
const FRESH_TIMES = 20;
/** Milliseconds that MongoDB may spend. */
const MAX_TIME_MS = 8_000;

export interface StatisticsOptions {
  mongo: Mongo;
  people: Pick<People, 'names'>;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export function createStatistics({ mongo, people, now = Date.now }: StatisticsOptions): StatisticsReader {
  const items = workItems.of(mongo);
  let last: { answer: Promise<Statistics>; until: number } | undefined;

  /** The lowest number of an item of that time or later. Numbers follow time, so no index on times is needed. */
  async function firstSince(time: Date): Promise<number> {
    const newest = await items.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } });
    let [low, high] = [1, (newest?._id ?? 0) + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const at = { sort: { _id: 1 }, projection: { created_at: 1 } } as const;
      const item = await items.findOne({ _id: { $gte: middle } }, at);
      if (item && item.created_at < time) low = item._id + 1;
      else high = middle;
    }
    return low;
  }

  /** What arrived in each hour, and the waits of what somebody took. */
  async function arrivals(since: Date): Promise<Map<string, Arrivals>> {
    const first = await firstSince(new Date(since.getTime() - OUT_OF_TURN_MS));
    const hadSomebody = { $gt: ['$$this.after.assigned_to', null] };
    const docs = items.aggregate<{ _id: Date; count: number; waits: number[] }>(
      [
        { $match: { _id: { $gte: first }, created_at: { $gte: since } } },
        { $project: { created_at: 1, taken: { $first: { $filter: { input: '$history', cond: hadSomebody } } } } },
        {
          $group: {
            _id: { $dateTrunc: { date: '$created_at', unit: 'hour' } },
            count: { $sum: 1 },
            // Of what somebody had from the start, as of what nobody took, there is none.
            waits: {
              $push: {
                $cond: [{ $gt: ['$taken.version', 1] }, { $subtract: ['$taken.at', '$created_at'] }, '$$REMOVE'],
              },
            },
          },
        },
      ],
      { maxTimeMS: MAX_TIME_MS },
    );
    const seconds = (ms: number): number => Math.max(0, Math.floor(ms / 1_000));
    return new Map(
      (await docs.toArray()).map(({ _id, count, waits }) => [
        _id.toISOString(),
        { count, waits: waits.map(seconds).sort((a, b) => a - b) },
      ]),
    );
  }

  /** Answered by an index alone. */
  async function holdings(): Promise<Holding[]> {
    const fields = { status: '$status', assigned_to: '$assigned_to', team: '$team' };
    const docs = items.aggregate<{ _id: Omit<Holding, 'count'>; count: number }>(
      [{ $match: { status: { $in: [...STATUSES] } } }, { $group: { _id: fields, count: { $sum: 1 } } }],
      { hint: { status: 1, assigned_to: 1, team: 1 }, maxTimeMS: MAX_TIME_MS },
    );
    return (await docs.toArray()).map(({ _id, count }) => ({ ..._id, count }));
  }

  async function compute(time: number): Promise<Statistics> {
    const present = Math.floor(time / HOUR_MS) * HOUR_MS;
    const starts = Array.from({ length: HOURS }, (_, i) => present - (HOURS - 1 - i) * HOUR_MS);
    const [arrived, held] = await Promise.all([arrivals(new Date(starts[0] as number)), holdings()]);
    const hours = starts.map((start) => new Date(start).toISOString());
    const waits = [...arrived.values()].flatMap((one) => one.waits).sort((a, b) => a - b);
    const open = held.filter(({ status }) => isOpen(status));
    return {
      as_of: new Date(time).toISOString(),
      arrivals: hours.map((hour) => ({ hour, count: arrived.get(hour)?.count ?? 0 })),
      time_to_claim: {
        median_s: quantile(waits, 0.5),
        p90_s: quantile(waits, 0.9),
        count: waits.length,
        per_hour: hours.map((hour) => ({ hour, median_s: quantile(arrived.get(hour)?.waits ?? [], 0.5) })),
      },
      load: { people: await loadOfPeople(open), teams: loadOfTeams(open) },
      statuses: countsOf(STATUSES, held),
    };
  }

  async function loadOfPeople(open: Holding[]): Promise<Statistics['load']['people']> {
    const held = open.filter(({ assigned_to }) => assigned_to !== null);
    const groups = [...groupBy(held, ({ assigned_to }) => assigned_to as string)];
    const names = await people.names(groups.map(([id]) => id));
    return groups
      .map(([id, group]) => ({ id, name: names.get(id) ?? null, open: sum(group), ...countsOf(OPEN, group) }))
      .sort((a, b) => b.open - a.open || (a.id < b.id ? -1 : 1));
  }

  return {
    read() {
      const asked = performance.now();
      if (last && asked < last.until) return last.answer;
      const answer = whenAvailable(() => compute(now()));
      // Whoever asks meanwhile gets the same answer.
      const current = { answer, until: Number.POSITIVE_INFINITY };
      last = current;
      answer.then(
        () => {
          const done = performance.now();
          current.until = done + Math.max(FRESH_MS, FRESH_TIMES * (done - asked));
        },
        () => {
          current.until = 0;
        },
      );
      return answer;
    },
  };
}

interface Arrivals {
  count: number;
  /** Seconds, ascending. */
  waits: number[];
}

interface Holding {
  status: Status;
  assigned_to: string | null;
  team: string | null;
  count: number;
}

const sum = (some: readonly { count: number }[]): number => some.reduce((total, { count }) => total + count, 0);

function groupBy<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

function countsOf<S extends Status>(statuses: readonly S[], held: readonly Holding[]): Record<S, number> {
  const counts = statuses.map((status) => [status, sum(held.filter((one) => one.status === status))]);
  return Object.fromEntries(counts) as Record<S, number>;
}

function loadOfTeams(open: Holding[]): Statistics['load']['teams'] {
  return [...groupBy(open, ({ team }) => team)]
    .map(([team, group]) => ({ team, open: sum(group), ...countsOf(['pending'], group) }))
    .sort((a, b) => b.open - a.open || ((a.team ?? '') < (b.team ?? '') ? -1 : 1));
}

/** The shortest of the sorted waits that a share of them does not exceed. */
function quantile(waits: readonly number[], share: number): number | null {
  return waits[Math.ceil(share * waits.length) - 1] ?? null;
}
