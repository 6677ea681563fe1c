// Step 2 and 3 of the log's protocol: reserve a range of seqs, write each event once, void what was reserved in vain.
import type { mongo } from 'mongoose';
import { HubError } from '../errors.js';
import { type EventDocument, type LogEvent, type Outbox, toLogEvent } from './event.js';
import { insertAll } from './insert.js';
import type { Numbers } from './numbers.js';
import { repeatedly, settle } from './settle.js';

/**
 * Nobody fills a seq sooner, milliseconds: what is written within that time of its reservation cannot have been overtaken by
 * a filler and by retention after it.
 */
const IN_TIME_MS = 1_000;

/** An event that waits for its place in the log. */
export type Entry =
  | { item: number; version: number; lastSeq: number; outbox: Outbox; place?: Place | undefined }
  | { item: null; control: { id: string; type: EventDocument['type']; data: object; at: Date } };

/** A seq that was reserved ahead. */
export interface Place {
  seq: number;
  /** When that began, as {@link performance.now} has it. */
  since: number;
}

interface Placed {
  entry: Entry;
  seq: number;
  since: number;
  /** The event as it stands in the log: ours, or that of whoever was faster. */
  event?: LogEvent | undefined;
}

export interface WriteOnce {
  /**
   * Reserves places for items that are just being inserted: beside that, not after it. None when it fails. What is not used is to be
   * filled at once, since all readers wait for it.
   */
  reserve(count: number): Promise<Place[]>;
  /**
   * Puts every entry into the log exactly once, in the order given. Resolves with its event, in that order; its seq is 0
   * when somebody else has put it there so long ago that it has been deleted since.
   */
  append(entries: readonly Entry[]): Promise<LogEvent[]>;
  /** Writes `void` into seqs that nobody will use. A seq that is taken is left as it is. */
  fill(seqs: readonly number[]): Promise<void>;
  /** The events of these versions that are in the log already, by `item:version`. */
  find(versions: readonly Version[]): Promise<Map<string, LogEvent>>;
}

/** A version of an item. */
export interface Version {
  item: number;
  version: number;
}

const versionsOf = (placed: readonly Placed[]): Version[] =>
  placed.flatMap(({ entry }) => (entry.item === null ? [] : [{ item: entry.item, version: entry.version }]));

export const versionKey = (item: number, version: number): string => `${item}:${version}`;

const voidAt = (seq: number): EventDocument => ({
  _id: seq,
  type: 'void',
  data: {},
  rooms: [],
  before: null,
  at: new Date(),
});

function toDocument({ entry, seq }: Placed): EventDocument {
  if (entry.item === null) {
    const { id, type, data, at } = entry.control;
    return { _id: seq, type, data: { ...data, control_id: id }, rooms: [], before: null, at };
  }
  const { version, type, data, rooms, before, at, trace } = entry.outbox;
  return {
    _id: seq,
    item: entry.item,
    version,
    type,
    data,
    rooms,
    before,
    at,
    ...(trace === undefined ? {} : { trace }),
  };
}

/**
 * @param delivered highest seq that this process's relay has passed: nothing may be written at or below it.
 * @param isLogIntact whether what the relay delivered last is still in the log.
 * @param floor highest seq that retention may have deleted, as a majority has it.
 * @param owed which of these versions are still promised in an outbox, by `item:version`.
 * @param onCollision called when a reserved seq was taken by somebody else, mostly a filler that lost patience.
 */
