// From one event to every connection that shall see it: the filters that it passes, those of its rooms that are watched through them, one
// write per connection.
import type { Item } from '@workitem-hub/client/contract';
import { type LogEvent, itemBefore, itemOf } from '../eventlog/event.js';
import { type Indexed, createFilterIndex } from './filter-index.js';
import type { Audience } from './view.js';

/** A live stream, as the fan-out knows it. */
export interface Member {
  /** Gets the events of one batch, in order; the array is shared with every member that gets the same ones. */
  deliver(events: readonly LogEvent[]): void;
}

/** Members that see exactly the same: found once per event, however many they are. */
interface Group {
  filter: Indexed;
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

/** So many filters are rather asked one by one than looked up. */
const FEW = 32;

export interface FanOut {
  join(member: Member, audience: Audience): void;
  leave(member: Member, audience: Audience): void;
  /** Delivers a batch. Calls `onEvent` with the number of connections that each event goes to. */
  publish(events: readonly LogEvent[], onEvent?: (event: LogEvent, recipients: number) => void): void;
}

/** A filter, as often as different rooms are watched through it. */
interface Watched {
  indexed: Indexed;
  groups: number;
}

export function createFanOut(): FanOut {
  const index = createFilterIndex();
  const watched = new Map<string, Watched>();
  const groups = new Map<string, Group>();
  /** The groups of each room, by their filter: of a room only those are looked at whose filter an event passes. */
  const byRoom = new Map<string, Map<Indexed, Set<Group>>>();

  function publish(events: readonly LogEvent[], onEvent?: (event: LogEvent, recipients: number) => void): void {
    const touched: Group[] = [];
    const start = { next: null };
    for (const event of events) {
      const item = itemOf(event);
      if (!item) continue;
      const passed = passedIn(event.rooms, item, itemBefore(event));
      let recipients = 0;
      for (const room of event.rooms) {
        for (const group of groupsIn(room, passed)) {
          if (group.decided === event) continue;
          group.decided = event;
          if (group.pending === null) touched.push(group);
          group.pending = extend(group.pending, event, start);
          recipients += group.members.size;
        }
      }
      onEvent?.(event, recipients);
    }
    deliver(touched);
  }

  /** The filters that an item passes, of those in use in these rooms at least. */
  function passedIn(rooms: readonly string[], item: Item, before: Item | null): ReadonlySet<Indexed> {
    const used = rooms.flatMap((room) => byRoom.get(room) ?? []);
    const count = used.reduce((sum, byFilter) => sum + byFilter.size, 0);
    if (count > FEW) return index.passedBy(item, before);
    const filters = new Set(used.flatMap((byFilter) => [...byFilter.keys()]));
    return new Set([...filters].filter(({ predicate }) => predicate(item) || (before !== null && predicate(before))));
  }

  /** By whichever are fewer: the filters that the event passes anywhere, or those that the room has. */
  function* groupsIn(room: string, passed: ReadonlySet<Indexed>): Iterable<Group> {
    const byFilter = byRoom.get(room);
    if (!byFilter) return;
    if (passed.size < byFilter.size) {
      for (const filter of passed) yield* byFilter.get(filter) ?? [];
    } else {
      for (const [filter, there] of byFilter) if (passed.has(filter)) yield* there;
    }
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

  function watch({ filterKey, filter, predicate, sub }: Audience): Indexed {
    let one = watched.get(filterKey);
    if (!one) watched.set(filterKey, (one = { indexed: index.add(filter, predicate, sub), groups: 0 }));
    one.groups += 1;
    return one.indexed;
  }

  function unwatch({ filterKey }: Audience): void {
    const one = watched.get(filterKey);
    if (!one || --one.groups > 0) return;
    watched.delete(filterKey);
    index.remove(one.indexed);
  }

  return {
    join(member, audience) {
      let group = groups.get(audience.scope);
      if (!group) {
        group = { filter: watch(audience), members: new Set(), pending: null, decided: null };
        groups.set(audience.scope, group);
        for (const room of audience.rooms) enter(byRoom, room, group);
      }
      group.members.add(member);
    },
    leave(member, audience) {
      const group = groups.get(audience.scope);
      if (!group?.members.delete(member) || group.members.size > 0) return;
      groups.delete(audience.scope);
      for (const room of audience.rooms) depart(byRoom, room, group);
      unwatch(audience);
    },
    publish,
  };
}

type Rooms = Map<string, Map<Indexed, Set<Group>>>;

function enter(rooms: Rooms, room: string, group: Group): void {
  let byFilter = rooms.get(room);
  if (!byFilter) rooms.set(room, (byFilter = new Map()));
  const there = byFilter.get(group.filter);
  if (there) there.add(group);
  else byFilter.set(group.filter, new Set([group]));
}

function depart(rooms: Rooms, room: string, group: Group): void {
  const byFilter = rooms.get(room);
  const there = byFilter?.get(group.filter);
  there?.delete(group);
  if (there?.size === 0) byFilter?.delete(group.filter);
  if (byFilter?.size === 0) rooms.delete(room);
}
