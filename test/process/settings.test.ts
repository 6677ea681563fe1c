// Settings out of an environment: what is wrong is named, in words.
import { expect } from 'chai';
import { ConfigError, readConfig } from '../../src/config.js';

describe('settings', () => {
  for (const [name, value, message] of [
    ['PORT', 'abc', 'must be a whole number from 0 to 65535'],
    ['PORT', '65536', 'must be a whole number from 0 to 65535'],
    ['PORT', ' ', 'must be a whole number from 0 to 65535'],
    ['LIMIT_TEST_PER_MINUTE', '1.5', 'must be a whole number, 0 or more'],
    ['DRAIN_SECONDS', '-1', 'must be a number, 0 or more'],
    ['SHUTDOWN_SECONDS', '0', 'must be a number above 0'],
    ['HEARTBEAT_SECONDS', 'Infinity', 'must be a number above 0'],
    ['LOG_QUEUE_MAX', '0', 'must be a whole number above 0'],
    ['DELIVERY_WINDOW_MS', '1001', 'must be a number from 0 to 1000'],
    ['LOG_LEVEL', 'loud', 'must be one of fatal, error, warn, info, debug, trace, silent'],
    ['JWKS_URL', 'ftp://keys.example', 'must be an address that begins with http:// or https://'],
    ['PUBLIC_URL', 'desk.example', 'must be an address that begins with http:// or https://'],
    ['MONGODB_DATABASE', 'a/b', 'must be without blanks and any of / \\ . " $ * < > : | ?'],
    ['MONGODB_DATABASE', 'é'.repeat(32), 'must be at most 63 bytes long'],
    ['REDIS_URL', 'http://redis.example', 'must be an address such as redis://host:6379 or rediss://…'],
    ['REDIS_URL', 'redis.example:6379', 'must be an address such as redis://host:6379 or rediss://…'],
    ['REDIS_URL', 'redis://:50%@redis.example', 'must be an address such as redis://host:6379 or rediss://…'],
    ['REDIS_URL', 'redis://redis.example/first', 'must be an address such as redis://host:6379 or rediss://…'],
    ['REDIS_KEY', 'hub*', 'must be without blanks and any of * ? [ ] \\'],
    ['OIDC_AUTHORITY', 'login.example', 'must be an address that begins with http:// or https://'],
    ['TEST_WORKITEMS', 'perhaps', 'must be on or off'],
  ] as const) {
    it(`refuse ${name}=${value}`, () => {
      expect(() => readConfig({ [name]: value })).to.throw(ConfigError, `${name}: ${message}`);
    });
  }

  it('take the ways to name a Redis, and a key for each database', () => {
    for (const url of ['redis://redis.example', 'rediss://hub:s%3Acret@redis.example:6380/3', 'redis://[::1]:6379/']) {
      expect(readConfig({ REDIS_URL: url, MONGODB_DATABASE: 'desk' })).to.include({
        REDIS_URL: url,
        REDIS_KEY: 'workitem-hub:desk',
      });
    }
  });

  it('are numbers where they are read as such', () => {
    const { PORT, DRAIN_SECONDS, INTAKE_MAX_MB } = readConfig({ PORT: '0', DRAIN_SECONDS: '0.5' });
    expect({ PORT, DRAIN_SECONDS, INTAKE_MAX_MB }).to.deep.equal({ PORT: 0, DRAIN_SECONDS: 0.5, INTAKE_MAX_MB: 25 });
  });

  it('ask for all that a sign-in at a provider takes', () => {
    const all = {
      OIDC_AUTHORITY: 'https://login.example',
      OIDC_CLIENT_ID: 'desk',
      JWKS_URL: 'https://login.example/k',
    };
    expect(readConfig(all)).to.include({ OIDC_CLIENT_ID: 'desk', OIDC_SCOPE: 'openid profile email' });
    for (const name of Object.keys(all)) {
      expect(() => readConfig({ ...all, [name]: '' }), name).to.throw(ConfigError, `${name} is required with OIDC_`);
    }
    expect(() => readConfig({ ...all, OIDC_SCOPE: 'profile' })).to.throw(
      ConfigError,
      'OIDC_SCOPE: must contain openid',
    );
  });
});
