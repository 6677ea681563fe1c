// Turns a token into a session: the signature first, by a key of the kind that the algorithm needs, then every claim
// that the hub goes by.
import { createSecretKey } from 'node:crypto';
import { ROLES } from '@workitem-hub/client/contract';
import { errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Config } from '../config.js';
import { HubError } from '../errors.js';
import type { Keys } from './keys.js';
import { openOwn } from './own-signature.js';
import type { Session } from './principal.js';
import { createRecentSessions } from './recent-sessions.js';

export interface Tokens {
  /**
   * The session that a token stands for. Whether it was revoked is not asked here.
   * @throws HubError `token_expired` for a genuine token past its end, `unauthenticated` for every other, `unavailable`
   *   when the key can be had from nowhere at the moment. Messages say nothing of what the token holds.
   */
  verify(token: string): Promise<Session>;
}

export type TokenConfig = Pick<
  Config,
  | 'JWT_ISSUER'
  | 'JWT_AUDIENCE'
  | 'JWT_CLAIM_SUB'
  | 'JWT_CLAIM_NAME'
  | 'JWT_CLAIM_EMAIL'
  | 'JWT_CLAIM_ROLES'
  | 'JWT_CLAIM_TEAMS'
>;

export interface TokenDeps {
  config: TokenConfig;
  /** For HS256. */
  secret?: string | undefined;
  /** For RS256 and ES256. */
  keys?: Keys | undefined;
}

/** Characters of the longest token that is looked at. */
const MAX_LENGTH = 16_384;
/** Seconds by which the clocks of issuer and hub may differ. */
const TOLERANCE = 5;
/** Last second of the year 9999: beyond it a date cannot be written down in ISO 8601. */
const LAST_SECOND = 253_402_300_799;

/** Text without control characters and halves of characters, which the database would change or a log show wrongly. */
const name = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u);
const claimsSchema = z.object({
  sub: name(256),
  name: name(256).nullable().catch(null),
  email: name(320).nullable().catch(null),
  teams: z.array(name(128)).max(100),
  jti: name(256).nullable(),
  iat: z.number().nullable(),
  exp: z.number().max(LAST_SECOND),
});

/** Verifies tokens of the hub's own secret, of an identity provider, or of both; each algorithm has only its own kind of key. */
export function createTokens({ config, secret, keys }: TokenDeps): Tokens {
  const secretKey = secret ? createSecretKey(secret, 'utf8') : undefined;
  const options = {
    algorithms: ['HS256', 'RS256', 'ES256'],
    requiredClaims: ['exp'],
    clockTolerance: TOLERANCE,
    ...(config.JWT_ISSUER.length > 0 && { issuer: [...config.JWT_ISSUER] }),
    ...(config.JWT_AUDIENCE.length > 0 && { audience: [...config.JWT_AUDIENCE] }),
  };

  function keyFor(header: JWTHeaderParameters) {
    if (header.alg === 'HS256' && secretKey) return secretKey;
    if (header.alg !== 'HS256' && keys) return keys.find(header);
    throw new errors.JOSEAlgNotAllowed();
  }

  const recent = createRecentSessions();

  return {
    async verify(token) {
      if (token.length > MAX_LENGTH) throw new HubError('unauthenticated', 'The token is too long.');
      const known = recent.find(token);
      if (known) return known;
      try {
        const own = secretKey && openOwn(token, secretKey, options);
        const { payload, protectedHeader } = own
          ? { payload: own, protectedHeader: { alg: 'HS256' } }
          : await jwtVerify(token, keyFor, options);
        if (protectedHeader.alg !== 'HS256') return sessionOf(payload, byProvider(config, payload));
        const session = sessionOf(payload, config);
        // A provider may take its keys back, the hub's own secret stands.
        recent.add(token, session);
        return session;
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
}

/** Entra ID's `sub` differs between applications; its `oid` is the person. */
function byProvider(config: TokenConfig, payload: JWTPayload): TokenConfig {
  return config.JWT_CLAIM_SUB === 'sub' && Object.hasOwn(payload, 'oid') ? { ...config, JWT_CLAIM_SUB: 'oid' } : config;
}

function sessionOf(payload: JWTPayload, config: TokenConfig): Session {
  const claim = (key: string): unknown => (Object.hasOwn(payload, key) ? (payload[key] ?? null) : null);
  const parsed = claimsSchema.safeParse({
    sub: claim(config.JWT_CLAIM_SUB),
    name: claim(config.JWT_CLAIM_NAME),
    email: claim(config.JWT_CLAIM_EMAIL),
    teams: entriesOf(claim(config.JWT_CLAIM_TEAMS)),
    jti: claim('jti'),
    iat: claim('iat'),
    exp: claim('exp'),
  });
  if (!parsed.success) {
    const where = String(parsed.error.issues[0]?.path[0]);
    throw new HubError('unauthenticated', `The token's claim for ${where} is missing or malformed.`);
  }
  const { sub, email, teams, jti, iat, exp } = parsed.data;
  const granted = entriesOf(claim(config.JWT_CLAIM_ROLES));
  const roles = ROLES.filter((role) => granted.includes(role));
  const expiresAt = Math.floor(exp * 1000);
  return {
    principal: { sub, name: parsed.data.name, email, roles, teams: [...new Set(teams)] },
    jti,
    issuedAt: iat,
    expiresAt,
    cutAt: Date.now() < expiresAt ? expiresAt : expiresAt + TOLERANCE * 1000,
  };
}

/** A list as issuers write it: an array, or a text separated by commas, or by spaces when it has no comma. */
function entriesOf(claim: unknown): unknown[] {
  if (Array.isArray(claim)) return claim;
  if (typeof claim !== 'string') return [];
  const parts = claim.includes(',') ? claim.split(',') : claim.split(/\s/);
  return parts.map((part) => part.trim()).filter(Boolean);
}

/** The library's errors carry the payload, so none of them goes on as a cause. */
function refusalOf(error: unknown): HubError {
  if (error instanceof HubError) return error;
  if (error instanceof errors.JWTExpired) return new HubError('token_expired', 'The token has expired.');
  return new HubError('unauthenticated', messageOf(error));
}

function messageOf(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed) return `The token's claim ${error.claim} is not accepted.`;
  if (error instanceof errors.JOSEAlgNotAllowed) return "The token's algorithm is not accepted.";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "The token's signature is wrong.";
  return 'The token is malformed.';
}
