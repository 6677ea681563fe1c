// Close frames say why, within the 123 bytes that they have room for.
import { expect } from 'chai';
import { closeCodeOf, closeTextOf } from '../../src/sockets/close-reason.js';

describe('close reasons', () => {
  it('have the documented codes', () => {
    const codeOf = (code: Parameters<typeof closeCodeOf>[0]['code']): number => closeCodeOf({ code, message: '' });
    expect(codeOf('too_slow')).to.equal(4413);
    expect(codeOf('restart')).to.equal(1012);
    expect(codeOf('token_expired')).to.equal(4401);
    expect(codeOf('forbidden')).to.equal(4403);
    expect(codeOf('rate_limited')).to.equal(4429);
    expect(codeOf('unavailable')).to.equal(1013);
  });

  it('are told with their code', () => {
    expect(closeTextOf({ code: 'token_expired', message: 'The token has expired.' })).to.equal(
      'token_expired: The token has expired.',
    );
  });

  it('are cut between characters', () => {
    const text = closeTextOf({ code: 'invalid', message: `${'x'.repeat(112)}€uro` });
    expect(text).to.equal(`invalid: ${'x'.repeat(112)}`);
    expect(Buffer.byteLength(closeTextOf({ code: 'invalid', message: '🚢'.repeat(100) }))).to.be.at.most(123);
  });
});
