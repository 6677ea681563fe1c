// The client as applications see it: one stream, its list, its commands, its consumer, held together.
import { assertFilter } from './assert-filter.js';
import type { BackoffOptions } from './backoff.js';
import { createCommands, type Commands } from './commands.js';
import { createConnection, type Phase, type TransportName } from './connection.js';
import {
  type ConsumedEvent,
  createConsumer,
  type Consumer,
  type ConsumeOptions,
  type ConsumerFeed,
} from './consumer.js';
import {
  CONTRACT,
  type EventMeta,
  type Filter,
  type ItemEventData,
  type ItemEventName,
  OLDEST_CONTRACT,
  type Position,
  type Principal,
  type Ready,
} from './contract.js';
import { createEmitter } from './emitter.js';
import { asError, type ClientErrorCode, WorkItemError } from './errors.js';
import type { ControlEvent, ItemEvent } from './incoming.js';
import { createSnapshots } from './snapshot.js';
import { memoryStorage, type PositionStorage } from './storage.js';
import { type CaughtUpReport, createStream } from './stream.js';
import { createTokenSource, type GetToken } from './token-source.js';
import { createWorkItems, type WorkItems } from './work-items.js';

/**
 * `idle`: not connected yet. `connecting`: a connection is being made. `catching_up`: connected, and what was missed is on its
 * way. `connected`: nothing is missing. `offline`: there is no connection; the next try is at `retryAt`. `closed`: there will be
 * none until `connect()` is called again; `code` says why.
 */
export type StateName = 'idle' | 'connecting' | 'catching_up' | 'connected' | 'offline' | 'closed';

export interface ClientState {
  readonly name: StateName;
  /** Why it is so, where something went wrong. */
  readonly code: ClientErrorCode | null;
  /** The same for people. */
  readonly reason: string;
  /** Milliseconds since 1970, for `offline`. */
  readonly retryAt: number | null;
}

/** Events of the client. Listeners for items get `(data, meta)` as the hub sent them. */
export type WorkItemClientEvents = {
  [N in ItemEventName]: (data: ItemEventData[N], meta: EventMeta) => void;
} & {
  /** Every event about an item, whatever its name. */
  event: (event: ItemEvent) => void;
  state: (state: ClientState) => void;
  /** A catch-up is over; `missed` tells whether there were events that came as a snapshot only. */
  caught_up: (report: CaughtUpReport) => void;
  /** Something that the application may want to log. What can be done about it is being done. */
  error: (error: WorkItemError) => void;
};

export interface WorkItemClientOptions {
  /** Where the hub is: `https://hub.example`, also below a path. */
  url: string;
  /** Asked for a token when one is needed, one call at a time. */
  getToken: GetToken;
  /** What to show; default everything that one may see. */
  filter?: Filter | null;
  /**
   * 1–64 of `A-Za-z0-9._-`. With it, `consume` keeps its position on the hub (where no `storage` is given), and names in `storage` carry it.
   */
  clientId?: string;
  /** Where `consume` keeps its position. Default: the hub when there is a `clientId`, else memory. */
  storage?: PositionStorage;
  /** Names the position in `storage`; default: the `clientId`, else `default`. In browsers give each tab its own: `await tabId()`. */
  positionName?: string;
  /** Whether to keep the list `workItems`; default true. */
  workItems?: boolean;
  /**
   * Whether the first page of the list is asked for while the first connection is being made, default false. Where the hub is far,
   * the list is there some round trips earlier; where much happens in that time, the page is thrown away and asked for again.
   * Not with `consume`.
   */
  listAhead?: boolean;
  /** Milliseconds for a command; default 10,000. */
  commandTimeoutMs?: number;
  /** What commands do without a connection; default `refuse`. */
  whenOffline?: 'refuse' | 'queue';
  /** Milliseconds for a call of `getToken`; default 15,000. */
  tokenTimeoutMs?: number;
  /** Milliseconds for making a connection; default 10,000. */
  connectTimeoutMs?: number;
  /** Milliseconds without a word after which the stream is begun anew; default 40,000. The hub says something each 15 s. */
  silenceMs?: number;
  /** Transports in the order in which they are tried; default WebSocket, then long polling. */
  transports?: readonly TransportName[];
  /** Waits between tries: full jitter, up to 500 ms at first and 30 s at last. */
  backoff?: BackoffOptions;
}

