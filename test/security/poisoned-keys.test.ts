// A provider that answers slowly, endlessly or with poison costs its own tokens, and nobody else's.
import { expect } from 'chai';
import { exportJWK } from 'jose';
import { createKeys } from '../../src/auth/keys.js';
import { createTokens } from '../../src/auth/tokens.js';
import { readConfig } from '../../src/config.js';
import { refusalOf } from '../auth/refusal.js';
import { makeKey, type Provider, type SigningKey, startProvider } from './provider.js';

const claims = () => ({ sub: 'alice', exp: Math.floor(Date.now() / 1000) + 60 });

describe('keys of a provider', () => {
  let provider: Provider;
  let good: SigningKey;
  beforeEach(async () => {
    provider = await startProvider();
    good = await makeKey('good');
    provider.keys = [good.jwk];
  });
  afterEach(() => provider.stop());

  const open = (timeoutMs = 10_000) =>
    createTokens({
      config: readConfig({}),
      keys: createKeys(provider.url, { timeoutMs, maxAgeMs: 0, retryMs: 0, pauseMs: 0 }),
    });
  const codeOf = async (tokens: ReturnType<typeof open>): Promise<string> =>
    (await refusalOf(tokens.verify(await good.sign(claims())))).code;

  it('are not read beyond 1 MB', async () => {
    let written = 0;
    const cut = new Promise<void>((resolve) => {
      provider.answer = (res) => {
        res.writeHead(200, { 'content-type': 'application/json' }).once('close', resolve);
        const more = (): void => {
          while (!res.destroyed && res.write('"'.padEnd(65_536))) written += 65_536;
          res.once('drain', more);
        };
        more();
      };
    });
    expect(await codeOf(open())).to.equal('unavailable');
    await cut;
    // What the operating system holds between the two comes on top.
    expect(written).to.be.below(32 * 1024 * 1024);
  });

  it('are not waited for when they come byte by byte', async () => {
    let dripping: NodeJS.Timeout | undefined;
    provider.answer = (res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      dripping = setInterval(() => res.write(' '), 20);
      res.once('close', () => clearInterval(dripping));
    };
    expect(await codeOf(open(300))).to.equal('unavailable');
  });

  it('are asked for at the address of the settings only', async () => {
    const other = await startProvider();
    other.keys = [good.jwk];
    provider.answer = (res) => res.writeHead(302, { location: other.url }).end();
    expect(await codeOf(open())).to.equal('unavailable');
    expect(other.asked).to.equal(0);
    await other.stop();
  });

  it('are refused when they are not what was asked for, and taken when they are again', async () => {
    const tokens = open();
    const small = { ...good.jwk, n: good.jwk.n?.slice(0, 100) };
    for (const poison of ['<html>', '[]', '{}', '{"keys":{}}', '{"keys":[null]}', 'null', '{"keys":"x"}']) {
      provider.answer = (res) => res.writeHead(200).end(poison);
      expect(await codeOf(tokens), poison).to.be.oneOf(['unavailable', 'unauthenticated']);
    }
    provider.answer = null;
    provider.keys = [small];
    expect(await codeOf(tokens), 'a key that is too short').to.equal('unauthenticated');
    provider.keys = [
      { kty: 'oct', k: 'c2VjcmV0', kid: 'good' },
      { ...(await exportJWK(good.publicKey)), kid: 'x' },
    ];
    expect(await codeOf(tokens), 'only other keys').to.equal('unauthenticated');
    provider.keys = [good.jwk];
    expect((await tokens.verify(await good.sign(claims()))).principal.sub).to.equal('alice');
  });
});
