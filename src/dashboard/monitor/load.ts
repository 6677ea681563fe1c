// Who has how much, counted from the items that this desk holds: a supervisor's desk holds them all, and they are live.
import type { Item, Status } from '@workitem-hub/client';
import { isOpen } from '../queues/queue';

/** Open items by what is done with them: not begun, in work, or waiting for somebody else's answer. */
export interface Counts {
  open: number;
  pending: number;
  in_progress: number;
  awaiting: number;
}

export interface Load extends Counts {
  /** Open, for no team, and with nobody. */
  pool: number;
  /** Open, for a team, and with nobody. */
  inTeams: number;
  /** When the one arrived that has waited longest for somebody, ISO 8601; `null` when none waits. */
  oldest: string | null;
  /** When an item changed for the last time, open or not, ISO 8601; empty when there is none. */
  changed: string;
  people: ReadonlyMap<string, Counts>;
  /** By the name of the team; `null` for none. `free`: with nobody. */
  teams: ReadonlyMap<string | null, Counts & { free: number }>;
}

export const NO_LOAD: Counts = { open: 0, pending: 0, in_progress: 0, awaiting: 0 };

function add(counts: Counts, status: Status): void {
  counts.open++;
  counts[status === 'pending' || status === 'in_progress' ? status : 'awaiting']++;
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

export function loadOf(items: readonly Item[]): Load {
  const total = { ...NO_LOAD };
  const people = new Map<string, Counts>();
  const teams = new Map<string | null, Counts & { free: number }>();
  let pool = 0;
  let inTeams = 0;
  let oldest: string | null = null;
  let changed = '';
  for (const item of items) {
    if (item.updated_at > changed) changed = item.updated_at;
    if (!isOpen(item)) continue;
    const { assigned_to: holder, team, status, created_at: since } = item;
    const ofTeam = at(teams, team, () => ({ ...NO_LOAD, free: 0 }));
    add(total, status);
    add(ofTeam, status);
    if (holder !== null) {
      add(
        at(people, holder, () => ({ ...NO_LOAD })),
        status,
      );
      continue;
    }
    ofTeam.free++;
    if (team === null) pool++;
    else inTeams++;
    if (oldest === null || since < oldest) oldest = since;
  }
  return { ...total, pool, inTeams, oldest, changed, people, teams };
}

/** How many have arrived since a moment, milliseconds since 1970. */
export function arrivedSince(items: readonly Item[], since: number): number {
  const from = new Date(since).toISOString();
  return items.reduce((count, { created_at }) => (created_at >= from ? count + 1 : count), 0);
}