export interface WorkItemClient extends Commands {
  readonly state: ClientState;
  /** Who the token speaks for, after the first connection. */
  readonly principal: Principal | null;
  /** What the hub's clock says now, milliseconds since 1970; before the first connection, what the one here does. */
  readonly hubTime: number;
  /** Everything up to here was handed to the application; `null` before the first connection. */
  readonly position: Position | null;
  readonly filter: Filter | null;
  /** The items that one may see, live. */
  readonly workItems: WorkItems;
  /** Listens; returns what ends it. */
  on<N extends keyof WorkItemClientEvents>(name: N, listener: WorkItemClientEvents[N]): () => void;
  /** Connects, and stays connected. Does nothing when it is under way. */
  connect(): void;
  /** Ends everything; `connect` begins again, where it was. */
  close(): void;
  /** Shows something else from now on; resolves when the stream does. @throws WorkItemError `invalid` */
  setFilter(filter: Filter | null): Promise<void>;
  /**
   * Works on every event, one after the other: the position moves only past events whose handler has finished, and is kept in
   * `storage`, or on the hub. To be called before `connect`, once; connects when the position was read.
   */
  consume(handler: (event: ConsumedEvent) => void | Promise<void>, options?: ConsumeOptions): Consumer;
}

const REFRESH_AGAIN_MS = 5_000;
/** The hub warns a minute ahead. */
const REFRESH_MAX_MS = 60_000;
/** A refresh in place asks for tokens at most so often, milliseconds. */
const REFRESH_MS = 1_000;
/** On the hub a position is moved at most so often, milliseconds. */
const ACK_MS = 500;

/**
 * A client of one hub for one person. It connects when it is told to.
 * @throws WorkItemError `invalid` for options that cannot work
 */
