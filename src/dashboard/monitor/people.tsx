// Everybody who works here: who is there, how much each has, and what an admin can do about their sessions.
import type { Person } from '@workitem-hub/client';
import { useCallback, useMemo, useState } from 'react';
import { useHubClock } from '../locale/clock';
import { formatAge, formatCount, formatFully } from '../locale/format';
import { type Counts, type Load, NO_LOAD } from './load';
import { ListLink } from './list-link';
import { LoadBar, LoadLegend } from './load-bar';
import { PersonActions, type PersonAct } from './person-actions';
import type { Polled } from './polled';
import { SortedTable, type SortedColumn } from './sorted-table';
import { Trouble } from './trouble';
import style from './tables.module.css';

interface Row {
  id: string;
  name: string;
  /** `null` for somebody who has work and has never signed in. */
  person: Person | null;
  counts: Counts;
}

export interface PeopleProps {
  people: Polled<Person[]>;
  load: Load | null;
  /** What may be done with the sessions of others; `null` for who may nothing. */
  act: PersonAct | null;
}

export function People({ people: { value, trouble, retry }, load, act }: PeopleProps) {
  const [all, setAll] = useState(false);
  const rows = useMemo(() => rowsOf(value ?? [], load), [value, load]);
  const busy = useMemo(() => rows.filter(({ person, counts }) => person?.online || counts.open > 0), [rows]);
  const shown = all ? rows : busy;
  const most = Math.max(0, ...rows.map(({ counts }) => counts.open));

  const columns = useMemo<SortedColumn<Row>[]>(() => {
    const count = (name: keyof Counts, words: string): SortedColumn<Row> => ({
      name,
      words,
      numeric: true,
      value: ({ counts }) => counts[name],
      cell: ({ counts }) => formatCount(counts[name]),
    });
    return [
      { name: 'name', words: 'Person', value: ({ name }) => name, cell: (row) => <Name {...row} /> },
      {
        name: 'presence',
        words: 'Presence',
        // Who is there before who was there last.
        value: ({ person }) => (person?.online ? '~' : (person?.last_seen ?? '')),
        cell: ({ person }) => <Presence person={person} />,
      },
      {
        name: 'open',
        words: 'Open',
        numeric: true,
        value: ({ counts }) => counts.open,
        cell: ({ counts }) => <LoadBar counts={counts} most={most} />,
      },
      count('pending', 'To start'),
      count('in_progress', 'In progress'),
      count('awaiting', 'Awaiting'),
      ...(act
        ? [{ name: 'acts', words: 'Sessions', cell: (row: Row) => <PersonActions person={row.person} act={act} /> }]
        : []),
    ];
  }, [most, act]);

  return (
    <section className={style.panel} aria-labelledby="people-title">
      <header>
        <h2 id="people-title">People</h2>
        <LoadLegend />
        <div className={style.choice} role="group" aria-label="Which people">
          <button type="button" aria-pressed={!all} onClick={() => setAll(false)}>
            Online or with work <span>{formatCount(busy.length)}</span>
          </button>
          <button type="button" aria-pressed={all} onClick={() => setAll(true)}>
            All <span>{formatCount(rows.length)}</span>
          </button>
        </div>
      </header>
      <Trouble
        words={value ? 'Who is online is not known at the moment' : 'The people cannot be had'}
        trouble={trouble}
        retry={retry}
      />
      <SortedTable
        id="people"
        label="People and their load"
        rows={shown}
        columns={columns}
        keyOf={useCallback(({ id }: Row) => id, [])}
        by="open"
        empty={value === null ? 'One moment …' : 'Nobody is online, and nobody has open work.'}
      />
    </section>
  );
}

function rowsOf(people: readonly Person[], load: Load | null): Row[] {
  const known = new Set(people.map(({ id }) => id));
  const strangers = [...(load?.people.keys() ?? [])].filter((id) => !known.has(id));
  const countsOf = (id: string): Counts => load?.people.get(id) ?? NO_LOAD;
  return [
    ...people.map((person) => ({
      id: person.id,
      name: person.name ?? person.id,
      person,
      counts: countsOf(person.id),
    })),
    ...strangers.map((id) => ({ id, name: id, person: null, counts: countsOf(id) })),
  ];
}

function Name({ name, id, person }: Row) {
  const about = [
    ...(person?.roles ?? []).filter((role) => role !== 'underwriter'),
    ...(person?.teams ?? []),
    ...(name === id ? [] : [id]),
  ];
  return (
    <span className={style.name} title={id}>
      <ListLink of={{ assigned: `@${id}` }}>{name}</ListLink>
      {about.length > 0 && <small>{about.join(' · ')}</small>}
    </span>
  );
}

function Presence({ person }: { person: Person | null }) {
  if (person?.online) return <span className={style.online}>Online</span>;
  if (!person?.last_seen) return <span className={style.quiet}>Never here</span>;
  return <LastSeen at={person.last_seen} />;
}

function LastSeen({ at }: { at: string }) {
  const age = useHubClock((now) => formatAge(at, now));
  return (
    <time className={style.quiet} dateTime={at} title={formatFully(at)}>
      {age === 'now' ? 'Just now' : `${age} ago`}
    </time>
  );
}
