// Who could take an item, and how much they have: counted in the list that stands here, so it is as of now.
import type { Item } from '@workitem-hub/client';
import { isOpen } from '../queues/queue';
import { type Colleague, nameIn } from './people';

export interface Load {
  /** Open items. */
  open: number;
  /** Of these, in progress. */
  inProgress: number;
  /** Of these, waiting for information or a referral. */
  waiting: number;
}

export interface Candidate extends Load {
  id: string;
  name: string;
  teams: readonly string[];
  online: boolean;
}

const NONE: Load = { open: 0, inProgress: 0, waiting: 0 };

/** By holder. */
export function loads(items: readonly Item[]): Map<string, Load> {
  const all = new Map<string, Load>();
  for (const item of items) {
    if (item.assigned_to === null || !isOpen(item)) continue;
    const { open, inProgress, waiting } = all.get(item.assigned_to) ?? NONE;
    all.set(item.assigned_to, {
      open: open + 1,
      inProgress: inProgress + (item.status === 'in_progress' ? 1 : 0),
      waiting: waiting + (item.status === 'needs_info' || item.status === 'referred' ? 1 : 0),
    });
  }
  return all;
}

/** Underwriters: those of the team first, then whoever has least. */
export function candidatesOf(
  colleagues: ReadonlyMap<string, Colleague>,
  items: readonly Item[],
  team: string | null,
): Candidate[] {
  const load = loads(items);
  return [...colleagues.values()]
    .filter(({ roles }) => roles.includes('underwriter'))
    .map(({ id, teams, online }) => ({
      id,
      name: nameIn(colleagues, id),
      teams,
      online: online ?? false,
      ...(load.get(id) ?? NONE),
    }))
    .sort(
      (a, b) =>
        Number(team !== null && b.teams.includes(team)) - Number(team !== null && a.teams.includes(team)) ||
        a.open - b.open ||
        a.name.localeCompare(b.name),
    );
}

/** Teams by name, with what waits in each. */
export function teamsOf(
  colleagues: ReadonlyMap<string, Colleague>,
  items: readonly Item[],
): { team: string; unassigned: number }[] {
  const counts = new Map<string, number>([...colleagues.values()].flatMap(({ teams }) => teams.map((one) => [one, 0])));
  for (const item of items) {
    if (item.team === null) continue;
    const count = counts.get(item.team) ?? 0;
    counts.set(item.team, count + (item.assigned_to === null && isOpen(item) ? 1 : 0));
  }
  return [...counts].map(([team, unassigned]) => ({ team, unassigned })).sort((a, b) => (a.team < b.team ? -1 : 1));
}
