// How much there is for each team, and how much of it waits for somebody to take it.
import { useCallback, useMemo } from 'react';
import { formatCount } from '../locale/format';
import type { Counts, Load } from './load';
import { ListLink } from './list-link';
import { LoadBar } from './load-bar';
import { SortedTable, type SortedColumn } from './sorted-table';
import style from './tables.module.css';

interface Row {
  team: string | null;
  counts: Counts & { free: number };
}

export function Teams({ load }: { load: Load | null }) {
  const rows = useMemo(() => [...(load?.teams ?? [])].map(([team, counts]) => ({ team, counts })), [load]);
  const most = Math.max(0, ...rows.map(({ counts }) => counts.open));
  const columns = useMemo<SortedColumn<Row>[]>(
    () => [
      {
        name: 'team',
        words: 'Team',
        value: ({ team }) => team ?? '',
        cell: ({ team }) => (
          <span className={style.name} title={team ?? undefined}>
            {team === null ? <em>No team</em> : <ListLink of={{ teams: [team] }}>{team}</ListLink>}
          </span>
        ),
      },
      {
        name: 'open',
        words: 'Open',
        numeric: true,
        value: ({ counts }) => counts.open,
        cell: ({ counts }) => <LoadBar counts={counts} most={most} />,
      },
      {
        name: 'free',
        words: 'Unassigned',
        numeric: true,
        value: ({ counts }) => counts.free,
        cell: ({ counts }) => formatCount(counts.free),
      },
    ],
    [most],
  );
  return (
    <section className={style.panel} aria-labelledby="teams-title">
      <header>
        <h2 id="teams-title">Teams</h2>
      </header>
      <SortedTable
        id="teams"
        label="Teams and their load"
        rows={rows}
        columns={columns}
        keyOf={useCallback(({ team }: Row) => team ?? '', [])}
        by="open"
        empty={load === null ? 'One moment …' : 'Nothing is open.'}
      />
    </section>
  );
}
