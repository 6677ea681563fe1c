// Where this client stands in the log: what is new is handed on once and in order, what was missed is made up for.
import type { EventMeta, Filter, Position, Principal, Ready, ResyncReason } from './contract.js';
import { WorkItemError } from './errors.js';
import { type ControlEvent, isItemEvent, type ItemEvent, readEvent } from './incoming.js';
import type { FetchSnapshot } from './snapshot.js';
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
  fetchSnapshot: FetchSnapshot;
  filter(): Filter | null;
  onItemEvent(event: ItemEvent): void;
  onControl(event: ControlEvent): void;
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
  /** Goes on from a position that was kept; `null` forgets the present one. */
  setPosition(position: Position | null): void;
  /** Takes a message of the hub, as it came. */
  take(name: string, data: unknown, meta: unknown): void;
  /** The hub has changed the filter; its stream goes on there. */
  refiltered(position: Position): void;
  /** The connection was lost. */
  pause(): void;
  /** The client was closed. */
  stop(): void;
}

export function createStream(options: StreamOptions): Stream {
  const { store } = options;
  let position: Position | null = null;
  let principal: Principal | null = null;
  /** The replay of this connection is over. */
  let live = false;
  let replayed = 0;
  /** What the application has not been told yet. */
  let gap: { reason: ResyncReason | undefined } | null = null;
  let snapshot: AbortController | null = null;
  /** A message could not be read: what it changed is unknown until a snapshot. Once per connection. */
  let mended = false;

  const isCurrent = (): boolean => live && snapshot === null;

  function ready({ epoch, seq, scope, verdict, reason, principal: who }: Ready): void {
    const first = position === null;
    principal = who;
    live = false;
    replayed = 0;
    mended = false;
    store?.setView(who, options.filter());
    if (verdict === 'resumed') {
      position = { epoch, seq: Math.max(seq, position?.epoch === epoch ? position.seq : 0), scope };
    } else {
      position = { epoch, seq, scope };
      if (verdict === 'resync' || !first) gap = { reason: reason ?? gap?.reason };
    }
    // A list that was whole when the connection was lost is whole again after the replay.
    if (store && (verdict !== 'resumed' || !store.complete || snapshot !== null)) refresh();
  }

  /** Fetches a snapshot, in place of one that may be under way. */
  function refresh(): void {
    if (!store) return;
    snapshot?.abort();
    const mine = new AbortController();
    snapshot = mine;
    options.onBehind();
    const epoch = position?.epoch;
    const merge = store.beginSnapshot(epoch);
    options.fetchSnapshot(options.filter(), mine.signal).then(
      (found) => {
        if (snapshot !== mine) return;
        // The log was replaced between the stream's beginning and the list: the stream will say so.
        if (found.epoch !== epoch) return refresh();
        snapshot = null;
        merge(found.items);
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
        break;
      case 'resync_required':
        // The stream goes on where the hub says, in the scope it says; what was before it needs a snapshot.
        position = { epoch: event.meta.epoch, seq: event.meta.seq, scope: event.data.scope };
        gap = { reason: event.data.reason };
        options.onControl(event);
        if (store) refresh();
        else settle();
        return;
      default:
    }
    options.onControl(event);
  }

  return {
    get position() {
      return position;
    },
    get principal() {
      return principal;
    },
    get current() {
      return isCurrent();
    },
    setPosition(next) {
      position = next;
    },
    take(name, data, meta) {
      try {
        const event = readEvent(name, data, meta);
        if (event === null) return;
        if (isItemEvent(event)) takeItemEvent(event);
        else takeControl(event);
      } catch (thrown) {
        const error = thrown as WorkItemError;
        options.onError(error);
        const { meta: place } = error.details as { meta?: EventMeta };
        // Presented again it would be no better: the list is mended by what the hub says of all items.
        if (place) advance(place);
        if (!mended && store) {
          mended = true;
          gap ??= { reason: undefined };
          refresh();
        }
      }
    },
    refiltered(next) {
      position = next;
      if (principal) store?.setView(principal, options.filter());
      refresh();
    },
    pause() {
      live = false;
    },
    stop() {
      live = false;
      snapshot?.abort();
      snapshot = null;
    },
  };
}
