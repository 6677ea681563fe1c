// One Socket.IO connection at a time, for as long as the client lives: made, watched, and made again.
import { io, type Socket } from 'socket.io-client';
import { type BackoffOptions, createBackoff } from './backoff.js';
import { CLOSE, type Handshake } from './contract.js';
import { asError, errorOf, type ClientErrorCode, WorkItemError, isObject } from './errors.js';
import { hubUrl } from './hub-url.js';
import { readEvent } from './incoming.js';
import { MAX_PAUSE_MS } from './pause.js';
import type { TokenSource } from './token-source.js';
import { watchForWake } from './wake.js';

/**
 * `waiting`: there is no connection; the next try is at `retryAt` (milliseconds since 1970).
 * `closed`: there will be none, until `open` is called again.
 */
export type Phase =
  | { name: 'idle' | 'connecting' | 'open' }
  | { name: 'waiting'; code: ClientErrorCode; reason: string; retryAt: number }
  | { name: 'closed'; code: ClientErrorCode; reason: string };

export type TransportName = 'websocket' | 'polling';

export interface ConnectionOptions {
  /** Where the hub is, perhaps below a path. */
  url: string;
  tokens: TokenSource;
  /** What the next handshake says, beside the token. */
  handshake(): Omit<Handshake, 'token'>;
  /** A connection is about to be made with this token, after `handshake` was asked. */
  onDial(token: string): void;
  /** Every event of the hub, as it came. */
  onEvent(name: string, data: unknown, meta: unknown): void;
  onPhase(phase: Phase): void;
  /** The position was refused as malformed: the next handshake must not present it again. */
  onBadPosition(): void;
  onError(error: WorkItemError): void;
  transports: readonly TransportName[];
  backoff: BackoffOptions;
  /** Milliseconds for a connection to be made. */
  connectTimeoutMs: number;
  /** Milliseconds without any event, after which the stream is taken for dead; the hub says something each 15 s. */
  silenceMs: number;
}

export interface Connection {
  readonly phase: Phase;
  open(): void;
  /** Ends it for good. */
  close(code: ClientErrorCode, reason: string): void;
  /** Ends this connection; the next one begins from the position. */
  restart(reason: string): void;
  /** Ends this connection until `release`: nothing more is to come in. */
  hold(reason: string): void;
  release(): void;
  /** Sends an event and waits for its acknowledgement. @throws WorkItemError `offline`, `timeout`, or what the hub says. */
  ask(name: string, body: object, timeoutMs: number): Promise<Record<string, unknown>>;
  /** Gives the hub a new token in place. @throws WorkItemError */
  refresh(token: string): Promise<Record<string, unknown>>;
}

const PROBE_MS = 3_000;
/** After a drain the hub has spread its clients already. */
const DRAINED_MS = 250;
/** For what is to be said at the end of a connection. */
const CLOSE_MS = 1_000;
/** A socket that lived this long has proved that connecting works. */
const HEALTHY_MS = 10_000;