export function createWorkItemClient(options: WorkItemClientOptions): WorkItemClient {
  if (typeof options.getToken !== 'function') throw new WorkItemError('invalid', 'getToken must be a function.');
  assertFilter(options.filter);
  const { connectTimeoutMs = 10_000, commandTimeoutMs = 10_000, backoff = {} } = options;
  const emitter = createEmitter<WorkItemClientEvents>((thrown, name) => {
    const error = asError(thrown, 'handler_failed', `A listener of ${String(name)} failed.`);
    if (name === 'error') console.error(error);
    else onError(error);
  });
  const tokens = createTokenSource(options.getToken, options.tokenTimeoutMs ?? 15_000);
  const store = createWorkItems((thrown) =>
    onError(asError(thrown, 'handler_failed', 'A listener, or the order, of a list of items failed.')),
  );
  /** What the application wants to see, and what the hub's stream shows: a change is under way when they differ. */
  let filter = options.filter ?? null;
  let shown = filter;
  let lastChange: Promise<unknown> = Promise.resolve();
  let state: ClientState = { name: 'idle', code: null, reason: '', retryAt: null };
  /** The consumer's position is being read; whether to connect then. */
  let loading = false;
  let wanted = false;
  let refreshTimer: ReturnType<typeof setTimeout> | undefined;
  let consumer: ConsumerFeed | null = null;
  /** Kept on the hub: the first handshake presents no position, and the hub goes on from there. */
  const cursorOnHub = options.storage === undefined && options.clientId !== undefined;
  const waiting = new Set<() => void>();
  /** By how much the hub's clock is ahead of the one here, milliseconds. */
  let clockAhead = 0;

  function onError(error: WorkItemError): void {
    emitter.emit('error', error);
  }

  const snapshots = createSnapshots({ url: options.url, tokens, backoff, timeoutMs: connectTimeoutMs * 3, onError });
  const ahead = options.listAhead === true && options.workItems !== false;

  const stream = createStream({
    store: options.workItems === false ? null : store,
    fetchSnapshot: (...asked) => snapshots.fetch(...asked),
    filter: () => shown,
    onError,
    onFatal: (error) => connection.close(error.code, error.message),
    onBehind: () => showState(),
    onMissed: (reason) => consumer?.missed({ reason }, stream.position as Position),
    onItemEvent(event) {
      consumer?.push(event, stream.position as Position);
      emitter.emit('event', event);
      emitter.emit(event.name, ...([event.data, event.meta] as never));
    },
    onControl,
    onCaughtUp(report) {
      showState();
      emitter.emit('caught_up', report);
    },
  });

  const connection = createConnection({
    url: options.url,
    tokens,
    backoff,
    connectTimeoutMs,
    silenceMs: options.silenceMs ?? 40_000,
    transports: options.transports ?? ['websocket', 'polling'],
    handshake() {
      shown = filter;
      return {
        position: stream.position,
        filter,
        contract: CONTRACT,
        ...(options.clientId === undefined ? {} : { client_id: options.clientId }),
      };
    },
    onDial(token) {
      // Who works on events goes by the stream alone.
      if (ahead && consumer === null && stream.position === null) snapshots.askAhead(shown, token);
    },
    onEvent: (name, data, meta) => stream.take(name, data, meta),
    onBadPosition: () => stream.forgetPosition(),
    onError,
    onPhase(phase) {
      if (phase.name !== 'open') {
        clearTimeout(refreshTimer);
        stream.pause();
      }
      if (phase.name === 'closed') {
        stream.stop();
        snapshots.forget();
      }
      showState();
      if (phase.name === 'open' || phase.name === 'closed') {
        for (const wake of Array.from(waiting)) wake();
      }
    },
  });

  function onControl(event: ControlEvent): void {
    const position = stream.position as Position;
    if (event.name === 'ready') begin(event.data, position, event.meta.at);
    else if (event.name === 'token_expiring')
      planRefresh(Date.parse(event.data.expires_at) - Date.parse(event.meta.at));
    else if (event.name !== 'resync_required') consumer?.passed(position);
    showState();
  }

  function begin({ contract, expires_at }: Ready, position: Position, at: string): void {
    if (contract < OLDEST_CONTRACT) {
      connection.close('unsupported', 'The hub is too old for this client.');
      return;
    }
    tokens.setExpiry(expires_at, at);
    clockAhead = (Date.parse(at) || Date.now()) - Date.now();
    consumer?.begin(position);
    // The application has changed its mind since the handshake.
    if (shown !== filter) setFilter(filter).catch(onError);
  }

  /**
   * The hub warns a minute ahead, of a token that lives for less than that at once, and of the new one as well: a token is not replaced
   * before half of its life is over.
   * @param leftMs by the hub's clock
   */
  function planRefresh(leftMs: number): void {
    const { age } = tokens;
    clearTimeout(refreshTimer);
    const wait = Math.max((leftMs - age) / 2, REFRESH_MS - age, 0);
    // Whatever a hub says, a timer must hold it.
    refreshTimer = setTimeout(() => void refreshToken(), Math.min(wait || 0, REFRESH_MAX_MS));
  }

  /** In place; when that does not work in time the hub ends the connection, and the next one asks again. */
  async function refreshToken(): Promise<void> {
    const during = connection.phase;
    let token: string | null = null;
    try {
      token = await tokens.renew('expiring');
      if (connection.phase !== during) return;
      const { expires_at, principal } = await connection.refresh(token);
      tokens.setExpiry(String(expires_at));
      if (connection.phase === during) stream.refreshed(principal as Principal);
    } catch (thrown) {
      const error = asError(thrown, 'token_unavailable', 'The token could not be refreshed.');
      if (token !== null && (error.code === 'unauthenticated' || error.code === 'token_expired')) {
        tokens.spoil(token, 'refused');
      }
      if (connection.phase !== during) return;
      // Whoever has signed out is not to see more until the old token ends.
      if (token === null && error.code === 'unauthenticated') return connection.close(error.code, error.message);
      onError(error);
      refreshTimer = setTimeout(() => void refreshToken(), REFRESH_AGAIN_MS);
    }
  }

  function showState(): void {
    const next = stateOf(connection.phase, stream.current);
    if (next.name === state.name && next.code === state.code && next.retryAt === state.retryAt) return;
    state = next;
    emitter.emit('state', next);
  }

  function whenOpen(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (connection.phase.name === 'open') return end(resolve);
        if (connection.phase.name === 'closed') {
          return end(() => reject(new WorkItemError('closed', 'The client was closed.')));
        }
        if (signal.aborted) end(() => reject(new WorkItemError('timeout', 'There was no connection in time.')));
      };
      const end = (then: () => void): void => {
        waiting.delete(look);
        signal.removeEventListener('abort', look);
        then();
      };
      waiting.add(look);
      signal.addEventListener('abort', look);
      look();
    });
  }

  const commands = createCommands({
    ask: (name, body, timeoutMs) => connection.ask(name, body, timeoutMs),
    whenOpen,
    isOpen: () => connection.phase.name === 'open',
    me: () => stream.principal?.sub ?? null,
    get: (id) => store.get(id),
    answer: (item) => store.answer(item),
    guess: (id, change) => store.guess(id, change),
    timeoutMs: commandTimeoutMs,
    whenOffline: options.whenOffline ?? 'refuse',
  });

  async function setFilter(next: Filter | null): Promise<void> {
    assertFilter(next);
    filter = next;
    // One after the other, so that it is known at each event which of them the stream shows.
    const mine = lastChange.then(() => bringFilter(next));
    lastChange = mine.catch(() => {});
    return mine;
  }

  async function bringFilter(next: Filter | null): Promise<void> {
    // Another is wanted by now, or the handshake has brought it, or will: `ready` looks whether it was in time.
    if (filter !== next || shown === next || !stream.begun) return;
    const during = connection.phase;
    const answered = stream.refiltering();
    try {
      const { position } = await connection.ask('set_filter', { filter: next }, commandTimeoutMs);
      if (connection.phase !== during) return;
      // Where the stream goes on is not known then; the next one says it.
      if (!isPosition(position)) return connection.restart('The hub did not say where its stream goes on.');
      shown = next;
      answered(position);
    } catch (thrown) {
      if (connection.phase !== during) return;
      const error = asError(thrown, 'unreachable', 'The filter was not changed.');
      if (error.code === 'timeout' || error.code === 'unreachable') return connection.restart(error.message);
      answered(null);
      if (filter === next) filter = shown;
      throw error;
    }
  }

  function consume(handler: (event: ConsumedEvent) => void | Promise<void>, how: ConsumeOptions = {}): Consumer {
    if (consumer || connection.phase.name !== 'idle') {
      throw new WorkItemError('invalid', 'consume() is called once, before connect().');
    }
    const keeper = cursorOnHub
      ? keepOnHub((body) => connection.ask('ack', body, commandTimeoutMs))
      : keepIn(options.storage ?? memoryStorage(), nameOf(options));
    const made = createConsumer({
      handler,
      options: how,
      backoff,
      save: (position) => keeper.save(position),
      hold,
      release,
      onError,
    });
    consumer = made;
    loading = true;
    wanted = true;
    keeper
      .load()
      .catch((thrown: unknown) => {
        onError(
          asError(thrown, 'storage_failed', 'The position could not be read; the consumer begins at the present.'),
        );
        return null;
      })
      .then((position) => {
        loading = false;
        if (position) stream.setPosition(position);
        if (wanted) connection.open();
      })
      .catch(onError);
    return made;
  }

  const hold = (reason: string): void => connection.hold(reason);
  const release = (): void => connection.release();

  return {
    ...commands,
    get state() {
      return state;
    },
    get principal() {
      return stream.principal;
    },
    get hubTime() {
      return Date.now() + clockAhead;
    },
    get position() {
      return stream.position;
    },
    get filter() {
      return filter;
    },
    workItems: store,
    on: (name, listener) => emitter.on(name, listener),
    connect() {
      wanted = true;
      if (!loading) connection.open();
    },
    close() {
      wanted = false;
      connection.close('closed', 'The application closed the client.');
    },
    setFilter,
    consume,
  };
}

