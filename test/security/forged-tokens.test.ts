// Tokens that nobody issued, at every door of a hub that takes its own tokens and those of a provider.
import { createHmac, createSecretKey } from 'node:crypto';
import { base64url, CompactEncrypt, exportSPKI, FlattenedSign, type JWTHeaderParameters, SignJWT } from 'jose';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { closeOf, listen, refusalOf } from '../sockets/wait.js';
import { SECRET, startHub, type TestHub } from '../support/hub.js';
import { makeKey, type Provider, type SigningKey, startProvider } from './provider.js';

const ISSUER = 'https://login.example/tenant';
const AUDIENCE = 'api://workitem-hub';

describe('a forged token', function () {
  this.timeout(60_000);
  let hub: TestHub;
  let provider: Provider;
  let attacker: Provider;
  let good: SigningKey;
  let evil: SigningKey;
  before(async () => {
    [provider, attacker, good, evil] = await Promise.all([
      startProvider(),
      startProvider(),
      makeKey('good'),
      makeKey('good'),
    ]);
    provider.keys = [good.jwk];
    attacker.keys = [evil.jwk];
    hub = await startHub({
      JWKS_URL: provider.url,
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      LIMIT_FAILED_AUTH_PER_MINUTE: '0',
    });
  });
  after(async () => {
    await hub?.close();
    await Promise.all([provider.stop(), attacker.stop()]);
  });

  const now = (): number => Math.floor(Date.now() / 1000);
  const claims = (more: object = {}) => ({
    sub: 'mallory',
    roles: ['admin', 'supervisor', 'underwriter', 'intake'],
    teams: [],
    iss: ISSUER,
    aud: AUDIENCE,
    iat: now(),
    exp: now() + 600,
    ...more,
  });
  const encode = (value: unknown): string => base64url.encode(JSON.stringify(value));
  const hs = (key: string | Uint8Array, header: Partial<JWTHeaderParameters> = {}, more: object = {}) =>
    new SignJWT(claims(more))
      .setProtectedHeader({ alg: 'HS256', ...header })
      .sign(createSecretKey(typeof key === 'string' ? Buffer.from(key) : key));
  /** What no library would write, under the signature that HS256 would give it with the right secret, or under another. */
  function raw(header: unknown, signature?: string, more: object = {}): string {
    const text = `${encode(header)}.${encode(claims(more))}`;
    return `${text}.${signature ?? createHmac('sha256', SECRET).update(text).digest('base64url')}`;
  }

  /** What each door says: the code, and the role check is never reached. */
  async function doors(token: string): Promise<Record<string, unknown>> {
    const answer = await hub.call<{ error?: { code: string } }>('GET', '/api/people', token);
    const intake = await fetch(`${hub.url}/api/email/intake`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"subject":"x"}',
    });
    const socket = await hub.socket('', { token });
    const refused = refusalOf(socket.client);
    const query = hub.raw(`?v=2&token=${encodeURIComponent(token)}`);
    const header = hub.raw('?v=2', { headers: { authorization: `Bearer ${token}` } });
    const listed = new WebSocket(`${hub.url.replace('http', 'ws')}/ws/workitems?v=2`, ['workitems', `bearer.${token}`]);
    const codes = await Promise.all([query.client, listed, header.client].map(closeOf));
    return {
      http: [answer.status, answer.body.error?.code],
      intake: intake.status,
      socket: (await refused).message,
      raw: codes.map(({ code }) => code),
    };
  }
  const REFUSED = {
    http: [401, 'unauthenticated'],
    intake: 401,
    socket: 'unauthenticated',
    raw: [4401, 4401, 4401],
  };

  it('is none when its issuer signed it: the doors are open to these', async () => {
    const token = await good.sign(claims());
    expect((await hub.call('GET', '/api/people', token)).status).to.equal(200);
    expect((await hub.call('GET', '/api/people', await hs(SECRET))).status).to.equal(200);
    const ear = listen((await hub.socket('', { token })).client);
    await ear.named('ready');
  });

  const FORGERIES: Record<string, () => Promise<string> | string> = {
    'alg none': () => raw({ alg: 'none' }, ''),
    'alg none, signed': () => raw({ alg: 'none' }),
    'alg None': () => raw({ alg: 'None' }),
    'alg nOnE, with a signature': async () => raw({ alg: 'nOnE' }, (await good.sign(claims())).split('.')[2]),
    'no alg': () => raw({ typ: 'JWT' }),
    'alg as a list': () => raw({ alg: ['HS256'] }),
    'HS256 with the public key as PEM': async () => hs(await exportSPKI(good.publicKey), { kid: 'good' }),
    'HS256 with the public key as PEM and a line end': async () =>
      hs(`${await exportSPKI(good.publicKey)}\n`, { kid: 'good' }),
    'HS256 with the public JWK': () => hs(JSON.stringify(good.jwk), { kid: 'good' }),
    'HS256 with the modulus': () => hs(base64url.decode(good.jwk.n as string), { kid: 'good' }),
    'HS256 with the id of the key': () => hs('good', { kid: 'good' }),
    'HS256 with another secret': () => hs(`${SECRET}x`),
    'HS512 with the right secret': async () =>
      new SignJWT(claims()).setProtectedHeader({ alg: 'HS512' }).sign(createSecretKey(SECRET, 'utf8')),
    'RS256 by a stranger, with the id of a good key': () => evil.sign(claims()),
    'RS256 by a stranger, with the key in it': () => evil.sign(claims(), { jwk: evil.jwk }),
    'RS256 by a stranger, with the key in it and no id': () => evil.sign(claims(), { kid: undefined, jwk: evil.jwk }),
    'RS256 by a stranger, with jku': () => evil.sign(claims(), { jku: attacker.url }),
    'RS256 by a stranger, with x5u': () => evil.sign(claims(), { x5u: attacker.url }),
    'RS256 by a stranger, with x5c': () => evil.sign(claims(), { x5c: [String(evil.jwk.n)] }),
    'a path for a key id': () => hs('\0', { kid: '../../../../dev/null' }),
    'a url for a key id': () => evil.sign(claims(), { kid: attacker.url }),
    'an object for a key id': () => raw({ alg: 'RS256', kid: { $ne: null } }),
    'a critical header that nobody knows': () => raw({ alg: 'HS256', crit: ['admin'], admin: true }),
    'the critical header b64': async () => {
      const {
        payload,
        protected: head,
        signature,
      } = await new FlattenedSign(Buffer.from(JSON.stringify(claims())))
        .setProtectedHeader({ alg: 'HS256', b64: false, crit: ['b64'] })
        .sign(createSecretKey(SECRET, 'utf8'));
      return `${head}.${base64url.encode(payload)}.${signature}`;
    },
    'another issuer': () => good.sign(claims({ iss: 'https://login.example/other' })),
    'almost the issuer': () => good.sign(claims({ iss: `${ISSUER}/` })),
    'no issuer': () => good.sign(claims({ iss: undefined })),
    'another audience': () => good.sign(claims({ aud: 'api://other' })),
    'no audience': () => good.sign(claims({ aud: undefined })),
    'the hub’s own secret for another audience': () => hs(SECRET, {}, { aud: 'api://other' }),
    'another payload under a good signature': async () => {
      const [head, , signature] = (await good.sign(claims({ roles: ['underwriter'] }))).split('.');
      return `${head}.${encode(claims())}.${signature}`;
    },
    'another header over a good signature': async () => {
      const [, payload, signature] = (await good.sign(claims())).split('.');
      return `${encode({ alg: 'HS256' })}.${payload}.${signature}`;
    },
    'no signature': async () => (await good.sign(claims())).replace(/[^.]*$/, ''),
    'no end': () => good.sign(claims({ exp: undefined })),
    'an end that is a text': () => raw({ alg: 'HS256' }, undefined, { exp: '9999999999' }),
    'an end that is no date': () => raw({ alg: 'HS256' }, undefined, { exp: 1e300 }),
    'a beginning that is to come': () => good.sign(claims({ nbf: now() + 60 })),
    'encryption in place of a signature': async () =>
      new CompactEncrypt(Buffer.from(JSON.stringify(claims())))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(new Uint8Array(32)),
  };
  for (const [what, forge] of Object.entries(FORGERIES)) {
    it(`is refused at every door: ${what}`, async () => {
      expect(await doors(await forge())).to.deep.equal(REFUSED);
    });
  }

  it('never makes the hub ask an address that it names', () => {
    expect(attacker.asked).to.equal(0);
  });

  it('that has ended is refused at every door, whoever signed it', async () => {
    const ended = { http: [401, 'token_expired'], intake: 401, socket: 'token_expired', raw: [4401, 4401, 4401] };
    expect(await doors(await good.sign(claims({ exp: now() - 6 })))).to.deep.equal(ended);
    expect(await doors(await hs(SECRET, {}, { exp: now() - 6 }))).to.deep.equal(ended);
  });
});
