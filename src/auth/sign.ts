// Makes tokens with the hub's own secret: for the token command, the demo's sign-in links, and tests.
import { createSecretKey, randomUUID } from 'node:crypto';
import type { Role } from '@workitem-hub/client/contract';
import { SignJWT } from 'jose';
import { readConfig } from '../config.js';
import type { TokenConfig } from './tokens.js';

export interface Claims {
  sub: string;
  name?: string | undefined;
  email?: string | undefined;
  roles: readonly Role[];
  teams?: readonly string[] | undefined;
  /** Default: a uuid, so that each token can be revoked by itself. */
  jti?: string | undefined;
}

/**
 * An HS256 token for `claims`.
 * @param ttl its life from now: seconds, or a text such as `8h`, `30m`, `7d`
 * @param config names of the claims, and the issuer and audience that the hub would ask for (the first of each); default: those of a hub without settings
 * @throws TypeError for a `ttl` that is none
 */
export async function signToken(
  secret: string,
  claims: Claims,
  ttl: number | string,
  config: TokenConfig = readConfig({}),
): Promise<string> {
  const token = new SignJWT({
    [config.JWT_CLAIM_SUB]: claims.sub,
    ...(claims.name === undefined ? {} : { [config.JWT_CLAIM_NAME]: claims.name }),
    ...(claims.email === undefined ? {} : { [config.JWT_CLAIM_EMAIL]: claims.email }),
    [config.JWT_CLAIM_ROLES]: claims.roles,
    [config.JWT_CLAIM_TEAMS]: claims.teams ?? [],
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setJti(claims.jti ?? randomUUID())
    .setIssuedAt()
    .setExpirationTime(typeof ttl === 'number' ? `${ttl} seconds` : ttl);
  const [issuer] = config.JWT_ISSUER;
  const [audience] = config.JWT_AUDIENCE;
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.sign(createSecretKey(secret, 'utf8'));
}
