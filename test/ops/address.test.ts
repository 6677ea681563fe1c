// Addresses behind balancers: as Express would say, for requests that Express never sees.
import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import express from 'express';
import request from 'supertest';
import { ConfigError } from '../../src/config.js';
import { createAddresses } from '../../src/ops/address.js';

function from(remoteAddress: string | undefined, headers: Record<string, string> = {}) {
  return { headers, socket: { remoteAddress } } as Pick<IncomingMessage, 'headers' | 'socket'>;
}
const forwarded = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7', 'x-forwarded-host': 'hub.example' };

describe('client address', () => {
  const cases: [setting: string, peer: string, expected: string][] = [
    ['', '10.0.0.1', '10.0.0.1'],
    ['false', '10.0.0.1', '10.0.0.1'],
    ['0', '10.0.0.1', '10.0.0.1'],
    ['1', '10.0.0.1', '198.51.100.7'],
    ['2', '10.0.0.1', '203.0.113.9'],
    ['true', '10.0.0.1', '203.0.113.9'],
    ['uniquelocal', '10.0.0.1', '198.51.100.7'],
    ['loopback, 10.0.0.0/8', '10.0.0.1', '198.51.100.7'],
    ['loopback', '10.0.0.1', '10.0.0.1'],
  ];
  for (const [setting, peer, expected] of cases) {
    it(`is ${expected} with TRUST_PROXY="${setting}"`, () => {
      const addresses = createAddresses({ TRUST_PROXY: setting });
      expect(addresses.clientAddress(from(peer, forwarded))).to.equal(expected);
    });
  }

  it('is what Express says', async () => {
    for (const setting of ['', 'true', '1', 'loopback', 'loopback, 198.51.100.0/24']) {
      const addresses = createAddresses({ TRUST_PROXY: setting });
      const app = express().set('trust proxy', addresses.trust);
      app.get('/', (req, res) => void res.json([req.ip, addresses.clientAddress(req)]));
      const { body } = await request(app).get('/').set(forwarded);
      // Of a listener on `::` in the form of IPv6.
      expect(body[1]).to.equal(body[0].replace(/^::ffff:/, ''));
    }
  });

  for (const [address, expected] of [
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:ffff::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.33', '1:2:3:4::/64'],
    ['::ffff:192.0.2.33', '192.0.2.33'],
    ['192.0.2.33', '192.0.2.33'],
  ] as const) {
    it(`of ${address} counts as ${expected}`, () => {
      expect(createAddresses({ TRUST_PROXY: '' }).clientAddress(from(address))).to.equal(expected);
    });
  }

  it('is never a text that is no address', () => {
    const addresses = createAddresses({ TRUST_PROXY: 'true' });
    expect(addresses.clientAddress(from('10.0.0.1', { 'x-forwarded-for': 'x'.repeat(5000) }))).to.equal('10.0.0.1');
    expect(addresses.clientAddress(from(undefined))).to.equal('unknown');
  });

  it('refuses a setting that is none', () => {
    expect(() => createAddresses({ TRUST_PROXY: 'balancer' })).to.throw(ConfigError, /^TRUST_PROXY: /);
  });
});

describe('requested host', () => {
  it('is taken from X-Forwarded-Host only when the sender is trusted', () => {
    const peer = from('127.0.0.1', { ...forwarded, host: 'inner:8000' });
    expect(createAddresses({ TRUST_PROXY: '' }).hostOf(peer)).to.equal('inner:8000');
    expect(createAddresses({ TRUST_PROXY: '10.0.0.0/8' }).hostOf(peer)).to.equal('inner:8000');
    expect(createAddresses({ TRUST_PROXY: 'loopback' }).hostOf(peer)).to.equal('hub.example');
  });
});
