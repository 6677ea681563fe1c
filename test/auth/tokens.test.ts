// Tokens of the hub's own secret: what is genuine, and what each claim becomes.
import { createHmac, createSecretKey } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { createTokens } from '../../src/auth/tokens.js';
import { readConfig } from '../../src/config.js';
import { HubError } from '../../src/errors.js';
import { refusalOf } from './refusal.js';

const SECRET = 'correct horse battery staple, thirty-two bytes';
const now = () => Math.floor(Date.now() / 1000);
const tokensOf = (env: Record<string, string> = {}) => createTokens({ config: readConfig(env), secret: SECRET });
const tokens = tokensOf();

function sign(payload: JWTPayload, secret = SECRET, alg = 'HS256'): Promise<string> {
  return new SignJWT({ sub: 'alice', exp: now() + 60, ...payload })
    .setProtectedHeader({ alg })
    .sign(createSecretKey(secret, 'utf8'));
}
const principalOf = async (payload: JWTPayload) => (await tokens.verify(await sign(payload))).principal;
const codeOf = async (payload: JWTPayload, verifier = tokens) =>
  (await refusalOf(verifier.verify(await sign(payload)))).code;

describe('HS256 token', () => {
  it('becomes a session', async () => {
    const exp = now() + 60;
    const token = await sign({
      exp,
      iat: exp - 100,
      jti: 'one',
      name: 'Alice',
      email: 'alice@example.com',
      roles: ['underwriter', 'supervisor'],
      teams: ['property'],
    });
    expect(await tokens.verify(token)).to.deep.equal({
      principal: {
        sub: 'alice',
        name: 'Alice',
        email: 'alice@example.com',
        roles: ['underwriter', 'supervisor'],
        teams: ['property'],
      },
      jti: 'one',
      issuedAt: exp - 100,
      expiresAt: exp * 1000,
      cutAt: exp * 1000,
    });
  });

  it('needs no claims but sub and exp', async () => {
    const { principal, jti, issuedAt } = await tokens.verify(await sign({}));
    expect(principal).to.deep.equal({ sub: 'alice', name: null, email: null, roles: [], teams: [] });
    expect([jti, issuedAt]).to.deep.equal([null, null]);
  });

  it('is refused with another secret, without a signature, changed, or with an algorithm that is not pinned', async () => {
    const forged = [
      await sign({}, `${SECRET}.`),
      new UnsecuredJWT({ sub: 'alice', exp: now() + 60 }).encode(),
      (await sign({})).replace(/\.[^.]*\./, `.${Buffer.from('{"sub":"bob","exp":9999999999}').toString('base64url')}.`),
      await sign({}, SECRET.repeat(2), 'HS512'),
      (await sign({})).replace(/[^.]*$/, ''),
    ];
    for (const token of forged) expect((await refusalOf(tokens.verify(token))).code).to.equal('unauthenticated');
  });

  it('is refused when the hub has no secret', async () => {
    const none = createTokens({ config: readConfig({}) });
    expect((await refusalOf(none.verify(await sign({})))).code).to.equal('unauthenticated');
  });

  it('is good 5 s beyond its end, and cut when they are over', async () => {
    const exp = now() - 2;
    const { expiresAt, cutAt } = await tokens.verify(await sign({ exp }));
    expect([expiresAt, cutAt]).to.deep.equal([exp * 1000, exp * 1000 + 5000]);
    expect(await codeOf({ exp: now() - 6 })).to.equal('token_expired');
  });

  it('is good 5 s before it begins, not earlier', async () => {
    await tokens.verify(await sign({ nbf: now() + 3 }));
    expect(await codeOf({ nbf: now() + 30 })).to.equal('unauthenticated');
  });

  it('must end, at a time that a calendar has', async () => {
    for (const exp of [undefined, null, 'soon', 1e13] as never[]) {
      expect(await codeOf({ exp })).to.equal('unauthenticated');
    }
    const [header, endless] = ['{"alg":"HS256"}', '{"sub":"alice","exp":1e999}'].map((part) =>
      Buffer.from(part).toString('base64url'),
    );
    const signature = createHmac('sha256', SECRET).update(`${header}.${endless}`).digest('base64url');
    const refusal = await refusalOf(tokens.verify(`${header}.${endless}.${signature}`));
    expect(refusal.message).to.equal("The token's claim for exp is missing or malformed.");
  });

  it('is for one of our audiences and from one of our issuers, when there are such', async () => {
    const strict = tokensOf({ JWT_ISSUER: 'https://one,https://two', JWT_AUDIENCE: 'hub,desk' });
    await strict.verify(await sign({ iss: 'https://two', aud: 'hub' }));
    await strict.verify(await sign({ iss: 'https://one', aud: ['other', 'desk'] }));
    for (const claims of [{}, { iss: 'https://one' }, { aud: 'hub' }, { iss: 'https://evil', aud: 'hub' }]) {
      expect(await codeOf(claims, strict)).to.equal('unauthenticated');
    }
  });

  it('has a sub that is a text of 1–256 characters, each whole and printable', async () => {
    for (const sub of ['', 'x'.repeat(257), 'a\nb', 'a\ud800', 5, null, {}, ['alice']] as never[]) {
      expect(await codeOf({ sub })).to.equal('unauthenticated');
    }
    expect((await principalOf({ sub: 'Jürgen 😀' })).sub).to.equal('Jürgen 😀');
  });

  it('may give roles as an array or as a text; unknown ones are dropped', async () => {
    for (const roles of [['underwriter', 'root', 5, 'admin'], 'admin  underwriter root', 'underwriter,admin']) {
      expect((await principalOf({ roles })).roles).to.deep.equal(['underwriter', 'admin']);
    }
    for (const roles of [null, 5, {}, '', ['__proto__']]) {
      expect((await principalOf({ roles })).roles).to.deep.equal([]);
    }
  });

  it('may give teams as an array or as a text, at most 100, each at most 128 long', async () => {
    const shapes: [unknown, string[]][] = [
      [
        ['property', 'marine cargo', 'property'],
        ['property', 'marine cargo'],
      ],
      ['property casualty', ['property', 'casualty']],
      ['property, marine cargo', ['property', 'marine cargo']],
      ['', []],
    ];
    for (const [teams, expected] of shapes) expect((await principalOf({ teams })).teams).to.deep.equal(expected);
    const hundred = Array.from({ length: 100 }, (_, i) => `team-${i}`);
    expect((await principalOf({ teams: hundred })).teams).to.deep.equal(hundred);
    for (const teams of [[...hundred, 'more'], ['x'.repeat(129)], [5], [['property']]]) {
      expect(await codeOf({ teams })).to.equal('unauthenticated');
    }
  });

  it('loses a name or address that cannot be shown, and is good nevertheless', async () => {
    const { name, email } = await principalOf({ name: 5, email: 'x'.repeat(321) });
    expect([name, email]).to.deep.equal([null, null]);
  });

  it('may name its claims as the settings say', async () => {
    const custom = tokensOf({
      JWT_CLAIM_SUB: 'upn',
      JWT_CLAIM_ROLES: 'https://example.com/roles',
      JWT_CLAIM_TEAMS: 'groups',
      JWT_CLAIM_NAME: 'given_name',
      JWT_CLAIM_EMAIL: 'preferred_username',
    });
    const token = await sign({
      upn: 'bob',
      'https://example.com/roles': 'admin',
      groups: ['g'],
      given_name: 'Bob',
      preferred_username: 'bob@example.com',
    });
    expect((await custom.verify(token)).principal).to.deep.equal({
      sub: 'bob',
      name: 'Bob',
      email: 'bob@example.com',
      roles: ['admin'],
      teams: ['g'],
    });
  });

  it('does not speak for its oid: that is the provider’s to say', async () => {
    expect((await principalOf({ oid: 'bob' })).sub).to.equal('alice');
  });

  it('of more than 16 kB is refused unread', async () => {
    expect(await codeOf({ padding: 'x'.repeat(16_384) })).to.equal('unauthenticated');
  });

  it('is refused without a word of what it holds', async () => {
    const { message, cause, details } = await refusalOf(tokens.verify(await sign({ sub: 'sesame', exp: 1 })));
    expect([message, cause, details]).to.deep.equal(['The token has expired.', undefined, undefined]);
  });
});

