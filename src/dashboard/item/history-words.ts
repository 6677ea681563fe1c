// Entries of a history in words.
import type { HistoryEntry } from './submission';

export interface Told {
  /** `null` for what nobody did. */
  who: string | null;
  /** What they did; begins in small letters where `who` stands before it. */
  what: string;
}

/** @param nameOf the name of a person by id: `You`, or what they are called */
export function wordsOf(
  entry: HistoryEntry,
  nameOf: (id: string) => string,
  statusOf: (status: string) => string,
): Told {
  const { action, by, before, after } = entry;
  const who = by === null ? null : nameOf(by);
  const object = (id: string): string => {
    const name = nameOf(id);
    return name === 'You' ? 'you' : name;
  };
  switch (action) {
    case 'created': {
      const to =
        after.assigned_to !== null ? `to ${object(after.assigned_to)}` : after.team ? `to team ${after.team}` : null;
      return { who: null, what: to ? `Came in, and went ${to}` : 'Came in' };
    }
    case 'claimed':
      return tell(who, before?.assigned_to === by ? 'began to work on it' : 'claimed it');
    case 'assigned':
    case 'released': {
      const holder = before?.assigned_to ?? null;
      const place = after.team === before?.team ? null : after.team ? `team ${after.team}` : 'the pool';
      if (after.assigned_to !== null && after.assigned_to !== holder) {
        const words = `assigned it to ${after.assigned_to === by ? 'themselves' : object(after.assigned_to)}`;
        return tell(who, place ? `${words}, in ${place}` : words);
      }
      if (after.assigned_to === holder) return tell(who, `moved it to ${place ?? 'where it was'}`);
      const words = holder === by || holder === null ? 'released it' : `took it back from ${object(holder)}`;
      return tell(who, place ? `${words}, to ${place}` : words);
    }
    case 'status_set':
      return tell(who, `set the status to ${statusOf(after.status)}`);
    default:
      return tell(who, 'changed it');
  }
}

const tell = (who: string | null, what: string): Told =>
  who === null ? { who, what: what.charAt(0).toUpperCase() + what.slice(1) } : { who, what };
