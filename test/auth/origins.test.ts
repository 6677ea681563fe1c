// Pages that may talk to the hub.
import { expect } from 'chai';
import { createOrigins } from '../../src/auth/origins.js';
import { ConfigError, readConfig } from '../../src/config.js';
import { createAddresses } from '../../src/ops/address.js';

function originsOf(env: Record<string, string> = {}) {
  const config = readConfig(env);
  return createOrigins(config, createAddresses(config));
}

describe('allowed origins', () => {
  it('are the hub’s own, those listed, and none at all', () => {
    const { isAllowedOrigin } = originsOf({
      ALLOWED_ORIGINS: 'https://desk.example/, http://localhost:5173',
      PUBLIC_URL: 'https://hub.example/inbox',
    });
    const allowed: [string | undefined, string | undefined][] = [
      [undefined, 'inner:8000'],
      [undefined, undefined],
      ['https://desk.example', 'inner:8000'],
      ['http://localhost:5173', 'inner:8000'],
      ['https://hub.example', 'inner:8000'],
      ['http://inner:8000', 'inner:8000'],
      ['http://inner', 'inner:80'],
      ['https://inner', 'inner:443'],
      ['http://[::1]:8000', '[::1]:8000'],
      ['http://inner:8000', 'INNER:8000'],
    ];
    for (const [origin, host] of allowed) expect(isAllowedOrigin(origin, host), `${origin} at ${host}`).to.equal(true);
  });

  it('are no others', () => {
    const { isAllowedOrigin } = originsOf({ ALLOWED_ORIGINS: 'https://desk.example' });
    const foreign: [string, string | undefined][] = [
      ['null', 'null'],
      ['null', 'inner:8000'],
      ['', 'inner:8000'],
      ['https://evil.example', 'inner:8000'],
      ['https://desk.example.evil.example', 'inner:8000'],
      ['https://desk.example:8443', 'inner:8000'],
      ['http://desk.example', 'inner:8000'],
      ['http://inner:8001', 'inner:8000'],
      ['http://inner', 'inner:8000'],
      ['http://inner:8000/path', 'inner:8000'],
      ['http://user@inner:8000', 'inner:8000'],
      ['http://undefined', undefined],
      ['file://', ''],
      ['https://desk.example, https://evil.example', 'inner:8000'],
    ];
    for (const [origin, host] of foreign) expect(isAllowedOrigin(origin, host), `${origin} at ${host}`).to.equal(false);
  });

  it('follow a forwarded host only behind a trusted balancer', () => {
    const headers = { origin: 'https://hub.example', host: 'inner:8000', 'x-forwarded-host': 'hub.example' };
    const request = { headers, socket: { remoteAddress: '10.0.0.1' } } as never;
    expect(originsOf().isAllowed(request)).to.equal(false);
    expect(originsOf({ TRUST_PROXY: 'loopback' }).isAllowed(request)).to.equal(false);
    expect(originsOf({ TRUST_PROXY: '1' }).isAllowed(request)).to.equal(true);
  });

  it('must be origins', () => {
    for (const entry of ['*', 'desk.example', 'null', 'data:x']) {
      expect(() => originsOf({ ALLOWED_ORIGINS: entry })).to.throw(ConfigError, /^ALLOWED_ORIGINS: /);
    }
  });

  it('are own ones only by a name that nobody else can point here', () => {
    const isOwn = (env: Record<string, string>, origin: string | undefined, host: string) =>
      originsOf(env).isOwn({ headers: { origin, host } } as Parameters<ReturnType<typeof originsOf>['isOwn']>[0]);
    const listed = { ALLOWED_ORIGINS: 'https://desk.example', PUBLIC_URL: 'https://hub.example/inbox' };
    for (const [origin, host] of [
      [undefined, 'rebound.example:8000'],
      ['https://hub.example', 'inner:8000'],
      ['http://localhost:8000', 'localhost:8000'],
      ['http://hub.localhost', 'hub.localhost'],
      ['http://127.0.0.1:8000', '127.0.0.1:8000'],
      ['http://[::1]:8000', '[::1]:8000'],
      ['http://10.0.0.7:8000', '10.0.0.7:8000'],
    ] as const) {
      expect(isOwn(listed, origin, host), `${origin} at ${host}`).to.equal(true);
    }
    for (const [origin, host] of [
      ['https://desk.example', 'hub.example'],
      ['http://rebound.example:8000', 'rebound.example:8000'],
      ['http://localhost.rebound.example:8000', 'localhost.rebound.example:8000'],
      ['http://127.0.0.1.rebound.example', '127.0.0.1.rebound.example'],
      ['http://localhost:5173', 'localhost:8000'],
      ['null', 'localhost:8000'],
      ['', 'localhost:8000'],
    ] as const) {
      expect(isOwn(listed, origin, host), `${origin} at ${host}`).to.equal(false);
    }
  });
});
