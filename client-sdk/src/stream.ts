// Where this client stands in the log: what is new is handed on once and in order, what was missed is made up for.
import type { EventMeta, Filter, Position, Principal, Ready, ResyncReason } from './contract.js';
import { WorkItemError } from './errors.js';
import { type ControlEvent, isItemEvent, isItemEventName, type ItemEvent, readEvent } from './incoming.js';
import type { Snapshots } from './snapshot.js';
import type { WorkItemStore } from './work-items.js';

/** Told at the end of each catch-up. */
export interface CaughtUpReport {
  /** Events that were replayed. */
  count: number;
  /** Whether there were events that could not be replayed one by one: what they changed came as a snapshot. */
  missed: boolean;
  reason?: ResyncReason | undefined;
}

export interface StreamOptions {
  /** `null` when the application wants events only. */
  store: WorkItemStore | null;
  /** @param since the position at which the stream has just begun anew: a list that was asked for before counts when it is not older. */
  fetchSnapshot: Snapshots['fetch'];
  /** What the hub's stream shows, as far as it has said so. */
  filter(): Filter | null;
  onItemEvent(event: ItemEvent): void;
  onControl(event: ControlEvent): void;
  /** In its place among the events: some before the present position will not come one by one. */
  onMissed(reason: ResyncReason | undefined): void;
  /** The stream is whole again. */
  onCaughtUp(report: CaughtUpReport): void;
  /** It is not: a snapshot is being fetched. */
  onBehind(): void;
  onError(error: WorkItemError): void;
  /** A snapshot was refused for good. */
  onFatal(error: WorkItemError): void;
}

export interface Stream {
  /** Everything up to here was handed on; `null` before the first `ready`. */
  readonly position: Position | null;
  readonly principal: Principal | null;
  /** Whether nothing is missing: after `caught_up`, and after the snapshot where one was due. */
  readonly current: boolean;
  /** Whether this connection's `ready` has come. */
  readonly begun: boolean;
  /** Goes on from a position that was kept. */
  setPosition(position: Position): void;
  /** The position is of no use: what was missed since can only be had as a snapshot. */
  forgetPosition(): void;
  /** Takes a message of the hub, as it came. */
  take(name: string, data: unknown, meta: unknown): void;
  /**
   * The hub is asked for another filter. Returns what takes its answer, `null` where it refused. Without an answer nobody knows what
   * the stream showed from here on: its position is then good for no filter.
   */
  refiltering(): (position: Position | null) => void;
  /** The stream goes on with another token of the same person. */
  refreshed(principal: Principal): void;
  /** The connection was lost. */
  pause(): void;
  /** The client was closed. */
  stop(): void;
}

const rightsOf = ({ roles, teams }: Principal): string => JSON.stringify([roles, teams]);

