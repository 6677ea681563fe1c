// `@workitem-hub/client/raw`: the same stream over a plain WebSocket, for pages that load no library. No dependencies: it checks
// messages by hand.
import { canSee } from './audience.js';
import { type BackoffOptions, createBackoff } from './backoff.js';
import {
  type Filter,
  type Item,
  type ItemEventName,
  OLDEST_CONTRACT,
  type Position,
  type Principal,
  type ResyncReason,
} from './contract.js';
import { asError, type ClientErrorCode, WorkItemError } from './errors.js';
import { compileFilter, type ItemPredicate } from './filter.js';
import { hubUrl } from './hub-url.js';
import { createFetchPage, createListPages, type ListPage, unreadable } from './list-pages.js';
import { createTokenSource, type GetToken } from './token-source.js';
import { watchForWake, type WakeReason } from './wake.js';

export type { BackoffOptions, ClientErrorCode, Filter, GetToken, Item, Position, Principal, WorkItemError };

export type RawState = 'idle' | 'connecting' | 'catching_up' | 'connected' | 'offline' | 'closed';

/** An event about an item: `data` as on Socket.IO, `item` as it is after the change. */
export interface RawEvent {
  event: ItemEventName;
  data: { readonly [field: string]: unknown };
  item: Item;
  /** Whether the item belongs on the list after this event; `false`: it has left. */
  visible: boolean;
  epoch: string;
  seq: number;
  at: string;
}

/** What is used of a WebSocket. */
export interface RawSocket {
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  close(): void;
}

export interface RawClientOptions {
  /** Where the hub is: `https://hub.example`, also below a path. */
  url: string;
  /** Asked for a token when one is needed, one call at a time. `null`: nobody is signed in. */
  getToken: GetToken;
  filter?: Filter | null;
  /** Goes on from here, as kept from `position` of an earlier life. */
  position?: Position | null;
  /**
   * Each event once, in order. A list takes the item when `visible`, else drops it, and leaves alone what it has in a newer
   * `version`: a snapshot may be ahead of the stream.
   */
  onEvent(event: RawEvent): void;
  /**
   * All items that one may see, newest first: at the beginning, and whenever events were missed that cannot be had one by one.
   * Replace the list by it. Events that came meanwhile are in it. Without it nothing is fetched, and what was missed is an error `resync`.
   */
  onSnapshot?(items: Item[], why: { missed: boolean; reason?: ResyncReason | undefined }): void;
  /** `reason` for people, `code` for programs; `closed` is for good: the token or its owner is not let in, or `close` was called. */
  onState?(state: RawState, reason: string, code: ClientErrorCode | null): void;
  /** Something that the application may want to log. What can be done about it is being done. */
  onError?(error: WorkItemError): void;
  /** The class to connect with, where there is no global one: before Node 22 that of the package `ws`. */
  WebSocket?: new (
    url: string,
    protocols: string[],
  ) => RawSocket;
  /** Milliseconds for a connection, a token, or a page of the list; default 15,000. */
  timeoutMs?: number;
  /** Milliseconds without a word after which the stream is begun anew; default 40,000. The hub says something each 15 s. */
  silenceMs?: number;
  /** Waits between tries: full jitter, up to 500 ms at first and 30 s at last. */
  backoff?: BackoffOptions;
}

export interface RawClient {
  readonly state: RawState;
  /** Everything up to here was handed to `onEvent`. */
  readonly position: Position | null;
  readonly principal: Principal | null;
  close(): void;
}

interface Frame {
  event: string;
  data: Record<string, unknown>;
  epoch: string;
  seq: number;
  at: string;
}

/** The events that this version knows; those about items in a group of their own. */
const KNOWN =
  /^(?:(new_workitem|status_update|workitem_(?:assigned|updated))|ready|caught_up|head|resync_required|token_expiring|draining)$/;
/** Close codes; one by one they cost pages less than the whole table of the contract. */
const INVALID = 4400;
const REFUSED = 4401;
const FORBIDDEN = 4403;
/** A stream that lived this long has proved that connecting works. */
const HEALTHY_MS = 10_000;

