// Tokens of an identity provider: its keys over real HTTP, rotated, confused, and out of reach.
import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { createKeys, type KeysOptions } from '../../src/auth/keys.js';
import { createTokens } from '../../src/auth/tokens.js';
import { readConfig } from '../../src/config.js';
import { refusalOf } from './refusal.js';

const SECRET = 'correct horse battery staple, thirty-two bytes';
const now = () => Math.floor(Date.now() / 1000);

async function makeKey(kid: string, alg: 'RS256' | 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  const sign = (payload: JWTPayload = {}, header: { kid?: string } = { kid }) =>
    new SignJWT({ sub: 'alice', exp: now() + 60, ...payload }).setProtectedHeader({ alg, ...header }).sign(privateKey);
  return { jwk, sign, publicKey };
}

/** A provider whose keys and behaviour a test sets. */
async function startProvider() {
  const provider = { keys: [] as JWK[], status: 200, silent: false, asked: 0, url: '', stop: async () => {} };
  const server = createServer((_req, res) => {
    provider.asked++;
    if (provider.silent) return;
    res.writeHead(provider.status, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ keys: provider.keys }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  provider.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  provider.stop = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return provider;
}

describe('token of an identity provider', () => {
  let rsa: Awaited<ReturnType<typeof makeKey>>;
  let ec: Awaited<ReturnType<typeof makeKey>>;
  let provider: Awaited<ReturnType<typeof startProvider>>;
  before(async () => {
    rsa = await makeKey('rsa', 'RS256');
    ec = await makeKey('ec', 'ES256');
  });
  beforeEach(async () => {
    provider = await startProvider();
    provider.keys = [rsa.jwk, ec.jwk];
  });
  afterEach(() => provider.stop());

  const tokensOf = (options: KeysOptions = {}, env: Record<string, string> = {}) =>
    createTokens({ config: readConfig(env), secret: SECRET, keys: createKeys(provider.url, options) });

  it('is accepted with RS256 and with ES256, beside tokens of the hub’s own', async () => {
    const tokens = tokensOf();
    expect((await tokens.verify(await rsa.sign())).principal.sub).to.equal('alice');
    expect((await tokens.verify(await ec.sign())).principal.sub).to.equal('alice');
    const own = new SignJWT({ sub: 'bob', exp: now() + 60 }).setProtectedHeader({ alg: 'HS256' });
    expect((await tokens.verify(await own.sign(createSecretKey(SECRET, 'utf8')))).principal.sub).to.equal('bob');
    expect(provider.asked).to.equal(1);
  });

  it('speaks for its oid, unless the settings name another claim', async () => {
    const token = await rsa.sign({ oid: 'person', upn: 'alice@example.com' });
    expect((await tokensOf().verify(token)).principal.sub).to.equal('person');
    const byName = tokensOf({}, { JWT_CLAIM_SUB: 'upn' });
    expect((await byName.verify(token)).principal.sub).to.equal('alice@example.com');
    expect((await refusalOf(tokensOf().verify(await rsa.sign({ oid: 7 })))).code).to.equal('unauthenticated');
  });

  it('is refused when HS256 was computed with the public key', async () => {
    const tokens = tokensOf();
    const publicTexts = [await exportSPKI(rsa.publicKey), JSON.stringify(rsa.jwk), rsa.jwk.n ?? ''];
    for (const text of publicTexts) {
      const confused = await new SignJWT({ sub: 'alice', exp: now() + 60 })
        .setProtectedHeader({ alg: 'HS256', kid: 'rsa' })
        .sign(createSecretKey(text, 'utf8'));
      expect((await refusalOf(tokens.verify(confused))).code).to.equal('unauthenticated');
    }
  });

  it('is refused when the provider publishes a symmetric key', async () => {
    provider.keys = [{ kty: 'oct', kid: 'shared', k: Buffer.from('x'.repeat(32)).toString('base64url') }];
    const token = await new SignJWT({ sub: 'alice', exp: now() + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: 'shared' })
      .sign(createSecretKey('x'.repeat(32), 'utf8'));
    expect((await refusalOf(tokensOf().verify(token))).code).to.equal('unauthenticated');
  });

  it('is refused when it brings its own key, or borrows the id of a good one', async () => {
    const mallory = await makeKey('rsa', 'RS256');
    const tokens = tokensOf();
    expect((await refusalOf(tokens.verify(await mallory.sign()))).code).to.equal('unauthenticated');
    const header = { jwk: mallory.jwk, jku: provider.url } as { kid?: string };
    expect((await refusalOf(tokens.verify(await mallory.sign({}, header)))).code).to.equal('unauthenticated');
  });

  it('is refused when it is another issuer’s or for another audience', async () => {
    const tokens = tokensOf({}, { JWT_ISSUER: 'https://login.example/tenant', JWT_AUDIENCE: 'api://hub' });
    const good = { iss: 'https://login.example/tenant', aud: 'api://hub' };
    await tokens.verify(await rsa.sign(good));
    for (const claims of [
      { ...good, iss: 'https://login.example/other' },
      { ...good, aud: 'api://mail' },
    ]) {
      expect((await refusalOf(tokens.verify(await rsa.sign(claims)))).code).to.equal('unauthenticated');
    }
  });

  it('that has ended is told so', async () => {
    expect((await refusalOf(tokensOf().verify(await rsa.sign({ exp: now() - 60 })))).code).to.equal('token_expired');
  });

  it('finds a key that was rotated in since the last look', async () => {
    const tokens = tokensOf();
    await tokens.verify(await rsa.sign());
    const next = await makeKey('next', 'RS256');
    provider.keys = [rsa.jwk, next.jwk];
    expect((await tokens.verify(await next.sign())).principal.sub).to.equal('alice');
    expect(provider.asked).to.equal(2);
  });

  it('of a key that was rotated out is refused once the keys are old', async () => {
    const tokens = tokensOf({ maxAgeMs: 0, pauseMs: 0 });
    await tokens.verify(await rsa.sign());
    provider.keys = [ec.jwk];
    expect((await refusalOf(tokens.verify(await rsa.sign()))).code).to.equal('unauthenticated');
  });

  it('with a made-up key id makes the hub ask once, however many come, and hurts no good token', async () => {
    const tokens = tokensOf({ pauseMs: 60_000 });
    await tokens.verify(await rsa.sign());
    const flood = await Promise.all(Array.from({ length: 50 }, (_, i) => rsa.sign({}, { kid: `made-up-${i}` })));
    for (const token of flood) expect((await refusalOf(tokens.verify(token))).code).to.equal('unauthenticated');
    const atOnce = await Promise.all(flood.map((token) => refusalOf(tokens.verify(token))));
    expect(atOnce.every(({ code }) => code === 'unauthenticated')).to.equal(true);
    await tokens.verify(await ec.sign());
    expect(provider.asked).to.equal(2);
  });

  it('is unavailable, not wrong, while the provider cannot be reached or fails, and good again after', async () => {
    const tokens = tokensOf({ retryMs: 0 });
    provider.status = 500;
    const refusal = await refusalOf(tokens.verify(await rsa.sign()));
    expect(refusal.code).to.equal('unavailable');
    provider.status = 200;
    await tokens.verify(await rsa.sign());

    const unreached = tokensOf();
    await provider.stop();
    expect((await refusalOf(unreached.verify(await rsa.sign()))).code).to.equal('unavailable');
  });

  it('is unavailable when the provider does not answer in time', async () => {
    provider.silent = true;
    const refusal = await refusalOf(tokensOf({ timeoutMs: 50 }).verify(await rsa.sign()));
    expect(refusal.code).to.equal('unavailable');
  });

  it('asks an unreachable provider no more often than the pause allows', async () => {
    const tokens = tokensOf({ retryMs: 60_000 });
    provider.status = 503;
    for (let i = 0; i < 5; i++) expect((await refusalOf(tokens.verify(await rsa.sign()))).code).to.equal('unavailable');
    expect(provider.asked).to.equal(1);
  });

  it('goes on being good by known keys while the provider is away, however old they are', async () => {
    const tokens = tokensOf({ maxAgeMs: 0, pauseMs: 0 });
    await tokens.verify(await rsa.sign());
    await provider.stop();
    await tokens.verify(await rsa.sign());
    const unknown = await rsa.sign({}, { kid: 'next' });
    expect((await refusalOf(tokens.verify(unknown))).code).to.equal('unavailable');
  });
});
