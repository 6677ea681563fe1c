// The door: who may come in, on HTTP, Socket.IO and the bridge alike, and who has knocked too often with wrong keys.
import { createHash, timingSafeEqual } from 'node:crypto';
import { HubError } from '../errors.js';
import type { Limits } from '../ops/limits.js';
import type { Metrics } from '../ops/metrics.js';
import { hasRole, type Session } from './principal.js';
import type { Revocations } from './revocation.js';
import type { Tokens } from './tokens.js';

export interface IntakeCredentials {
  /** `x-api-key`; when it is there, it decides. */
  apiKey: string | undefined;
  bearer: string | undefined;
  address: string;
}

export interface Authenticator {
  /**
   * The session of a caller.
   * @throws HubError `unauthenticated`, `token_expired`, `unavailable`, or `rate_limited` for a wrong token from an address
   *   from which too many wrong credentials came; a good one is let in from there too
   */
  authenticate(token: string | undefined, address: string): Promise<Session>;
  /**
   * For what is done in the course of a session, however late a timer or a poll may be.
   * @throws HubError `token_expired`, `unauthenticated` when it was revoked since
   */
  assertHolds(session: Session): Promise<void>;
  /**
   * Who posts mails: the fingerprint of an intake key (12 hexadecimal digits), or the `sub` of a token.
   * @throws HubError as `authenticate`, and `forbidden` for a token without the role `intake`; `rate_limited` also for a
   *   right key that was not used before from an address that guesses
   */
  intake(credentials: IntakeCredentials): Promise<{ caller: string }>;
}

/** Keys and addresses that are remembered; a Logic App has some dozens of addresses. */
const MAX_USED = 1_000;

export interface AuthenticatorDeps {
  tokens: Tokens;
  revocations: Pick<Revocations, 'isRevoked' | 'current'>;
  limits: Limits;
  intakeKeys: readonly string[];
  metrics?: Pick<Metrics, 'authFailures'>;
}

export function createAuthenticator({
  tokens,
  revocations,
  limits,
  intakeKeys,
  metrics,
}: AuthenticatorDeps): Authenticator {
  const keys = intakeKeys.map(digestOf);
  /** Digests of right keys, each with an address that it came from. */
  const used = new Set<string>();

  /** Verifies what was presented, and remembers the address when it was nothing that could ever have been right. */
  async function admit<T>(address: string, verify: () => T | Promise<T>): Promise<T> {
    try {
      return await verify();
    } catch (error) {
      // An expired token was a good one: a whole office presents such after lunch, from one address.
      if (error instanceof HubError && error.code === 'unauthenticated') await limits.consume('failedAuth', address);
      throw error;
    }
  }

  /**
   * Keys may be short enough to be guessed, tokens are not: so beyond the limit no key is even compared, but where it was
   * used before. Whoever guesses behind the address of a Logic App does not stop its mails.
   */
  async function admitKey(apiKey: string, address: string): Promise<string> {
    const given = digestOf(apiKey);
    const seat = `${given.toString('base64')} ${address}`;
    if (!used.has(seat)) await limits.would('failedAuth', address);
    const fingerprint = await admit(address, () => fingerprintOf(given));
    used.add(seat);
    const [oldest] = used;
    if (used.size > MAX_USED && oldest !== undefined) used.delete(oldest);
    return fingerprint;
  }

  /** Counts refusals, of whatever kind. */
  async function counted<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof HubError) metrics?.authFailures.inc({ code: error.code });
      throw error;
    }
  }

  async function session(token: string | undefined, address: string): Promise<Session> {
    if (!token) throw new HubError('unauthenticated', 'This needs a token.');
    const verified = await admit(address, () => tokens.verify(token));
    await assertHolds(verified);
    return verified;
  }

  async function assertHolds(held: Session): Promise<void> {
    await revocations.current();
    if (revocations.isRevoked(held)) throw new HubError('unauthenticated', 'The token was revoked.');
    if (held.cutAt <= Date.now()) throw new HubError('token_expired', 'The token has expired.');
  }

  /** Compares with every key, in the same time for each. */
  function fingerprintOf(given: Buffer): string {
    const matches = keys.filter((key) => timingSafeEqual(key, given));
    if (matches.length === 0) throw new HubError('unauthenticated', 'The intake key is wrong.');
    return given.toString('hex').slice(0, 12);
  }

  return {
    authenticate: (token, address) => counted(() => session(token, address)),
    assertHolds: (held) => counted(() => assertHolds(held)),

    intake: ({ apiKey, bearer, address }) =>
      counted(async () => {
        if (apiKey !== undefined) return { caller: await admitKey(apiKey, address) };
        if (!bearer) {
          throw new HubError(
            'unauthenticated',
            'This needs an intake key in x-api-key, or a token with the role intake.',
          );
        }
        const { principal } = await session(bearer, address);
        if (!hasRole(principal, 'intake')) throw new HubError('forbidden', 'This needs the role intake.');
        return { caller: principal.sub };
      }),
  };
}

/** The token of an `Authorization: Bearer …` header. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