/**
 * Connects, and stays connected until `close`.
 * @throws WorkItemError `invalid` for an address that is none, `unsupported` where there is no WebSocket
 */
export function createRawClient(options: RawClientOptions): RawClient {
  const { filter = null, timeoutMs = 15_000, silenceMs = 40_000 } = options;
  const Socket = options.WebSocket ?? (globalThis as { WebSocket?: RawClientOptions['WebSocket'] }).WebSocket;
  if (!Socket) throw new WorkItemError('unsupported', 'There is no WebSocket: give one, of ws.');
  const base = hubUrl(options.url);
  const tokens = createTokenSource(options.getToken, timeoutMs);
  const backoff = createBackoff(options.backoff);
  const fetchList = createListPages(
    // Of another log: it was replaced between the stream's beginning and the list, and the stream will say so.
    createFetchPage(base, timeoutMs, isPage),
    tokens,
    options.backoff,
    (error) => void report(error),
  );

  let state: RawState = 'idle';
  let position: Position | null = options.position ?? null;
  let principal: Principal | null = null;
  let passes: ItemPredicate = () => true;
  let socket: RawSocket | null = null;
  /** Each connection has its number: what was begun for an earlier one is not gone on with. */
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Fresh tokens that were refused, one after the other. */
  let refusals = 0;
  /** When this connection's stream began; 0 before. */
  let opened = 0;
  let heard = 0;
  let live = false;
  /** Whether something could not be read, and the list was fetched to make up for it: once per connection. */
  let mended = true;
  /** The list that is being fetched, and what events said meanwhile, also of items that left. */
  let fetching: AbortController | null = null;
  let meanwhile = new Map<number, Item>();
  /** A list was handed over, and every event since. */
  let whole = false;
  /** What the application has not been told yet. */
  let gap: { reason?: ResyncReason | undefined } | null = null;

  /** Calls the application: what it throws, also later, is its own affair. */
  function call(callback: () => unknown, onThrow: (thrown: unknown) => void): void {
    try {
      const result = callback();
      if (result instanceof Promise) result.catch(onThrow);
    } catch (thrown) {
      onThrow(thrown);
    }
  }

  /** Whether the connection is still what it was: each word to the application may be answered by `close`. */
  function report(error: WorkItemError): boolean {
    const mine = attempt;
    call(
      () => options.onError?.(error),
      (thrown) => console.error(thrown),
    );
    return mine === attempt;
  }

  function tell(callback: () => unknown): boolean {
    const mine = attempt;
    call(callback, (thrown) => report(asError(thrown, 'handler_failed', 'A callback threw.')));
    return mine === attempt;
  }

  function show(next: RawState, reason = '', code: ClientErrorCode | null = null): boolean {
    if (state === next && !code) return true;
    state = next;
    return tell(() => options.onState?.(next, reason, code));
  }

  async function connect(): Promise<void> {
    drop();
    const mine = attempt;
    if (!show('connecting')) return;
    try {
      const token = await tokens.current();
      if (mine === attempt) dial(token);
    } catch (thrown) {
      if (mine !== attempt) return;
      const error = asError(thrown, 'token_unavailable', 'This is no token.');
      if (error.code === 'unauthenticated') return end(error);
      if (report(error)) again(error);
    }
  }

  function dial(token: string): void {
    const query = new URLSearchParams({ v: '2' });
    if (position) {
      const { epoch, seq, scope } = position;
      query.set('since', `${epoch}:${seq}${scope ? `:${scope}` : ''}`);
    }
    if (filter) query.set('filter', JSON.stringify(filter));
    const url = `${base.replace(/^http/, 'ws')}/ws/workitems?${query}`;
    let own: RawSocket;
    try {
      own = new (Socket as NonNullable<RawClientOptions['WebSocket']>)(url, ['workitems', `bearer.${token}`]);
    } catch (thrown) {
      // A subprotocol has no room for blanks and the like.
      tokens.spoil(token, 'refused');
      throw thrown;
    }
    socket = own;
    heard = Date.now();
    watch(timeoutMs);
    // Where the hub has to wait for its database, the first word is late.
    own.onopen = () => watch(silenceMs);
    own.onmessage = ({ data }: { data: unknown }) => take(data);
    own.onclose = ({ code, reason }: { code: number; reason: string }) => lost(code, reason, token);
    // The package ws throws what nobody hears; a close follows.
    own.onerror = () => {};
  }

  /** Ends the connection without another word. */
  function drop(): void {
    attempt++;
    clearTimeout(timer);
    const old = socket;
    socket = null;
    live = false;
    mended = true;
    opened = 0;
    if (!old) return;
    // Whatever it still has to say is not listened to.
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
  }

  /** Gives the connection up when nothing is heard in this time. */
  function watch(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => again(new WorkItemError('unreachable', 'The hub is silent.')), ms);
  }

  function lost(close: number, text: string, token: string): void {
    const [, code = 'unreachable', message = text || 'The connection was lost.'] = /^(\w+): (.*)$/.exec(text) ?? [];
    const error = new WorkItemError(code as ClientErrorCode, message);
    const isToken = close === REFUSED;
    if (isToken) tokens.spoil(token, code === 'token_expired' ? 'expired' : 'refused');
    if (!opened) {
      if (close === FORBIDDEN) return end(error);
      // The token in hand may have been an old one; one that was made just now and is refused as well will not get better.
      if (isToken) return ++refusals > 1 ? end(error) : void connect();
      if (close === INVALID) {
        // A position that was kept may be broken: without it there is a snapshot.
        if (!position) return end(error);
        position = null;
        gap = {};
        drop();
        return report(error) ? void connect() : undefined;
      }
    }
    again(error);
  }

  /** Full jitter, so that those who lost their connection together do not come back together. */
  function again({ message, code }: WorkItemError): void {
    if (opened && Date.now() - opened > HEALTHY_MS) backoff.reset();
    drop();
    timer = setTimeout(() => void connect(), backoff.next());
    show('offline', message, code);
  }

  function end({ message, code }: WorkItemError): void {
    if (state === 'closed') return;
    drop();
    fetching?.abort();
    fetching = null;
    stopWatching();
    show('closed', message, code);
  }

  /** The laptop woke, the network came back: what was before that is worth nothing, unless it has proved to live. */
  function wake(why: WakeReason): void {
    const silent = Math.abs(Date.now() - heard) > silenceMs / 2;
    if (state === 'offline' || (socket && (silent || why === 'online'))) void connect();
  }

  function take(text: unknown): void {
    const frame = read(text);
    if (frame?.event === 'ready') return ready(frame);
    if (opened) {
      watch(silenceMs);
      heard = Date.now();
    }
    if (frame === null) mend();
    if (!frame || !opened) return;
    const { event, data, epoch, seq, at } = frame;
    if (event === 'resync_required') {
      position = { epoch, seq, scope: data.scope as string };
      gap = { reason: data.reason as ResyncReason };
      return refresh();
    }
    // What comes of it is used when the hub ends the connection: here nothing can be said to it.
    if (event === 'token_expiring') tokens.renew('expiring').catch((error: WorkItemError) => void report(error));
    // The hub has spread its clients already.
    if (event === 'draining') backoff.reset();
    if (position?.epoch !== epoch) return;
    const isNew = seq > position.seq;
    if (isNew) position = { ...position, seq };
    if (event === 'caught_up') {
      live = true;
      settle();
    }
    if (!isNew || !KNOWN.exec(event)?.[1]) return;
    const item = event === 'new_workitem' ? data : data.item;
    if (!isItem(item)) return mend();
    if (fetching) meanwhile.set(item.id, item);
    const visible = sees(item);
    tell(() => options.onEvent({ event: event as ItemEventName, data, item, visible, epoch, seq, at }));
  }

  function ready({ data, epoch, seq, at }: Frame): void {
    const { verdict, scope, reason, contract } = data;
    const who = data.principal as Principal | null;
    if (![scope, verdict, who?.sub].every(isText) || !who || ![who.roles, who.teams].every(Array.isArray)) {
      const error = unreadable();
      return report(error) ? again(error) : undefined;
    }
    if ((contract as number) < OLDEST_CONTRACT) {
      return end(new WorkItemError('unsupported', 'The hub is too old for this client.'));
    }
    principal = who;
    passes = compileFilter(filter, who.sub);
    const kept = verdict === 'resumed' && position?.epoch === epoch ? position : null;
    if (!kept && position) gap = { reason: reason as ResyncReason | undefined };
    position = { epoch, seq: kept?.seq ?? seq, scope: scope as string };
    opened = heard = Date.now();
    tokens.setExpiry(data.expires_at as string, at);
    refusals = 0;
    live = mended = false;
    watch(silenceMs);
    // What is being fetched stays good when the stream goes on where it was.
    if (show('catching_up') && !(kept && (whole || fetching))) refresh();
  }

  function settle(): void {
    if (live && !fetching) show('connected');
  }

  function mend(): void {
    if (!report(unreadable()) || mended || !options.onSnapshot) return;
    mended = true;
    gap ??= {};
    refresh();
  }

  /** Fetches the list, in place of one that may be under way; newer versions win over what events say meanwhile. */
  function refresh(): void {
    if (!options.onSnapshot) {
      const details = gap;
      gap = null;
      if (!details || report(new WorkItemError('resync', 'Events missed.', { details }))) settle();
      return;
    }
    fetching?.abort();
    const mine = new AbortController();
    fetching = mine;
    meanwhile = new Map();
    whole = false;
    show('catching_up');
    fetchList(filter, mine.signal, (epoch) => epoch === position?.epoch).then(
      (items) => {
        if (fetching !== mine) return;
        fetching = null;
        whole = true;
        const all = new Map(items.map((item) => [item.id, item]));
        for (const item of meanwhile.values()) {
          if (item.version < (all.get(item.id)?.version ?? 0)) continue;
          if (sees(item)) all.set(item.id, item);
          else all.delete(item.id);
        }
        meanwhile = new Map();
        const why = { missed: gap !== null, ...gap };
        gap = null;
        tell(() =>
          options.onSnapshot?.(
            [...all.values()].sort((a, b) => b.id - a.id),
            why,
          ),
        );
        settle();
      },
      (error: WorkItemError) => {
        if (fetching === mine) end(error);
      },
    );
  }

  /** The hub's own rules. */
  const sees = (item: Item): boolean => principal !== null && canSee(principal, item) && passes(item);

  const stopWatching = watchForWake(wake);
  // When the application has the client in hand: its callbacks may look at it.
  queueMicrotask(() => {
    if (state === 'idle') void connect();
  });
  return {
    get state() {
      return state;
    },
    get position() {
      return position;
    },
    get principal() {
      return principal;
    },
    close: () => end(new WorkItemError('closed', 'Closed.')),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** The frame in a message; `null` when it cannot be read, nothing when it is one that this version does not know. */
function read(text: unknown): Frame | null | undefined {
  try {
    const frame = JSON.parse(String(text)) as Frame;
    const { event, data, epoch, seq, at } = frame;
    if (!isText(event)) return null;
    if (!KNOWN.test(event)) return undefined;
    const sound = typeof data === 'object' && data && isText(epoch) && isText(at) && Number.isSafeInteger(seq);
    return sound ? frame : null;
  } catch {
    return null;
  }
}

function isItem(value: unknown): value is Item {
  const { id, version, from_email, assigned_to, team, extracted_fields, ...item } = (value ?? {}) as Partial<Item>;
  const { insured_name, policy_type, coverage_amount, effective_date, broker } = extracted_fields ?? {};
  return (
    [id, version].every(Number.isSafeInteger) &&
    [item.subject, item.status, item.created_at, item.submission_ref, item.updated_at].every(isText) &&
    [from_email, assigned_to, team, insured_name, policy_type, coverage_amount, effective_date, broker].every(
      (one) => one === null || isText(one),
    )
  );
}

function isPage(body: unknown): body is ListPage {
  const { items, next_cursor: next, position } = (body ?? {}) as Partial<ListPage>;
  return Array.isArray(items) && items.every(isItem) && (next === null || isText(next)) && !!position;
}