export function createStream(options: StreamOptions): Stream {
  const { store } = options;
  let position: Position | null = null;
  let principal: Principal | null = null;
  let begun = false;
  /** The replay of this connection is over. */
  let live = false;
  /** The list has had a snapshot, and every event since. */
  let whole = false;
  /** An event could not be read since the last snapshot was begun. */
  let unread = false;
  /** This connection has had the snapshot that makes up for such events at once. */
  let mended = false;
  /** A filter was asked for and nothing answered: see `refiltering`. */
  let doubtful = false;
  let replayed = 0;
  /** What the application has not been told yet. */
  let gap: { reason: ResyncReason | undefined } | null = null;
  let snapshot: AbortController | null = null;

  const isCurrent = (): boolean => live && snapshot === null;

  function ready({ epoch, seq, scope, verdict, reason, principal: who }: Ready): void {
    const first = position === null;
    principal = who;
    begun = true;
    live = false;
    mended = false;
    doubtful = false;
    replayed = 0;
    store?.setView(who, options.filter());
    if (verdict === 'resumed') {
      position = { epoch, seq: Math.max(seq, position?.epoch === epoch ? position.seq : 0), scope };
    } else {
      position = { epoch, seq, scope };
      if (verdict === 'resync' || !first || gap) miss(reason ?? gap?.reason);
      whole = false;
    }
    // A list that was whole when the connection was lost is whole again after the replay, unless it was another person's.
    if (!whole || store?.complete === false) refresh(verdict === 'resumed' ? undefined : position);
  }

  function miss(reason: ResyncReason | undefined): void {
    gap = { reason };
    options.onMissed(reason);
  }

  /** Fetches a snapshot, in place of one that may be under way. */
  function refresh(since?: Position): void {
    if (!store) return;
    snapshot?.abort();
    const mine = new AbortController();
    snapshot = mine;
    whole = false;
    unread = false;
    options.onBehind();
    const merge = store.beginSnapshot(position?.epoch);
    options
      .fetchSnapshot(options.filter(), mine.signal, (epoch) => epoch === position?.epoch, since)
      .then(
        (items) => {
          if (snapshot !== mine) return;
          snapshot = null;
          whole = !unread;
          merge(items);
          settle();
        },
        (error: WorkItemError) => {
          if (snapshot !== mine) return;
          snapshot = null;
          options.onFatal(error);
        },
      );
  }

  /** Says once that the stream is whole. */
  function settle(): void {
    if (!isCurrent()) return;
    const report = { count: replayed, missed: gap !== null, ...(gap?.reason ? { reason: gap.reason } : {}) };
    gap = null;
    replayed = 0;
    options.onCaughtUp(report);
  }

  function advance({ epoch, seq }: EventMeta): void {
    if (position?.epoch === epoch && seq > position.seq) position = { ...position, seq };
  }

  function takeItemEvent(event: ItemEvent): void {
    const { meta } = event;
    if (position?.epoch !== meta.epoch || meta.seq <= position.seq) return;
    advance(meta);
    if (!live) replayed++;
    store?.apply(event.name === 'new_workitem' ? event.data : event.data.item);
    options.onItemEvent(event);
  }

  function takeControl(event: ControlEvent): void {
    switch (event.name) {
      case 'ready':
        ready(event.data);
        break;
      case 'caught_up':
        advance(event.meta);
        live = true;
        options.onControl(event);
        settle();
        return;
      case 'head':
        advance(event.meta);
        if (!whole && snapshot === null) refresh();
        break;
      case 'resync_required':
        // The stream goes on where the hub says, in the scope it says; what was before it needs a snapshot.
        position = { epoch: event.meta.epoch, seq: event.meta.seq, scope: event.data.scope };
        miss(event.data.reason);
        options.onControl(event);
        if (store) refresh();
        else settle();
        return;
      default:
    }
    options.onControl(event);
  }

  /** Presented again it would be no better. What it changed is unknown until a snapshot: one now, then one per `head` at most. */
  function leaveOut(error: WorkItemError): void {
    const { name, meta } = error.details as { name: string; meta?: EventMeta };
    if (!isItemEventName(name)) return;
    if (meta) advance(meta);
    if (position) miss(undefined);
    whole = false;
    unread = true;
    if (!store) return settle();
    if (mended) return;
    mended = true;
    refresh();
  }

  return {
    get position() {
      // No filter has such a scope, but it is one of the same rooms: should it be presented, the hub says `filter_changed`.
      return position && doubtful ? { ...position, scope: `${position.scope}?` } : position;
    },
    get principal() {
      return principal;
    },
    get current() {
      return isCurrent();
    },
    get begun() {
      return begun;
    },
    setPosition(next) {
      position = next;
    },
    forgetPosition() {
      position = null;
      gap ??= { reason: undefined };
    },
    take(name, data, meta) {
      let event: ItemEvent | ControlEvent | null;
      try {
        event = readEvent(name, data, meta);
      } catch (thrown) {
        const error = thrown as WorkItemError;
        options.onError(error);
        return leaveOut(error);
      }
      if (event === null) return;
      if (isItemEvent(event)) takeItemEvent(event);
      else takeControl(event);
    },
    refiltering() {
      doubtful = true;
      return (next) => {
        doubtful = false;
        if (next === null) return;
        // Events that came before this answer was looked at were of the new filter already.
        position = { ...next, seq: position?.epoch === next.epoch ? Math.max(position.seq, next.seq) : next.seq };
        if (principal) store?.setView(principal, options.filter());
        refresh();
      };
    },
    refreshed(next) {
      if (!begun || principal === null) return;
      const sameRights = rightsOf(next) === rightsOf(principal);
      principal = next;
      store?.setView(next, options.filter());
      // Events that came before were judged by the old rights.
      if (!sameRights) refresh();
    },
    pause() {
      begun = false;
      live = false;
    },
    stop() {
      snapshot?.abort();
      snapshot = null;
    },
  };
}