export function createConnection(options: ConnectionOptions): Connection {
  const { tokens } = options;
  const { origin, pathname } = new URL(hubUrl(options.url));
  const backoff = createBackoff(options.backoff);
  let phase: Phase = { name: 'idle' };
  let socket: Socket | null = null;
  /** Each attempt has its number: whatever an earlier one still says is not listened to. */
  let attempt = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;
  let stopWatching: (() => void) | null = null;
  /** Fresh tokens that were refused, one after the other. */
  let refusals = 0;
  let badPositions = 0;
  /** Tries that met no hub at all since WebSockets were seen to work: something in between may block a transport. */
  let blocked = 0;
  /** The hub said to come back no earlier; by the clock that nobody sets. */
  let notBefore = 0;
  /** When this connection said something for the last time. */
  let heardAt = 0;
  let begun = false;
  let probing = false;
  let drained = false;
  let held = false;
  let openedAt = 0;

  function setPhase(next: Phase): void {
    phase = next;
    options.onPhase(next);
  }

  /** Tells the application. `false` when it answered by ending what was under way, as by `close`. */
  function report(error: WorkItemError): boolean {
    const mine = attempt;
    options.onError(error);
    return mine === attempt;
  }

  function dropSocket(): void {
    clearTimeout(retryTimer);
    clearTimeout(silenceTimer);
    attempt++;
    begun = false;
    probing = false;
    const old = socket;
    socket = null;
    old?.offAny();
    old?.removeAllListeners();
    old?.disconnect();
    if (old?.io.engine) closeEngine(old.io.engine);
  }

  async function connect(): Promise<void> {
    dropSocket();
    const mine = attempt;
    setPhase({ name: 'connecting' });
    // Whoever is told may have closed the client.
    if (mine !== attempt) return;
    let token: string;
    try {
      token = await tokens.current();
    } catch (thrown) {
      if (mine !== attempt) return;
      const error = thrown as WorkItemError;
      if (error.code === 'unauthenticated') close(error.code, error.message);
      else if (report(error)) retry(error.code, error.message);
      return;
    }
    if (mine === attempt) dial(token, mine);
  }

  function dial(token: string, mine: number): void {
    const auth = { ...options.handshake(), token };
    options.onDial(token);
    const dialled = io(`${origin}/workitems`, {
      path: `${pathname.replace(/\/$/, '')}/socket.io/`,
      auth,
      transports: transportsOf(options.transports, blocked),
      tryAllTransports: true,
      forceNew: true,
      reconnection: false,
      timeout: options.connectTimeoutMs,
    });
    socket = dialled;
    const isMine = (): boolean => mine === attempt;
    // The library's own bound ends with the transport; a proxy, or a hub, may hang after that.
    retryTimer = setTimeout(() => {
      if (isMine()) failed('unreachable', 'The hub did not answer in time.');
    }, options.connectTimeoutMs * 2);

    dialled.on('connect', () => {
      if (!isMine()) return;
      clearTimeout(retryTimer);
      const { engine } = dialled.io;
      const worked = (): void => {
        blocked = 0;
      };
      if (engine.transport.name === 'websocket') worked();
      else engine.once('upgrade', worked);
      drained = false;
      openedAt = Date.now();
      expectSound();
      setPhase({ name: 'open' });
    });
    dialled.on('connect_error', (error: Error & { data?: unknown }) => {
      if (!isMine()) return;
      if (error.data === undefined) failed('unreachable', 'The hub cannot be reached.');
      else refused(errorOf(error.data), token);
    });
    dialled.on('disconnect', (reason, details) => {
      if (isMine()) lost(reason, closeCodeOf(details));
    });
    dialled.onAny((name: string, data: unknown, meta: unknown) => {
      if (isMine()) heard(name, data, meta);
    });
  }

  function heard(name: string, data: unknown, meta: unknown): void {
    heardAt = Date.now();
    try {
      if (name === 'ready') {
        // One that cannot be read begins no stream.
        readEvent(name, data, meta);
        begun = true;
        refusals = 0;
        badPositions = 0;
      }
    } catch (thrown) {
      const error = asError(thrown, 'bad_message', 'The hub sent a ready that cannot be read.');
      if (report(error)) retry(error.code, error.message);
      return;
    }
    // A hub that never begins is no better than one that is silent.
    if (begun) expectSound();
    if (name === 'draining') drained = true;
    try {
      options.onEvent(name, data, meta);
    } catch (thrown) {
      report(asError(thrown, 'bad_message', `A ${name} of the hub could not be taken.`));
    }
  }

  /** No hub was met. */
  function failed(code: ClientErrorCode, reason: string): void {
    blocked++;
    retry(code, reason);
  }

  /** A hub was met, and did not let us in. */
  function refused(error: WorkItemError, token: string): void {
    const { code, message } = error;
    if (code === 'unauthenticated' || code === 'token_expired') {
      // The token in hand may have died meanwhile; one that was made just now and is refused as well will not get better.
      if (++refusals > 1) return close(code, message);
      tokens.spoil(token, code === 'token_expired' ? 'expired' : 'refused');
      return void connect();
    }
    if (code === 'forbidden') return close(code, message);
    if (code === 'invalid') {
      if (isObject(error.details) && 'oldest' in error.details) return close('unsupported', message);
      if (isAbout(error, 'position') && ++badPositions === 1) {
        options.onBadPosition();
        return report(error) ? void connect() : undefined;
      }
      return close(code, message);
    }
    if (report(error)) retry(code, message, error.retryAfterMs);
  }

  function lost(reason: string, closeCode: number | undefined): void {
    if (Date.now() - openedAt > HEALTHY_MS) backoff.reset();
    const code: ClientErrorCode = closeCode === CLOSE.rateLimited ? 'rate_limited' : 'unreachable';
    const why = WHY[closeCode ?? 0] ?? `The connection was lost (${reason}).`;
    if (drained) wait(Math.random() * DRAINED_MS, code, why);
    else retry(code, why);
  }

  function retry(code: ClientErrorCode, reason: string, atLeastMs = 0): void {
    notBefore = performance.now() + Math.min(atLeastMs, MAX_PAUSE_MS);
    wait(Math.max(backoff.next(), atLeastMs + (atLeastMs > 0 ? Math.random() * 1_000 : 0)), code, reason);
  }

  function wait(ms: number, code: ClientErrorCode, reason: string): void {
    dropSocket();
    const bounded = Math.min(ms, MAX_PAUSE_MS);
    // Before anybody is told, who may answer by `close`.
    retryTimer = setTimeout(() => void connect(), bounded);
    setPhase({ name: 'waiting', code, reason, retryAt: Date.now() + bounded });
  }

  function close(code: ClientErrorCode, reason: string): void {
    dropSocket();
    stopWatching?.();
    stopWatching = null;
    if (phase.name !== 'closed') setPhase({ name: 'closed', code, reason });
  }

  function restart(reason: string): void {
    if (phase.name === 'open') wait(0, 'unreachable', reason);
  }

  function hold(reason: string): void {
    if (phase.name === 'idle' || phase.name === 'closed') return;
    held = true;
    dropSocket();
    setPhase({ name: 'waiting', code: 'offline', reason, retryAt: Number.POSITIVE_INFINITY });
  }

  function release(): void {
    if (!held) return;
    held = false;
    if (phase.name === 'waiting') void connect();
  }

  /** Whatever the hub says proves that the stream lives; when it says nothing for too long, it is begun anew. */
  function expectSound(): void {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(() => restart('The hub has been silent for too long.'), options.silenceMs);
  }

  /** Asks at once, instead of waiting until a heartbeat is missed. */
  function onWake(): void {
    if (phase.name === 'waiting' && !held && performance.now() >= notBefore) {
      void connect();
    } else if (phase.name === 'open' && !probing) {
      const mine = attempt;
      const askedAt = heardAt;
      probing = true;
      ask('ping', {}, PROBE_MS)
        .catch((error: WorkItemError) => {
          // A hub that refuses the question has answered it, and whatever else it said shows that it is there.
          if (mine === attempt && error.code === 'timeout' && heardAt === askedAt) restart('The connection had died.');
        })
        .finally(() => {
          if (mine === attempt) probing = false;
        });
    }
  }

  async function ask(name: string, body: object, timeoutMs: number): Promise<Record<string, unknown>> {
    const asked = socket;
    if (!asked?.connected) throw new WorkItemError('offline', 'There is no connection to the hub.');
    let answer: unknown;
    try {
      answer = await asked.timeout(timeoutMs).emitWithAck(name, body);
    } catch {
      if (asked !== socket || !asked.connected) {
        throw new WorkItemError('unreachable', 'The connection was lost before the hub had answered.');
      }
      throw new WorkItemError('timeout', `No answer within ${timeoutMs} ms.`);
    }
    if (isObject(answer) && answer.ok === true) return answer;
    throw errorOf(isObject(answer) ? answer.error : answer);
  }

  return {
    get phase() {
      return phase;
    },
    open() {
      if (phase.name !== 'idle' && phase.name !== 'closed') return;
      refusals = 0;
      badPositions = 0;
      held = false;
      notBefore = 0;
      backoff.reset();
      stopWatching ??= watchForWake(onWake);
      void connect();
    },
    close,
    restart,
    hold,
    release,
    ask,
    refresh: (token) => ask('refresh_token', { token }, options.connectTimeoutMs),
  };
}

