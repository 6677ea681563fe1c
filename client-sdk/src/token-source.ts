// The application's tokens: asked for when one is needed, one call at a time, kept until it does not do any more.
import { asError, WorkItemError } from './errors.js';

/**
 * Why a token is asked for: `connect` for the first time, `expiring` to refresh a live connection in place, `expired` when the
 * one in hand has run out, `refused` when the hub did not take it.
 */
export type TokenReason = 'connect' | 'expiring' | 'expired' | 'refused';

/**
 * Gives a token. `null` means that nobody is signed in: the client closes. What it throws, and a call that takes too long, is
 * tried again later. `signal` tells that nobody waits for the answer any more.
 */
export type GetToken = (why: { reason: TokenReason; signal: AbortSignal }) => string | null | Promise<string | null>;

export interface TokenSource {
  /** The token in hand, or a new one. @throws WorkItemError `token_unavailable`, or `unauthenticated` when nobody is signed in. */
  current(): Promise<string>;
  /** A new token, whatever is in hand. */
  renew(reason: TokenReason): Promise<string>;
  /** This token does not do any more: when it is the one in hand, the next is asked for this reason. */
  spoil(used: string, reason: TokenReason): void;
  /**
   * How long the token in hand is good, by the hub's clock; unknown when that is no time.
   * @param hubTime what that clock says now: the one here may be wrong by more than a token's life. Default: as far apart as before.
   */
  setExpiry(expiresAt: string, hubTime?: string): void;
  /** Milliseconds since the token in hand was given. */
  readonly age: number;
}

/** Before its end a token is not used for a new connection, milliseconds: it would not last until the hub has looked at it. */
const MARGIN_MS = 5_000;
const NEVER = Number.POSITIVE_INFINITY;

export function createTokenSource(getToken: GetToken, timeoutMs: number): TokenSource {
  let token: string | null = null;
  let expiresAt = NEVER;
  /** By how much the hub's clock is ahead of the one here, milliseconds. */
  let ahead = 0;
  let givenAt = Date.now();
  let reason: TokenReason = 'connect';
  let asking: Promise<string> | null = null;

  async function ask(why: TokenReason): Promise<string> {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new WorkItemError('token_unavailable', `No token within ${timeoutMs} ms.`));
        abort.abort();
      }, timeoutMs);
    });
    try {
      const given = await Promise.race([
        Promise.resolve().then(() => getToken({ reason: why, signal: abort.signal })),
        late,
      ]);
      if (given === null) throw new WorkItemError('unauthenticated', 'Nobody is signed in.');
      if (typeof given !== 'string' || given === '') {
        throw new WorkItemError('token_unavailable', 'getToken gave none.');
      }
      token = given;
      givenAt = Date.now();
      expiresAt = NEVER;
      return given;
    } catch (thrown) {
      throw asError(thrown, 'token_unavailable', 'getToken failed.');
    } finally {
      clearTimeout(timer);
    }
  }

  function renew(why: TokenReason): Promise<string> {
    asking ??= ask(why).finally(() => {
      asking = null;
    });
    return asking;
  }

  return {
    renew,
    async current() {
      if (asking) return asking;
      if (token !== null && Date.now() < expiresAt - MARGIN_MS) return token;
      return renew(token === null ? reason : 'expired');
    },
    spoil(used, why) {
      // A list and a stream may meet the same refusal: what the first of them has renewed stays.
      if (token !== used) return;
      token = null;
      reason = why;
    },
    setExpiry(at, hubTime) {
      if (hubTime) ahead = Date.parse(hubTime) - Date.now();
      expiresAt = Date.parse(at) - ahead || NEVER;
    },
    get age() {
      return Date.now() - givenAt;
    },
  };
}