function stateOf(phase: Phase, current: boolean): ClientState {
  switch (phase.name) {
    case 'open':
      return { name: current ? 'connected' : 'catching_up', code: null, reason: '', retryAt: null };
    case 'waiting':
      return { name: 'offline', code: phase.code, reason: phase.reason, retryAt: phase.retryAt };
    case 'closed':
      return { name: 'closed', code: phase.code, reason: phase.reason, retryAt: null };
    default:
      return { name: phase.name, code: null, reason: '', retryAt: null };
  }
}

interface Keeper {
  load(): Promise<Position | null>;
  save(position: Position): Promise<void>;
}

const nameOf = ({ url, positionName, clientId }: WorkItemClientOptions): string =>
  `workitem-hub:${url}:${positionName ?? clientId ?? 'default'}`;

function keepIn(storage: PositionStorage, name: string): Keeper {
  return {
    async load() {
      const text = (await storage.get(name)) ?? null;
      if (text === null) return null;
      const kept: unknown = JSON.parse(text);
      if (!isPosition(kept)) throw new Error('This is no position.');
      const { epoch, seq, scope } = kept;
      return { epoch, seq, ...(typeof scope === 'string' ? { scope } : {}) };
    },
    async save(position) {
      await storage.set(name, JSON.stringify(position));
    },
  };
}

/** The hub's own cursor of this client: acknowledged now and then, and once more where it stands. */
function keepOnHub(ack: (position: Position) => Promise<unknown>): Keeper {
  return {
    load: async () => null,
    async save(position) {
      await ack(position);
      await new Promise((resolve) => setTimeout(resolve, ACK_MS));
    },
  };
}

const isPosition = (value: unknown): value is Position =>
  typeof (value as Position | null)?.epoch === 'string' && Number.isSafeInteger((value as Position).seq);
