// The figures at the top: how the desk stands at this moment.
import type { Statistics } from '@workitem-hub/client';
import type { ReactNode } from 'react';
import { formatCount } from '../locale/format';
import { Age } from '../table/cells';
import { formatDuration } from './duration';
import type { HubStats } from './hub-watch';
import type { Load } from './load';
import style from './figures.module.css';

export interface FiguresProps {
  /** How many people are there; `null` while it is not known, like all the rest. */
  online: number | null;
  stats: HubStats | null;
  load: Load | null;
  statistics: Statistics | null;
  arrivedLastHour: number | null;
}

export function Figures({ online, stats, load, statistics, arrivedLastHour }: FiguresProps) {
  const claim = statistics?.time_to_claim;
  return (
    <dl className={style.figures}>
      <Figure name="online" words="Online now" value={online}>
        {stats && (
          <>
            {plural(stats.connections.total, 'connection')} to {plural(stats.processes.length, 'process', 'processes')}
          </>
        )}
      </Figure>
      <Figure name="open" words="Open items" value={load?.open ?? null}>
        {load && (
          <>
            {formatCount(load.in_progress)} in progress, {formatCount(load.awaiting)} awaiting
          </>
        )}
      </Figure>
      <Figure name="pool" words="Waiting in the pool" value={load?.pool ?? null}>
        {load && (
          <>
            {formatCount(load.inTeams)} more in teams
            {load.oldest !== null && (
              <>
                , oldest <Age since={load.oldest} />
              </>
            )}
          </>
        )}
      </Figure>
      <Figure
        name="claim"
        words="Time to claim, median"
        value={claim ? (claim.median_s === null ? '–' : formatDuration(claim.median_s)) : null}
      >
        {claim && (claim.count === 0 ? 'none claimed in 24 hours' : `${formatCount(claim.count)} claimed in 24 hours`)}
      </Figure>
      <Figure name="arrivals" words="Arrivals, last hour" value={arrivedLastHour}>
        {statistics && <>{formatCount(statistics.arrivals.reduce((sum, { count }) => sum + count, 0))} in 24 hours</>}
      </Figure>
    </dl>
  );
}

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

function Figure(props: { name: string; words: string; value: number | string | null; children: ReactNode }) {
  const { name, words, value, children } = props;
  return (
    <div className={style.figure} data-figure={name}>
      <dt>{words}</dt>
      <dd className={style.value}>
        {value === null ? (
          <span className={style.pending}>…</span>
        ) : typeof value === 'number' ? (
          formatCount(value)
        ) : (
          value
        )}
      </dd>
      <dd className={style.about}>{children || ' '}</dd>
    </div>
  );
}
