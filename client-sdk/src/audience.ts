// Which items somebody sees: the hub's own rule (§ Tokens, roles, rooms of the protocol), for a list to know what has left it.
import type { Item, Principal } from './contract.js';

/** Tells whether an item is in one of the rooms of a principal. */
export function canSee({ sub, roles, teams }: Principal, { assigned_to, team }: Item): boolean {
  if (roles.includes('supervisor') || roles.includes('admin')) return true;
  if (!roles.includes('underwriter')) return false;
  if (assigned_to !== null) return assigned_to === sub;
  return team === null || teams.includes(team);
}