describe('any text as a token', () => {
  const header = fc.oneof(
    fc.json(),
    fc.constantFrom('{"alg":"HS256"}', '{"alg":"none"}', '{"alg":"HS256","crit":["b64"],"b64":false}'),
  );
  const part = (text: string) => Buffer.from(text).toString('base64url');
  const shaped = fc.tuple(header, fc.json(), fc.base64String()).map(([a, b, c]) => `${part(a)}.${part(b)}.${c}`);

  it('is refused, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), shaped), async (token) => {
        expect((await refusalOf(tokens.verify(token))).code).to.equal('unauthenticated');
      }),
      { numRuns: 500 },
    );
  });

  it('is refused or a sound session when the claims are anything but the signature is right', async () => {
    const claims = fc.record(
      {
        sub: fc.oneof(fc.string(), fc.jsonValue()),
        name: fc.jsonValue(),
        email: fc.jsonValue(),
        roles: fc.oneof(fc.string(), fc.jsonValue()),
        teams: fc.oneof(fc.string(), fc.array(fc.string()), fc.jsonValue()),
        jti: fc.jsonValue(),
        iat: fc.jsonValue(),
        nbf: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(claims, async (payload) => {
        const token = await sign(payload as JWTPayload);
        try {
          const { principal } = await tokens.verify(token);
          expect(principal.sub).to.be.a('string').with.length.within(1, 256);
          for (const team of principal.teams) expect(team).to.be.a('string').with.length.within(1, 128);
        } catch (error) {
          expect(error).to.be.instanceOf(HubError).with.property('code', 'unauthenticated');
        }
      }),
      { numRuns: 500 },
    );
  });
});
