// Which rooms an item belongs to. Everything that decides who sees what comes down to this.
import { POOL, SUPERVISORS, teamRoom, underwriterRoom } from '../auth/principal.js';

/** Rooms of an item: its assignee's, else its team's, else everybody's; supervisors always. */
export function audienceOf(item: { assigned_to: string | null; team: string | null }): string[] {
  const own = item.assigned_to !== null ? underwriterRoom(item.assigned_to) : item.team ? teamRoom(item.team) : POOL;
  return [own, SUPERVISORS];
}
