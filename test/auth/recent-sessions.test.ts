import { expect } from 'chai';
import { createRecentSessions } from '../../src/auth/recent-sessions.js';

const sessionOf = (sub: string, expiresAt: number) => ({
  principal: { sub, name: null, email: null, roles: [], teams: [] },
  jti: null,
  issuedAt: null,
  expiresAt,
  cutAt: expiresAt,
});

describe('recent sessions', () => {
  it('are found by their own token only', () => {
    const recent = createRecentSessions();
    const session = sessionOf('alice', Date.now() + 60_000);
    recent.add('a.b.c', session);
    expect(recent.find('a.b.c')).to.equal(session);
    expect(recent.find('a.b.d')).to.equal(null);
  });

  it('end with their token', () => {
    let now = 0;
    const recent = createRecentSessions(() => now);
    recent.add('a.b.c', sessionOf('alice', 1_000));
    now = 999;
    expect(recent.find('a.b.c')).to.not.equal(null);
    now = 1_000;
    expect(recent.find('a.b.c')).to.equal(null);
  });

  it('are so many at most, and the oldest go first', () => {
    const recent = createRecentSessions();
    for (let number = 0; number <= 1_000; number++) recent.add(`${number}`, sessionOf(`${number}`, Infinity));
    expect(recent.find('0')).to.equal(null);
    expect(recent.find('1')).to.not.equal(null);
    expect(recent.find('1000')).to.not.equal(null);
  });
});
