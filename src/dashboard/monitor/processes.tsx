// The processes of the hub: who is connected to each, and how far each is behind the log.
import { useCallback, useMemo } from 'react';
import { formatAge, formatCount, formatFully, formatTime } from '../locale/format';
import type { HubWatch, Process } from './hub-watch';
import { SortedTable, type SortedColumn } from './sorted-table';
import style from './tables.module.css';

const RATE = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
/** A heartbeat comes every 5 s; one that is older has been missed. */
const LATE_MS = 8_000;
const NONE: readonly Process[] = [];

export function Processes({ watch: { stats, at, live } }: { watch: HubWatch }) {
  const rows = stats?.processes ?? NONE;
  // By the clock of the one that tells: that of this machine may be another.
  const now = Date.parse(rows.find(({ self }) => self)?.seen_at ?? '') || Date.now();
  const columns = useMemo<SortedColumn<Process>[]>(() => columnsAt(now), [now]);
  return (
    <section className={style.panel} aria-labelledby="processes-title">
      <header>
        <h2 id="processes-title">Processes</h2>
        {at !== null && !live && (
          <time className={style.quiet} dateTime={new Date(at).toISOString()}>
            as of {formatTime(at)}
          </time>
        )}
      </header>
      <SortedTable
        id="processes"
        label="Processes of the hub"
        rows={rows}
        columns={columns}
        keyOf={useCallback(({ id }: Process) => id, [])}
        by="name"
        empty="The hub has not told of its processes yet."
      />
    </section>
  );
}

function columnsAt(now: number): SortedColumn<Process>[] {
  const rate = (name: string, words: string): SortedColumn<Process> => ({
    name,
    words,
    numeric: true,
    value: ({ rates }) => rates[name] ?? 0,
    cell: ({ rates }) => RATE.format(rates[name] ?? 0),
  });
  return [
    {
      name: 'name',
      words: 'Process',
      value: ({ host, pid }) => `${host} ${pid}`,
      cell: ({ host, pid, id, self }) => (
        <span className={style.name} title={id}>
          <strong>{host}</strong>
          <small>
            pid {pid}
            {self && ' · answers this page'}
          </small>
        </span>
      ),
    },
    {
      name: 'state',
      words: 'State',
      value: ({ draining }) => (draining ? 1 : 0),
      cell: ({ draining }) =>
        draining ? <span className={style.draining}>Draining</span> : <span className={style.online}>Running</span>,
    },
    {
      name: 'connections',
      words: 'Connections',
      numeric: true,
      value: ({ connections }) => connections,
      cell: ({ connections }) => formatCount(connections),
    },
    {
      name: 'lag',
      words: 'Events behind',
      numeric: true,
      value: ({ lag }) => lag,
      cell: ({ lag }) => <span className={lag > 0 ? style.late : undefined}>{formatCount(lag)}</span>,
    },
    rate('events', 'Events /\u00a0s'),
    rate('deliveries', 'Deliveries /\u00a0s'),
    {
      name: 'up',
      words: 'Up for',
      numeric: true,
      value: ({ started_at: since }) => now - Date.parse(since),
      cell: ({ started_at: since }) => (
        <time dateTime={since} title={formatFully(since)}>
          {formatAge(since, now)}
        </time>
      ),
    },
    {
      name: 'seen',
      words: 'Last seen',
      numeric: true,
      value: ({ seen_at: seen }) => now - Date.parse(seen),
      cell: ({ seen_at: seen }) => {
        const age = formatAge(seen, now);
        const late = now - Date.parse(seen) > LATE_MS;
        return (
          <time dateTime={seen} className={late ? style.late : undefined}>
            {age === 'now' ? age : `${age} ago`}
          </time>
        );
      },
    },
  ];
}
