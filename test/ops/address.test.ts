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
      expect(body[1]).to.equal(body[0]);
    }
  });

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
