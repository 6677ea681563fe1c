// The public keys of an identity provider (JWKS). jose reads, keeps and chooses them; when to ask the provider again
// is decided here: so that a rotated key is found at once, a flood of made-up key ids asks seldom, and keys that are
// known go on working while the provider is away.
import { type CryptoKey, createRemoteJWKSet, customFetch, errors, type JWTHeaderParameters } from 'jose';
import { HubError } from '../errors.js';

export interface Keys {
  /**
   * The key that a token's header names.
   * @throws HubError `unauthenticated` when the provider has no such key, `unavailable` when the provider cannot be asked.
   */
  find(header: JWTHeaderParameters): Promise<CryptoKey>;
}

export interface KeysOptions {
  /** Of one request to the provider; default 3,000. */
  timeoutMs?: number;
  /** Age from which keys are asked for again before they are used; default 10 minutes. */
  maxAgeMs?: number;
  /** Pause after an answer without the key that was sought; doubles with each in a row, up to 32 times; default 1,000. */
  pauseMs?: number;
  /** Pause after no answer; default 2,000. */
  retryMs?: number;
}

const MAX_DOUBLINGS = 5;
/** Bytes of the longest answer that is read; a provider's is some kilobytes. */
const MAX_BYTES = 1024 * 1024;

/** Keys of a JWKS URL. Nothing is asked before the first token. */
export function createKeys(url: string, options: KeysOptions = {}): Keys {
  const { timeoutMs = 3000, maxAgeMs = 600_000, pauseMs = 1000, retryMs = 2000 } = options;
  const jwks = createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeoutMs,
    // Never by itself: see above.
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: Number.POSITIVE_INFINITY,
    [customFetch]: fetchBounded,
  });
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let nextFetchAt = 0;
  let fruitless = 0;
  let failure: unknown = null;
  let fetching: Promise<void> | undefined;

  /** Asks the provider, unless it was asked just now; resolves with whether it answered. */
  async function refresh(): Promise<boolean> {
    if (!fetching && performance.now() < nextFetchAt) return false;
    fetching ??= fetchKeys().finally(() => {
      fetching = undefined;
    });
    await fetching;
    return failure === null;
  }

  async function fetchKeys(): Promise<void> {
    try {
      await jwks.reload();
      failure = null;
      fetchedAt = performance.now();
      nextFetchAt = fetchedAt + pauseMs * 2 ** Math.min(fruitless, MAX_DOUBLINGS);
      fruitless++;
    } catch (error) {
      failure = error;
      nextFetchAt = performance.now() + retryMs;
    }
  }

  async function choose(header: JWTHeaderParameters): Promise<CryptoKey | null> {
    if (fetchedAt < 0) return null;
    try {
      return await jwks(header);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return null;
      throw error;
    }
  }

  return {
    async find(header) {
      let refreshed = performance.now() - fetchedAt > maxAgeMs && (await refresh());
      let key = await choose(header);
      if (!key && !refreshed) {
        refreshed = await refresh();
        key = await choose(header);
      }
      if (key) {
        if (refreshed) nextFetchAt = fruitless = 0;
        return key;
      }
      if (failure === null) throw new HubError('unauthenticated', 'The token is signed with an unknown key.');
      throw new HubError('unavailable', 'The identity provider cannot be reached; please try again.', {
        retryAfterMs: retryMs,
        cause: failure,
      });
    },
  };
}

/** As `fetch`, but reads no more than {@link MAX_BYTES}. @throws Error for a longer answer */
async function fetchBounded(...[url, options]: Parameters<typeof fetch>): Promise<Response> {
  const { body, status, headers } = await fetch(url, options);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // Leaving the loop ends the connection.
    if (size > MAX_BYTES) throw new Error('The answer of the identity provider is too long.');
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status, headers });
}