export function createWriteOnce(deps: {
  events: mongo.Collection<EventDocument>;
  numbers: Numbers;
  delivered: () => number;
  isLogIntact: () => Promise<boolean>;
  floor: () => Promise<number>;
  owed: (versions: readonly Version[]) => Promise<ReadonlySet<string>>;
  onCollision: () => void;
  now?: () => number;
}): WriteOnce {
  const { events, numbers, now = () => performance.now() } = deps;

  const usable = ({ entry, seq }: Placed): boolean =>
    seq > deps.delivered() && (entry.item === null || seq > entry.lastSeq);

  async function place(entries: readonly Entry[]): Promise<Placed[]> {
    if (entries.length === 0) return [];
    for (;;) {
      const since = now();
      const first = await numbers.seqs(entries.length);
      const placed = entries.map((entry, index) => ({ entry, seq: first + index, since }));
      if (placed.every(usable)) return placed;
      await assertIntact();
      // A fail-over rolled the counter back below what was delivered or noted: lift it, and waste what is too low.
      const lowest = Math.max(deps.delivered(), ...entries.map((entry) => (entry.item === null ? 0 : entry.lastSeq)));
      await numbers.raise({ counter: lowest });
      await fill(placed.map(({ seq }) => seq).filter((seq) => seq > deps.delivered()));
    }
  }

  /** A counter that fell back is a fail-over's doing, or a restored backup's: going on in that one would hide it. */
  async function assertIntact(): Promise<void> {
    if (await repeatedly(() => deps.isLogIntact())) return;
    throw new HubError('unavailable', 'The log was replaced and needs an operator.', { retryAfterMs: 2_000 });
  }

  async function find(versions: readonly Version[]): Promise<Map<string, LogEvent>> {
    if (versions.length === 0) return new Map();
    const wanted = { $or: versions.map(({ item, version }) => ({ item, version })) };
    const documents = await repeatedly(() => events.find(wanted).toArray());
    return new Map(
      documents.map((doc) => [versionKey(doc.item as number, doc.version as number), toLogEvent(doc)] as const),
    );
  }

  async function fill(seqs: readonly number[]): Promise<void> {
    await settle(
      seqs,
      (open) => insertAll(events, open.map(voidAt)),
      async (open) => {
        const taken = await events.find({ _id: { $in: [...open] } }, { projection: { _id: 1 } }).toArray();
        const there = new Set(taken.map((doc) => doc._id));
        return open.filter((seq) => !there.has(seq));
      },
    );
  }

  /** Reads where each open entry stands; gives a new seq to those whose own was taken. */
  async function resolve(open: readonly Placed[], spare: number[]): Promise<Placed[]> {
    const [found, atSeq] = await Promise.all([
      find(versionsOf(open)),
      events.find({ _id: { $in: open.map(({ seq }) => seq) } }).toArray(),
    ]);
    const bySeq = new Map(atSeq.map((doc) => [doc._id, doc]));
    const homeless: Placed[] = [];
    const left: Placed[] = [];
    for (const one of open) {
      const there = bySeq.get(one.seq);
      if (one.entry.item === null) {
        if ((there?.data as { control_id?: string } | undefined)?.control_id === one.entry.control.id) {
          one.event = toLogEvent(there as EventDocument);
        }
      } else {
        one.event = found.get(versionKey(one.entry.item, one.entry.version));
        if (one.event && one.event.seq !== one.seq) spare.push(one.seq);
      }
      if (one.event) continue;
      left.push(one);
      if (there) homeless.push(one);
    }
    // What is in the log no more, and owed no more either, somebody else has written, and retention has deleted it since.
    const settled = new Set(await finishedElsewhere(homeless));
    for (const one of settled) one.event = toLogEvent(toDocument(one));
    const due = homeless.filter((one) => !settled.has(one));
    if (due.length > 0) {
      deps.onCollision();
      await numbers.raise({ counter: Math.max(...due.map(({ seq }) => seq)) });
      const again = await place(due.map(({ entry }) => entry));
      due.forEach((one, index) => {
        one.seq = (again[index] as Placed).seq;
      });
    }
    return left.filter((one) => !settled.has(one));
  }

  /** Of entries whose events are not in the log: those that nobody owes any more. They take no place, so their seq is 0. */
  async function finishedElsewhere(open: readonly Placed[]): Promise<Placed[]> {
    if (open.length === 0) return [];
    const owed = await repeatedly(() => deps.owed(versionsOf(open)));
    const done = open.filter(({ entry }) => entry.item !== null && !owed.has(versionKey(entry.item, entry.version)));
    for (const one of done) one.seq = 0;
    return done;
  }

  async function write(placed: readonly Placed[]): Promise<void> {
    const spare: number[] = [];
    await settle<Placed>(
      placed,
      (open) => insertAll(events, open.map(toDocument)),
      (open) => resolve(open, spare),
    );
    if (spare.length > 0) await fill(spare);
    if (placed.some(({ since }) => now() - since > IN_TIME_MS)) await liftAboveFloor(placed);
  }

  /**
   * A process that stood still between reserve and write may find its seq free again: filled by a reader, then deleted by
   * retention. Nobody reads what it wrote there, so it is taken out and written anew; unless somebody else did that
   * meanwhile, whose event may have been deleted since.
   */
  async function liftAboveFloor(placed: readonly Placed[]): Promise<void> {
    const floor = await repeatedly(deps.floor);
    const sunken = placed.filter(({ seq, event }) => (!event || event.seq === seq) && seq <= floor);
    if (sunken.length === 0) return;
    await repeatedly(() => events.deleteMany({ _id: { $in: sunken.map(({ seq }) => seq) } }));
    const done = new Set(await finishedElsewhere(sunken));
    const due = sunken.filter((one) => !done.has(one));
    for (const one of sunken) one.event = undefined;
    if (due.length === 0) return;
    const again = await place(due.map(({ entry }) => entry));
    await write(again);
    due.forEach((one, index) => Object.assign(one, again[index]));
  }

  return {
    find,
    fill,
    async reserve(count) {
      const since = now();
      try {
        const first = await numbers.seqs(count);
        return Array.from({ length: count }, (_, index) => ({ seq: first + index, since }));
      } catch {
        return [];
      }
    },
    async append(entries) {
      if (entries.length === 0) return [];
      // A place that was filled meanwhile, and passed by this process's relay, is one no more.
      const ahead = entries
        .flatMap((entry): Placed[] => (entry.item !== null && entry.place ? [{ entry, ...entry.place }] : []))
        .filter(usable);
      const there = new Set(ahead.map(({ entry }) => entry));
      const placed = [...ahead, ...(await place(entries.filter((entry) => !there.has(entry))))];
      await write(placed);
      const eventOf = new Map(placed.map((one) => [one.entry, one.event ?? toLogEvent(toDocument(one))]));
      return entries.map((entry) => eventOf.get(entry) as LogEvent);
    },
  };
}
