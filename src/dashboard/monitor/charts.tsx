// What came in and how long it waited, hour by hour.
import type { Statistics } from '@workitem-hub/client';
import { useMemo } from 'react';
import { formatCount, formatTime } from '../locale/format';
import { Chart } from './chart';
import { formatDuration } from './duration';
import type { Polled } from './polled';
import { Trouble } from './trouble';
import style from './charts.module.css';

const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000];
const SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];
const items = (count: number): string => `${formatCount(count)} ${count === 1 ? 'item' : 'items'}`;

export function Charts({ statistics: { value, trouble, retry } }: { statistics: Polled<Statistics> }) {
  const arrivals = useMemo(() => value?.arrivals.map(({ hour, count }) => ({ hour, value: count })) ?? [], [value]);
  const claims = useMemo(
    () => value?.time_to_claim.per_hour.map(({ hour, median_s }) => ({ hour, value: median_s })) ?? [],
    [value],
  );
  return (
    <section className={style.section} aria-labelledby="charts-title" data-loaded={value !== null || undefined}>
      <header className={style.head}>
        <h2 id="charts-title">The last 24 hours</h2>
        {value && (
          <time dateTime={value.as_of} id="charts-as-of">
            as of {formatTime(Date.parse(value.as_of))}
          </time>
        )}
      </header>
      <Trouble
        words={value ? 'There are no newer figures' : 'The figures cannot be had'}
        trouble={trouble}
        retry={retry}
      />
      {value === null ? (
        trouble === null && <p className={style.waiting}>One moment …</p>
      ) : (
        <div className={style.charts}>
          <Chart
            title="Arrivals per hour"
            summary={`${items(arrivals.reduce((sum, one) => sum + one.value, 0))} in all`}
            points={arrivals}
            format={formatCount}
            words={items}
            none="0 items"
            empty="Nothing has arrived in this time."
            kind="bars"
            colour="--accent"
            steps={COUNTS}
            top={4}
          />
          <Chart
            title="Time to claim, median"
            summary={claimSummary(value)}
            points={claims}
            format={formatDuration}
            words={formatDuration}
            none="nothing claimed"
            empty="Nobody has claimed anything in this time."
            kind="line"
            colour="--blue"
            steps={SECONDS}
            top={10}
          />
        </div>
      )}
    </section>
  );
}

function claimSummary({ time_to_claim: { p90_s, count } }: Statistics): string {
  if (p90_s === null) return 'none claimed';
  return `${formatCount(count)} claimed, nine in ten within ${formatDuration(p90_s)}`;
}
