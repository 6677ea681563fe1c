// Who sees what (§ Tokens, roles, rooms of the protocol): items and people meet in rooms. Its only home: the hub decides by
// this rule, and a list knows by it what has left it.
import type { Item, Principal } from './contract.js';

export const POOL = 'pool';
export const SUPERVISORS = 'supervisors';
const underwriterRoom = (id: string): string => `underwriter:${id}`;
const teamRoom = (team: string): string => `team:${team}`;

/** Rooms of a principal, sorted; empty for one who may see no items. */
export function roomsOf({ sub, roles, teams }: Principal): string[] {
  const rooms = new Set<string>();
  if (roles.includes('underwriter')) {
    rooms.add(underwriterRoom(sub)).add(POOL);
    for (const team of teams) rooms.add(teamRoom(team));
  }
  if (roles.includes('supervisor') || roles.includes('admin')) rooms.add(SUPERVISORS);
  return [...rooms].sort();
}

/** Rooms of an item: its assignee's, else its team's, else everybody's; supervisors always. */
export function audienceOf({ assigned_to, team }: Pick<Item, 'assigned_to' | 'team'>): string[] {
  return [assigned_to !== null ? underwriterRoom(assigned_to) : team ? teamRoom(team) : POOL, SUPERVISORS];
}

/** Whether an item is in one of the rooms of a principal. */
export function canSee(principal: Principal, item: Pick<Item, 'assigned_to' | 'team'>): boolean {
  const rooms = roomsOf(principal);
  return audienceOf(item).some((room) => rooms.includes(room));
}
