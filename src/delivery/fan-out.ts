// From one event to every connection that shall see it: audience ∩ rooms, then the filter, then one write per connection.
import { type LogEvent, itemBefore, itemOf } from '../eventlog/event.js';
import type { Audience } from './view.js';

/** A live stream, as the fan-out knows it. */
export interface Member {
  /** Gets the events of one batch, in order; the array is shared with every member that gets the same ones. */
  deliver(events: readonly LogEvent[]): void;
}

/** Members that see exactly the same: found once per event, however many they are. */
interface Group {
  audience: Audience;
  members: Set<Member>;
  /** What it gets of the batch that is being published. */
  pending: Share | null;
  /** The last event that was decided for this group, which several rooms may lead to. */
  decided: LogEvent | null;
}

/**
 * The events that groups get of one batch, from the last to the first. Groups with the same events hold the same object, and
 * so share one array and whatever transports encode for it.
 */
interface Share {
  event: LogEvent;
  before: Share | null;
  /** What became of it with the latest event added: there is one such at a time. */
  next: Share | null;
  events: readonly LogEvent[] | null;
}

/** @param start of those that begin with the event. */
function extend(share: Share | null, event: LogEvent, start: { next: Share | null }): Share {
  const from = share ?? start;
  if (from.next?.event !== event) from.next = { event, before: share, next: null, events: null };
  return from.next;
}

function eventsOf(share: Share): readonly LogEvent[] {
  if (share.events) return share.events;
  const events: LogEvent[] = [];
  for (let at: Share | null = share; at; at = at.before) events.push(at.event);
  share.events = events.reverse();
  return share.events;
}

export interface FanOut {
  join(member: Member, audience: Audience): void;
  leave(member: Member, audience: Audience): void;
  /** Delivers a batch. Calls `onEvent` with the number of connections that each event goes to. */
  publish(events: readonly LogEvent[], onEvent?: (event: LogEvent, recipients: number) => void): void;
}

export function createFanOut(): FanOut {
  const groups = new Map<string, Group>();
  const byRoom = new Map<string, Set<Group>>();

  function publish(events: readonly LogEvent[], onEvent?: (event: LogEvent, recipients: number) => void): void {
    const touched: Group[] = [];
    const start = { next: null };
    for (const event of events) {
      const item = itemOf(event);
      if (!item) continue;
      const before = itemBefore(event);
      const verdicts = new Map<string, boolean>();
      let recipients = 0;
      for (const room of event.rooms) {
        for (const group of byRoom.get(room) ?? []) {
          if (group.decided === event) continue;
          group.decided = event;
          const { filterKey, predicate } = group.audience;
          let passes = verdicts.get(filterKey);
          if (passes === undefined) {
            passes = predicate(item) || (before !== null && predicate(before));
            verdicts.set(filterKey, passes);
          }
          if (!passes) continue;
          if (group.pending === null) touched.push(group);
          group.pending = extend(group.pending, event, start);
          recipients += group.members.size;
        }
      }
      onEvent?.(event, recipients);
    }
    deliver(touched);
  }

  function deliver(touched: readonly Group[]): void {
    for (const group of touched) {
      if (group.pending === null) continue;
      const list = eventsOf(group.pending);
      group.pending = null;
      // A member that is cut while it is served leaves the set under the loop, which a Set allows.
      for (const member of group.members) member.deliver(list);
    }
  }

  return {
    join(member, audience) {
      let group = groups.get(audience.scope);
      if (!group) {
        group = { audience, members: new Set(), pending: null, decided: null };
        groups.set(audience.scope, group);
        for (const room of audience.rooms) {
          const there = byRoom.get(room);
          if (there) there.add(group);
          else byRoom.set(room, new Set([group]));
        }
      }
      group.members.add(member);
    },
    leave(member, audience) {
      const group = groups.get(audience.scope);
      if (!group?.members.delete(member) || group.members.size > 0) return;
      groups.delete(audience.scope);
      for (const room of audience.rooms) {
        const there = byRoom.get(room);
        there?.delete(group);
        if (there?.size === 0) byRoom.delete(room);
      }
    },
    publish,
  };
}
