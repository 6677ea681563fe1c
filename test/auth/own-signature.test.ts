// Tokens of the hub's own secret that are opened past the library are those that the library would open, with the same claims.
import { createHmac, createSecretKey } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { errors, jwtVerify, SignJWT } from 'jose';
import { openOwn } from '../../src/auth/own-signature.js';

const SECRET = createSecretKey('correct horse battery staple, thirty-two bytes', 'utf8');
const OPTIONS = { requiredClaims: ['exp'], clockTolerance: 5, issuer: ['hub'], audience: ['desk'] };
const now = Math.floor(Date.now() / 1_000);
const part = (text: string): string => Buffer.from(text).toString('base64url');

function signed(header: string, claims: string, hash = 'sha256'): string {
  const head = `${part(header)}.${part(claims)}`;
  return `${head}.${createHmac(hash, SECRET).update(head).digest('base64url')}`;
}
const CLAIMS = { iss: 'hub', aud: 'desk', sub: 'alice', exp: now + 600 };
const token = signed('{"alg":"HS256"}', JSON.stringify(CLAIMS));

/** The claims, or the kind of refusal. */
async function outcome(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return (error as errors.JOSEError).code;
  }
}
const library = async (text: string) =>
  (await jwtVerify(text, SECRET, { ...OPTIONS, algorithms: ['HS256', 'RS256', 'ES256'] })).payload;

describe('an own token', () => {
  it('is opened without the library’s signature check', async () => {
    const made = await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(SECRET);
    expect(openOwn(made, SECRET, OPTIONS)).to.deep.equal(CLAIMS);
    expect(openOwn(token, SECRET, OPTIONS)).to.deep.equal(CLAIMS);
  });

  it('is left to the library in any other form', () => {
    const [header, claims, signature] = token.split('.') as [string, string, string];
    const others = [
      signed('{"alg":"none"}', JSON.stringify(CLAIMS)),
      signed('{"alg":"HS512"}', JSON.stringify(CLAIMS), 'sha512'),
      signed('{"alg":"HS512"}', JSON.stringify(CLAIMS)),
      signed('{"alg":"RS256"}', JSON.stringify(CLAIMS)),
      signed('{"alg":"HS256","crit":["exp"],"exp":1}', JSON.stringify(CLAIMS)),
      signed('{"alg":"HS256","b64":true}', JSON.stringify(CLAIMS)),
      signed('{}', JSON.stringify(CLAIMS)),
      signed('"HS256"', JSON.stringify(CLAIMS)),
      `${header}.${claims}.`,
      `${header}.${claims}`,
      `${token}.`,
      `${token}=`,
      `${header}.${claims}.${'é'.repeat(signature.length)}`,
      `${header}.${part(JSON.stringify({ ...CLAIMS, sub: 'admin' }))}.${signature}`,
      '',
    ];
    for (const other of others) expect(openOwn(other, SECRET, OPTIONS), other).to.be.null;
  });

  it('is not opened by another secret', () => {
    expect(openOwn(token, createSecretKey('another secret', 'utf8'), OPTIONS)).to.be.null;
  });

  it('is judged by its claims as the library judges them', async () => {
    const time = fc.constantFrom(now - 600, now - 2, now + 600, 'soon', null);
    const claims = fc.record(
      {
        iss: fc.constantFrom('hub', 'stranger'),
        aud: fc.constantFrom('desk', ['desk', 'other'], 'other'),
        sub: fc.string(),
        exp: time,
        nbf: time,
        iat: time,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(claims, fc.jsonValue()), async (payload) => {
        const text = signed('{"alg":"HS256"}', JSON.stringify(payload));
        const own = await outcome(() => openOwn(text, SECRET, OPTIONS));
        expect(own).to.deep.equal(await outcome(() => library(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('is never opened where the library would not, whatever is changed in it', async () => {
    const at = fc.nat({ max: token.length - 1 });
    const changed = fc
      .tuple(at, fc.string({ maxLength: 3 }), fc.nat({ max: 3 }))
      .map(([from, text, gone]) => token.slice(0, from) + text + token.slice(from + gone));
    await fc.assert(
      fc.asyncProperty(changed, async (text) => {
        const own = await outcome(() => openOwn(text, SECRET, OPTIONS));
        if (own !== null) expect(own).to.deep.equal(await outcome(() => library(text)));
      }),
      { numRuns: 1_000 },
    );
  });
});