/** The library waits for what is under way: behind a proxy that swallows it, for ever. */
function closeEngine(engine: Socket['io']['engine']): void {
  engine.close();
  const timer = setTimeout(() => engine.transport.close(), CLOSE_MS);
  (timer as { unref?: () => void }).unref?.();
}

/** The other way round after each try that met nobody: a proxy may swallow WebSockets without a word. What worked is tried first. */
function transportsOf(wished: readonly TransportName[], blocked: number): TransportName[] {
  return blocked % 2 === 1 ? [...wished].reverse() : [...wished];
}

/** Whether the hub says that this part of the handshake is malformed. */
const isAbout = ({ details }: WorkItemError, part: string): boolean =>
  Array.isArray(details) && details.some((issue) => isObject(issue) && String(issue.path).startsWith(part));

/** What a WebSocket was closed with, as far as the library tells. */
function closeCodeOf(details: unknown): number | undefined {
  const description = isObject(details) ? details.description : undefined;
  const code = isObject(description) ? description.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

const WHY: Readonly<Record<number, string>> = {
  [CLOSE.restart]: 'This process of the hub goes away.',
  [CLOSE.tryLater]: 'The hub cannot at the moment.',
  [CLOSE.unauthenticated]: 'The token does not hold any more.',
  [CLOSE.tooSlow]: 'This client was too slow for its stream.',
  [CLOSE.rateLimited]: 'Too much at once.',
};
