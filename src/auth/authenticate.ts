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
   * @throws HubError `unauthenticated`, `token_expired`, `unavailable`, or `rate_limited` for an address from which too
   *   many wrong credentials came, before anything is verified
   */
  authenticate(token: string | undefined, address: string): Promise<Session>;
  /**
   * Who posts mails: the fingerprint of an intake key (12 hexadecimal digits), or the `sub` of a token.
   * @throws HubError as `authenticate`, and `forbidden` for a token without the role `intake`
   */
  intake(credentials: IntakeCredentials): Promise<{ caller: string }>;
}

export interface AuthenticatorDeps {
  tokens: Tokens;
  revocations: Pick<Revocations, 'isRevoked'>;
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

  /** Verifies what was presented, and remembers the address when it was nothing that could ever have been right. */
  async function admit<T>(address: string, verify: () => T | Promise<T>): Promise<T> {
    await limits.would('failedAuth', address);
    try {
      return await verify();
    } catch (error) {
      // An expired token was a good one: a whole office presents such after lunch, from one address.
      if (error instanceof HubError && error.code === 'unauthenticated') await limits.consume('failedAuth', address);
      throw error;
    }
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
    if (revocations.isRevoked(verified)) throw new HubError('unauthenticated', 'The token was revoked.');
    return verified;
  }

  /** Compares with every key, in the same time for each. */
  function fingerprintOf(apiKey: string): string {
    const given = digestOf(apiKey);
    const matches = keys.filter((key) => timingSafeEqual(key, given));
    if (matches.length === 0) throw new HubError('unauthenticated', 'The intake key is wrong.');
    return given.toString('hex').slice(0, 12);
  }

  return {
    authenticate: (token, address) => counted(() => session(token, address)),

    intake: ({ apiKey, bearer, address }) =>
      counted(async () => {
        if (apiKey !== undefined) return { caller: await admit(address, () => fingerprintOf(apiKey)) };
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
