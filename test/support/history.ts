// The whole history, judged from outside of the hub: what senders were answered, what the database holds, and what clients saw.
import type { EventDocument } from '../../src/eventlog/event.js';
import { type Defect, defectsOfLog, type LogFacts } from './log-process.js';
import type { Traffic } from './traffic.js';
import type { Stretch, Watcher } from './watcher.js';

export type { Defect } from './log-process.js';

export interface Testimony {
  traffic: Pick<Traffic, 'mails' | 'commands' | 'faults'>;
  watchers: readonly Pick<Watcher, 'name' | 'rooms' | 'stretches' | 'verdicts'>[];
  /** Events that were in the log and were deleted since, in the proper course of things, by epoch. */
  archive?: ReadonlyMap<string, readonly EventDocument[]>;
  /** Whether a client may be told that it has to begin anew. */
  mayResync?: boolean;
}

/** Everything that contradicts the hub's promise. Taken when nothing is under way any more. */
export function defectsOfHistory(facts: LogFacts, testimony: Testimony): Defect[] {
  const { traffic, watchers, mayResync = false } = testimony;
  return [
    ...defectsOfLog(facts),
    ...traffic.faults.map((what): Defect => ({ kind: 'wrong', what })),
    ...defectsOfMails(facts, traffic),
    ...defectsOfCommands(facts, traffic),
    ...watchers.flatMap(({ name, verdicts }) => (mayResync ? [] : defectsOfVerdicts(name, verdicts))),
    ...watchers.flatMap(({ name, rooms, stretches }) =>
      stretches.flatMap((stretch, index) =>
        defectsOfStretch(logOf(facts, testimony, stretch.epoch), {
          name,
          rooms,
          stretch,
          last: index === stretches.length - 1,
        }),
      ),
    ),
  ];
}

/** A mail is one submission, whatever became of the attempts, and all its answers named that one. */
function defectsOfMails({ submissions }: LogFacts, { mails }: Testimony['traffic']): Defect[] {
  const defects: Defect[] = [];
  const stored = new Map<string, number[]>();
  for (const { _id, idempotency } of submissions) {
    stored.set(idempotency.value, [...(stored.get(idempotency.value) ?? []), _id]);
  }
  for (const [value, ids] of stored) {
    if (ids.length > 1) defects.push({ kind: 'duplicated', what: `mail ${value} is stored as ${ids.join()}` });
  }
  for (const { messageId, submission_id: id } of mails) {
    const ids = stored.get(messageId) ?? [];
    if (ids.length === 0)
      defects.push({ kind: 'lost', what: `mail ${messageId} was answered ${id} and is not stored` });
    else if (!ids.includes(id)) {
      defects.push({ kind: 'wrong', what: `mail ${messageId} was answered ${id}, stored is ${ids.join()}` });
    }
  }
  return defects;
}

/** A command that was answered well is one entry of its item's history; none is more than one. */
function defectsOfCommands({ items }: LogFacts, { commands }: Testimony['traffic']): Defect[] {
  const defects: Defect[] = [];
  const done = new Map<string, number[]>();
  for (const { history } of items) {
    for (const { command_id: id, version } of history) if (id) done.set(id, [...(done.get(id) ?? []), version]);
  }
  for (const [id, versions] of done) {
    if (versions.length > 1)
      defects.push({ kind: 'duplicated', what: `command ${id} made versions ${versions.join()}` });
  }
  for (const { commandId, id, version } of commands) {
    const made = done.get(commandId)?.[0] ?? null;
    if (version === made) continue;
    const what = `command ${commandId} on ${id} was answered ${version}, and made ${made}`;
    defects.push({ kind: made === null ? 'lost' : 'wrong', what });
  }
  return defects;
}

/** Whoever comes back with a position goes on from there. */
function defectsOfVerdicts(name: string, verdicts: readonly string[]): Defect[] {
  return verdicts
    .slice(1)
    .filter((verdict) => verdict !== 'resumed')
    .map((verdict) => ({ kind: 'wrong', what: `${name} was told ${verdict}` }));
}

/**
 * The log of an epoch, with what was deleted from it since. A writer that stood still for longer than events are kept may
 * write below the floor what somebody else has written long ago in its stead: nobody reads that, and it goes with the next
 * deletion. If nobody else has written it, it is due, and lost.
 */
function logOf({ log, events }: LogFacts, { archive }: Testimony, epoch: string): readonly EventDocument[] {
  const kept = archive?.get(epoch) ?? [];
  if (epoch !== log.epoch) return kept;
  const placeOf = ({ _id, item, version }: EventDocument): string => keyOf(_id, item, version);
  const versionOf = ({ item, version }: EventDocument): string => `${item}:${version}`;
  const known = new Set(kept.map(placeOf));
  const fresh = events.filter((event) => !known.has(placeOf(event)));
  const isLate = ({ _id }: EventDocument): boolean => archive !== undefined && _id <= log.floor;
  const proper = [...kept, ...fresh.filter((event) => !isLate(event))];
  const written = new Set(proper.map(versionOf));
  const late = fresh.filter((event) => isLate(event) && !written.has(versionOf(event)));
  return [...proper, ...late].sort((one, other) => one._id - other._id);
}

const keyOf = (seq: number, item: number | undefined, version: number | undefined): string =>
  `${seq}:${item}:${version}`;

/** In each stretch a client saw every event of its rooms from the beginning to the end, once and in order. */
function defectsOfStretch(
  events: readonly EventDocument[],
  { name, rooms, stretch, last }: { name: string; rooms: readonly string[]; stretch: Stretch; last: boolean },
): Defect[] {
  const defects: Defect[] = [];
  const found = (kind: Defect['kind'], what: string): void => void defects.push({ kind, what: `${name} ${what}` });
  // The last one has been told of everything: that is waited for before. An earlier one ends where it was broken off.
  const end = last ? Number.POSITIVE_INFINITY : stretch.end;
  const mine = ({ rooms: to }: EventDocument): boolean => to.some((room) => rooms.includes(room));
  const due = events
    .filter((event) => event._id > stretch.start && event._id <= end && mine(event))
    .map(({ _id, item, version }) => keyOf(_id, item, version));
  const logged = new Map(events.map((event) => [keyOf(event._id, event.item, event.version), event]));
  const dueOnes = new Set(due);
  const seen = new Set<string>();
  let highest = 0;
  for (const { seq, id, version } of stretch.seen) {
    const key = keyOf(seq, id, version);
    if (seen.has(key)) {
      found('duplicated', `saw ${key} twice`);
      continue;
    }
    seen.add(key);
    const event = logged.get(key);
    if (!event) found('lost', `saw ${key}, which is not in the log`);
    else if (!mine(event)) found('leaked', `saw ${key}, which is for ${event.rooms.join()}`);
    else if (!dueOnes.has(key)) found('duplicated', `saw ${key}, and had begun after it`);
    if (seq < highest) found('reordered', `saw ${key} after ${highest}`);
    highest = Math.max(highest, seq);
  }
  for (const key of due) if (!seen.has(key)) found('lost', `did not see ${key}`);
  return defects;
}
