// The door: tokens, intake keys, revoked sessions, and who knocked too often.
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { bearerOf, createAuthenticator } from '../../src/auth/authenticate.js';
import type { Session } from '../../src/auth/principal.js';
import { type Claims, signToken } from '../../src/auth/sign.js';
import { createTokens } from '../../src/auth/tokens.js';
import { readConfig } from '../../src/config.js';
import { createLimits } from '../../src/ops/limits.js';
import { createMetrics } from '../../src/ops/metrics.js';
import { refusalOf } from './refusal.js';

const SECRET = 'correct horse battery staple, thirty-two bytes';
const KEYS = ['first-intake-key-0001', 'second-intake-key-002'];
const HERE = '198.51.100.7';
const tokenOf = (claims: Partial<Claims> = {}, ttl = 60) =>
  signToken(SECRET, { sub: 'alice', roles: ['underwriter'], ...claims }, ttl);

interface Door {
  failures?: number;
  isRevoked?: (session: Session) => boolean;
}

function openDoor({ failures = 60, isRevoked }: Door = {}) {
  const config = readConfig({ LIMIT_FAILED_AUTH_PER_MINUTE: String(failures) });
  const metrics = createMetrics();
  const door = createAuthenticator({
    tokens: createTokens({ config, secret: SECRET }),
    revocations: { isRevoked: isRevoked ?? (() => false), current: async () => {} },
    limits: createLimits(config),
    intakeKeys: KEYS,
    metrics,
  });
  return { ...door, metrics };
}

describe('authenticate', () => {
  it('gives the session of a good token', async () => {
    const { principal } = await openDoor().authenticate(await tokenOf({ teams: ['property'] }), HERE);
    expect(principal).to.include({ sub: 'alice' }).and.to.have.deep.property('teams', ['property']);
  });

  it('refuses who has no token, a wrong one, an expired one or a revoked one', async () => {
    const door = openDoor({ isRevoked: ({ jti }) => jti === 'stolen' });
    const codes = [];
    for (const token of [undefined, '', 'nonsense', await tokenOf({}, -60), await tokenOf({ jti: 'stolen' })]) {
      codes.push((await refusalOf(door.authenticate(token, HERE))).code);
    }
    expect(codes).to.deep.equal([
      'unauthenticated',
      'unauthenticated',
      'unauthenticated',
      'token_expired',
      'unauthenticated',
    ]);
    expect(await door.metrics.registry.metrics()).to.include('hub_auth_failures_total{code="token_expired"} 1');
  });

  it('tells an address from which too many wrong tokens came to wait, and lets good ones in from there', async () => {
    const { authenticate } = openDoor({ failures: 3 });
    for (let i = 0; i < 3; i++) {
      expect((await refusalOf(authenticate(`nonsense ${i}`, HERE))).code).to.equal('unauthenticated');
    }
    const refusal = await refusalOf(authenticate('nonsense', HERE));
    expect(refusal.code).to.equal('rate_limited');
    expect(refusal.retryAfterMs).to.be.within(1, 60_000);
    await authenticate(await tokenOf(), HERE);
    expect((await refusalOf(authenticate('nonsense', '198.51.100.8'))).code).to.equal('unauthenticated');
  });

  it('does not hold expired, revoked or missing tokens against an address', async () => {
    const { authenticate } = openDoor({ failures: 1, isRevoked: ({ jti }) => jti === 'stolen' });
    for (const token of [undefined, await tokenOf({}, -60), await tokenOf({ jti: 'stolen' })]) {
      for (let i = 0; i < 3; i++)
        expect((await refusalOf(authenticate(token, HERE))).code).not.to.equal('rate_limited');
    }
    await authenticate(await tokenOf(), HERE);
  });
});

describe('authenticate for intake', () => {
  const credentials = { apiKey: undefined, bearer: undefined, address: HERE };

  it('knows each key by its fingerprint', async () => {
    for (const apiKey of KEYS) {
      const { caller } = await openDoor().intake({ ...credentials, apiKey });
      expect(caller).to.equal(createHash('sha256').update(apiKey).digest('hex').slice(0, 12));
    }
  });

  it('refuses a wrong key, also with a good token beside it', async () => {
    const bearer = await tokenOf({ roles: ['intake'] });
    for (const apiKey of ['', 'wrong', `${KEYS[0]}x`, KEYS.join(',')]) {
      expect((await refusalOf(openDoor().intake({ ...credentials, apiKey, bearer }))).code).to.equal('unauthenticated');
    }
  });

  it('knows a token with the role by its sub, and forbids one without', async () => {
    const { intake } = openDoor();
    const robot = await tokenOf({ sub: 'logic-app', roles: ['intake'] });
    expect(await intake({ ...credentials, bearer: robot })).to.deep.equal({ caller: 'logic-app' });
    const human = await tokenOf({ roles: ['underwriter', 'admin'] });
    expect((await refusalOf(intake({ ...credentials, bearer: human }))).code).to.equal('forbidden');
    expect((await refusalOf(intake(credentials))).code).to.equal('unauthenticated');
  });

  it('keeps out an address that guesses keys, with a right one too', async () => {
    const { intake, authenticate } = openDoor({ failures: 2 });
    for (const apiKey of ['guess-1', 'guess-2']) await refusalOf(intake({ ...credentials, apiKey }));
    expect((await refusalOf(intake({ ...credentials, apiKey: KEYS[0] }))).code).to.equal('rate_limited');
    await intake({ ...credentials, apiKey: KEYS[0], address: '198.51.100.8' });
    await authenticate(await tokenOf(), HERE);
  });

  it('does not keep out the key that was used from an address before somebody there began to guess', async () => {
    const { intake } = openDoor({ failures: 2 });
    await intake({ ...credentials, apiKey: KEYS[0] });
    for (const apiKey of ['guess-1', 'guess-2']) await refusalOf(intake({ ...credentials, apiKey }));
    await intake({ ...credentials, apiKey: KEYS[0] });
    expect((await refusalOf(intake({ ...credentials, apiKey: KEYS[1] }))).code).to.equal('rate_limited');
    expect((await refusalOf(intake({ ...credentials, apiKey: 'guess-3' }))).code).to.equal('rate_limited');
  });
});

describe('bearerOf', () => {
  it('finds the token of a bearer header and of nothing else', () => {
    expect(bearerOf('Bearer abc.def')).to.equal('abc.def');
    expect(bearerOf('bearer   abc ')).to.equal('abc');
    for (const header of [undefined, '', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer a b', 'xBearer a']) {
      expect(bearerOf(header)).to.equal(undefined);
    }
  });
});
