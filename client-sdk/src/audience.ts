// Who sees what (§ Tokens, roles, rooms of the protocol): items and people meet in rooms. Its only home: the hub decides by
// this rule, and a list knows by it what has left it.
import type { Item, Principal } from './contract.js';

export const POOL = 'pool';
export const SUPERVISORS = 'supervisors';
const underwriterRoom = (id: string): string => `underwriter:${id}`;
const teamRoom = (team: string): string => `team:${team}`;

/** Rooms of a principal, sorted; empty for one who may see no items. */
export function roomsOf({ sub, roles, teams }: Principal): string[] {
  const isUnderwriter = roles.includes('underwriter');
  const isSupervisor = roles.includes('supervisor') || roles.includes('admin');
  const rooms = [
    ...(isUnderwriter ? [underwriterRoom(sub), POOL, ...teams.map(teamRoom)] : []),
    ...(isSupervisor ? [SUPERVISORS] : []),
  ];
  return [...new Set(rooms)].sort();
}

/** Rooms of an item: its assignee's, else its team's, else everybody's; supervisors always. */
export function audienceOf({ assigned_to, team }: Pick<Item, 'assigned_to' | 'team'>): string[] {
  return [assigned_to !== null ? underwriterRoom(assigned_to) : team ? teamRoom(team) : POOL, SUPERVISORS];
}

/** Whether an item is in one of the rooms of a principal: the same rule without the rooms, for pages that count bytes. */
export function canSee(
  { sub, roles, teams }: Principal,
  { assigned_to, team }: Pick<Item, 'assigned_to' | 'team'>,
): boolean {
  if (roles.includes('supervisor') || roles.includes('admin')) return true;
  return roles.includes('underwriter') && (assigned_to === null ? !team || teams.includes(team) : assigned_to === sub);
}
