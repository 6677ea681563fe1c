// `@workitem-hub/client/raw`: the same stream over a plain WebSocket, for pages that load no library. No dependencies: it checks
// messages by hand.
import type { Filter, Item, ItemEventName, Position, Principal, ResyncReason } from './contract.js';

export type { Filter, Item, Position, Principal };

export type RawState = 'idle' | 'connecting' | 'catching_up' | 'connected' | 'offline' | 'closed';

/** An event about an item: `data` as on Socket.IO, `item` as it is after the change. */
export interface RawEvent {
  event: ItemEventName;
  data: { readonly [field: string]: unknown };
  item: Item;
  epoch: string;
  seq: number;
  at: string;
}

export interface RawClientOptions {
  /** Where the hub is: `https://hub.example`, also below a path. */
  url: string;
  /** Asked for a token before each connection, and when the one in hand expires or is refused. */
  getToken(): string | Promise<string>;
  filter?: Filter;
  /** Goes on from here, as kept from `position` of an earlier life. */
  position?: Position | null;
  /** Each event once, in order. */
  onEvent(event: RawEvent): void;
  /**
   * All items that one may see: at first, and whenever events were missed that cannot be had one by one. Replace the list by it. Events that
   * came meanwhile are in it.
   */
  onSnapshot?(items: Item[], why: { missed: boolean; reason?: ResyncReason | undefined }): void;
  /** `reason` for people; `closed` is for good: the token or its owner is not let in, or `close` was called. */
  onState?(state: RawState, reason: string): void;
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

const ITEM_EVENTS = /^(new_workitem|status_update|workitem_(assigned|updated))$/;
const MIN_MS = 500;
const MAX_MS = 30_000;
/** The hub says something every 15 s. */
const SILENCE_MS = 40_000;
const REFUSED = 4401;
const FORBIDDEN = 4403;
const INVALID = 4400;

/** Connects, and stays connected until `close`. */
export function createRawClient(options: RawClientOptions): RawClient {
  let state: RawState = 'idle';
  let position: Position | null = options.position ?? null;
  let principal: Principal | null = null;
  let socket: WebSocket | null = null;
  let token: string | null = null;
  let wait = MIN_MS;
  let refusals = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let live = false;
  let draining = false;
  /** The list that is being fetched, and what events said meanwhile. */
  let fetching: AbortController | null = null;
  let meanwhile = new Map<number, Item>();
  /** A list was handed over, and every event since. */
  let whole = false;

  const base = options.url.replace(/\/$/, '');

  function show(next: RawState, reason = ''): void {
    if (state === next && !reason) return;
    state = next;
    options.onState?.(next, reason);
  }

  async function connect(): Promise<void> {
    clearTimeout(timer);
    show('connecting');
    const mine = drop();
    try {
      token ??= await options.getToken();
    } catch {
      if (socket === mine) again('There is no token.');
      return;
    }
    if (state !== 'connecting') return;
    const query = new URLSearchParams({ v: '2' });
    if (position)
      query.set('since', [position.epoch, position.seq, position.scope].filter((p) => p !== undefined).join(':'));
    if (options.filter) query.set('filter', JSON.stringify(options.filter));
    const own = new WebSocket(`${base.replace(/^http/, 'ws')}/ws/workitems?${query}`, ['workitems', `bearer.${token}`]);
    socket = own;
    listen();
    own.onmessage = ({ data }) => {
      if (own === socket) take(data);
    };
    own.onclose = ({ code, reason }) => {
      if (own === socket) lost(code, reason);
    };
  }

  /** Ends the connection without another word. */
  function drop(): null {
    const old = socket;
    socket = null;
    live = false;
    clearTimeout(silence);
    old?.close();
    return null;
  }

  function lost(code: number, reason: string): void {
    drop();
    if (code === FORBIDDEN) return end(reason);
    if (code === INVALID) {
      // A position that was kept may be broken: without it there is a snapshot.
      if (!position) return end(reason);
      position = null;
    }
    if (code === REFUSED) {
      token = null;
      if (++refusals > 2) return end(reason);
    }
    again(reason || 'The connection was lost.');
  }

  /** Full jitter, so that those who lost their connection together do not come back together. */
  function again(reason: string): void {
    show('offline', reason);
    timer = setTimeout(() => void connect(), Math.random() * (draining ? MIN_MS : wait));
    draining = false;
    wait = Math.min(wait * 2, MAX_MS);
  }

  function end(reason: string): void {
    clearTimeout(timer);
    drop();
    fetching?.abort();
    fetching = null;
    globalThis.removeEventListener?.('online', wake);
    globalThis.document?.removeEventListener('visibilitychange', wake);
    show('closed', reason);
  }

  /** The laptop woke, the network came back: a connection from before is worth nothing. */
  function wake(): void {
    if (globalThis.document?.visibilityState === 'hidden') return;
    if (state === 'offline') void connect();
    else if (socket && Date.now() - heard > SILENCE_MS / 2) {
      drop();
      void connect();
    }
  }

  let heard = 0;
  function listen(): void {
    heard = Date.now();
    clearTimeout(silence);
    silence = setTimeout(() => {
      drop();
      again('The hub has been silent for too long.');
    }, SILENCE_MS);
  }

  function take(text: unknown): void {
    listen();
    const frame = read(text);
    if (!frame) return;
    const { event, data, epoch, seq, at } = frame;
    if (event === 'ready') return ready(frame);
    if (event === 'resync_required') {
      position = { epoch, seq, scope: String(data.scope) };
      return void snapshot(true, data.reason as ResyncReason);
    }
    if (event === 'token_expiring') token = null;
    if (event === 'draining') draining = true;
    if (!position || position.epoch !== epoch) return;
    const item = (event === 'new_workitem' ? data : data.item) as Item;
    if (ITEM_EVENTS.test(event) && isItem(item) && seq > position.seq) {
      position = { ...position, seq };
      if (fetching) meanwhile.set(item.id, item);
      options.onEvent({ event: event as ItemEventName, data, item, epoch, seq, at });
    } else if (seq > position.seq) {
      position = { ...position, seq };
    }
    if (event === 'caught_up') {
      live = true;
      settle();
    }
  }

  function ready({ data, epoch, seq }: Frame): void {
    const { verdict, scope, reason } = data as { verdict: string; scope: string; reason?: ResyncReason };
    principal = data.principal as Principal;
    wait = MIN_MS;
    refusals = 0;
    const missed = verdict === 'resync' || (verdict === 'fresh' && position !== null);
    if (verdict !== 'resumed' || position?.epoch !== epoch) position = { epoch, seq, scope };
    else position = { ...position, scope };
    show('catching_up');
    if (verdict !== 'resumed' || !whole) void snapshot(missed, reason);
  }

  function settle(): void {
    if (live && !fetching) show('connected');
  }

  /** Fetches the list, page by page, until it is had; newer versions win over what events said meanwhile. */
  async function snapshot(missed: boolean, reason?: ResyncReason): Promise<void> {
    if (!options.onSnapshot) return;
    fetching?.abort();
    const mine = new AbortController();
    fetching = mine;
    meanwhile = new Map();
    whole = false;
    show('catching_up');
    for (let pause = MIN_MS; fetching === mine; pause = Math.min(pause * 2, MAX_MS)) {
      try {
        const items = await fetchAll(mine.signal);
        if (fetching !== mine) return;
        fetching = null;
        whole = true;
        const found = new Map(items.map((item) => [item.id, item]));
        for (const item of meanwhile.values()) {
          if (item.version >= (found.get(item.id)?.version ?? 0)) found.delete(item.id);
        }
        const kept = [...meanwhile.values()].filter((item) => !found.has(item.id) && sees(item));
        const all = [...found.values(), ...kept].sort((a, b) => b.id - a.id);
        options.onSnapshot(all, { missed, ...(reason ? { reason } : {}) });
        settle();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * pause));
      }
    }
  }

  async function fetchAll(signal: AbortSignal): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: unknown = ''; typeof cursor === 'string'; ) {
      const query = new URLSearchParams({ limit: '500' });
      for (const [name, value] of Object.entries(options.filter ?? {})) {
        for (const one of Array.isArray(value) ? value : [value]) {
          if (one !== undefined) query.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one));
        }
      }
      if (cursor) query.set('cursor', cursor);
      token ??= await options.getToken();
      const response = await fetch(`${base}/api/workitems?${query}`, {
        headers: { authorization: `Bearer ${token}` },
        signal,
      });
      if (response.status === 401) token = null;
      const page = (await response.json()) as { items: Item[]; next_cursor: unknown };
      if (!response.ok) throw new Error(String(response.status));
      items.push(...page.items);
      cursor = page.next_cursor;
    }
    return items;
  }

  /** The hub's own rule; a filter is left to the next event, or to the application. */
  function sees({ assigned_to, team }: Item): boolean {
    const { roles = [], sub, teams = [] } = principal ?? ({} as Partial<Principal>);
    if (roles.includes('supervisor') || roles.includes('admin')) return true;
    return assigned_to === null ? team === null || teams.includes(team) : assigned_to === sub;
  }

  globalThis.addEventListener?.('online', wake);
  globalThis.document?.addEventListener('visibilitychange', wake);
  void connect();
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
    close: () => end('Closed.'),
  };
}

/** The frame in a message, or nothing: whatever else comes is left alone. */
function read(text: unknown): Frame | null {
  try {
    const frame = JSON.parse(String(text)) as Frame;
    const { event, data, epoch, seq } = frame;
    const sound = typeof event === 'string' && typeof data === 'object' && data !== null;
    return sound && typeof epoch === 'string' && Number.isSafeInteger(seq) ? frame : null;
  } catch {
    return null;
  }
}

const isItem = (item: unknown): item is Item =>
  typeof (item as Item | null)?.id === 'number' && 'version' in (item as Item);
