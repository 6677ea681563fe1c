// What tabs were told, held against the log: the only truth is what the hub has stored.
import type { Filter, Item } from '@workitem-hub/client/contract';
import { compileFilter } from '@workitem-hub/client/filter';
import { scopeOf } from '../../src/delivery/scope.js';
import type { EventDocument } from '../../src/eventlog/event.js';
import type { LogFacts } from '../support/log-process.js';
import type { Entry, Tab, Told } from './tab.js';

/** An event of the log that concerns an item. */
interface Logged {
  seq: number;
  key: string;
  rooms: readonly string[];
  sides: Item[];
}

type Shows = (event: Logged) => boolean;

/** Views that somebody may have had, by their scope. */
export function viewsOf(tab: Tab, teams: readonly (readonly string[])[], filters: readonly (Filter | null)[]) {
  const views = new Map<string, Shows>();
  const { sub, roles } = tab.person;
  for (const some of teams) {
    const rooms = [
      ...(roles.includes('underwriter') ? [`underwriter:${sub}`, ...some.map((team) => `team:${team}`), 'pool'] : []),
      ...(roles.includes('supervisor') ? ['supervisors'] : []),
    ];
    for (const filter of filters) {
      const passes = compileFilter(filter, sub);
      views.set(
        scopeOf(rooms, filter, sub),
        (event) => event.rooms.some((room) => rooms.includes(room)) && event.sides.some(passes),
      );
    }
  }
  return views;
}

export function loggedOf(events: readonly EventDocument[]): Logged[] {
  return events.flatMap(({ _id, item, version, type, data, before, rooms }) => {
    if (item === undefined) return [];
    const after = type === 'new_workitem' ? (data as Item) : (data as { item: Item }).item;
    return [{ seq: _id, key: `${item}:${version}`, rooms, sides: before ? [after, { ...after, ...before }] : [after] }];
  });
}

/** Everything that a tab should not have been told, or should have been told and was not, in words. */
export function faultsOfTab(tab: Tab, log: readonly Logged[], views: ReadonlyMap<string, Shows>): string[] {
  const lives = new Map<number, Entry[]>();
  for (const entry of tab.entries) lives.set(entry.life, [...(lives.get(entry.life) ?? []), entry]);
  return [
    ...tab.faults,
    ...Array.from(lives.values()).flatMap((entries) => faultsOfLife(entries, log, views)),
    ...(tab.consumes ? faultsOfWork(tab.entries, log, Array.from(views.values())[0] as Shows) : []),
  ].map((fault) => `${tab.person.sub}${tab.consumes ? ' at work' : ''}: ${fault}`);
}

/** A running client: each event of its view once, in order, none missed but those that were told as missed. */
function faultsOfLife(entries: readonly Entry[], log: readonly Logged[], views: ReadonlyMap<string, Shows>): string[] {
  const faults: string[] = [];
  let last: { seq: number; scope: string; index: number } | null = null;
  entries.forEach((entry, index) => {
    if (entry.kind !== 'event' && entry.kind !== 'begins') return;
    const { seq, scope } = entry;
    if (entry.kind === 'event') {
      if (last && seq <= last.seq) faults.push(`life ${entry.life}: ${seq} came after ${last.seq}`);
      const event = log.find((one) => one.seq === seq);
      if (event?.key !== `${entry.id}:${entry.version}`) faults.push(`life ${entry.life}: ${seq} is not in the log`);
      // While a change of the filter is under way nobody knows which one it is.
      const shows = views.get(scope);
      if (!shows && !scope.endsWith('?')) faults.push(`life ${entry.life}: ${seq} came in the unknown view ${scope}`);
      if (event && shows && !shows(event))
        faults.push(`life ${entry.life}: ${seq} (${event.key}) is not for this view`);
    }
    const [from, shows] = [last, views.get(scope)];
    if (from?.scope === scope && shows && !entries.slice(from.index, index).some(({ kind }) => kind === 'filter')) {
      const lost = log.filter((one) => one.seq > from.seq && one.seq < seq && shows(one));
      if (lost.length > 0 && !wasTold(entries, from.index, index)) {
        faults.push(`life ${entry.life}: ${lost.map((one) => `${one.seq} (${one.key})`).join(' ')} never came`);
      }
    }
    last = { seq, scope, index };
  });
  return faults;
}

/** Whether a hole between two entries was told: by a report between them, or by the next one, if the tab lived to hear it. */
function wasTold(entries: readonly Entry[], from: number, to: number): boolean {
  const reports = entries.map((entry) => (entry.kind === 'caught_up' ? entry.missed : null));
  if (reports.slice(from, to).includes(true)) return true;
  const [next, entry] = [reports.slice(to).find((missed) => missed !== null), entries[to]];
  return next ?? (entry?.kind === 'event' && entry.behind);
}

/** Work: in order within a life, nothing missed across all of them, and no position kept before what lies under it was done. */
function faultsOfWork(entries: readonly Entry[], log: readonly Logged[], shows: Shows): string[] {
  const faults: string[] = [];
  const start = entries.find(({ kind }) => kind === 'begins' || kind === 'finished') as { seq: number } | undefined;
  if (!start) return ['did nothing'];
  const due = log.filter((one) => one.seq > start.seq && shows(one));
  const done = new Set<number>();
  /** Everything up to here was finished, or told as missed. */
  const accounted = new Set<number>();
  let life = -1;
  let last = 0;
  let missed = false;
  for (const entry of entries) {
    if (entry.life !== life) [life, last] = [entry.life, 0];
    if (entry.kind === 'missed') missed = true;
    // What a report stands for lies before the event that follows it, or the position that was kept behind it.
    if (missed && (entry.kind === 'finished' || entry.kind === 'kept')) {
      for (const { seq } of due)
        if (seq < entry.seq || (seq === entry.seq && entry.kind === 'kept')) accounted.add(seq);
      missed = false;
    }
    if (entry.kind === 'finished') {
      if (entry.seq <= last) faults.push(`life ${life}: worked on ${entry.seq} after ${last}`);
      last = entry.seq;
      done.add(entry.seq);
      accounted.add(entry.seq);
    }
    if (entry.kind === 'kept') {
      const open = due.filter(({ seq }) => seq <= entry.seq && !accounted.has(seq));
      if (open.length > 0) faults.push(`life ${life}: kept ${entry.seq} while ${open[0]?.seq} was not done`);
    }
  }
  const lost = due.filter(({ seq }) => !accounted.has(seq));
  if (lost.length > 0) faults.push(`${lost.map(({ seq, key }) => `${seq} (${key})`).join(' ')} was never worked on`);
  return faults;
}

/** Commands: applied once at most, and as their callers were told. */
export function faultsOfCommands(told: readonly Told[], { items }: LogFacts): string[] {
  const applied = new Map<string, number[]>();
  for (const { history } of items) {
    for (const { command_id: id, version } of history) if (id) applied.set(id, [...(applied.get(id) ?? []), version]);
  }
  return told.flatMap(({ commandId, kind, by, id, outcome }) => {
    const made = applied.get(commandId) ?? [];
    const what = `${kind} of ${id} by ${by} made versions [${made.join()}] and was answered ${outcome}`;
    if (made.length > 1) return [what];
    if (outcome === 'timeout' || outcome === 'closed') return [];
    // What is so already is answered well, and changes nothing.
    if (typeof outcome === 'number') {
      return made[0] === outcome || (kind !== 'set_status' && made.length === 0) ? [] : [what];
    }
    return made.length === 0 && ['conflict', 'forbidden', 'not_found', 'invalid'].includes(outcome) ? [] : [what];
  });
}
