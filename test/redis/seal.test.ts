// What the processes tell each other is sealed: nobody else reads it, makes it or changes it.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { createSeal } from '../../src/relay/seal.js';

const opens = (attempt: Promise<string>): Promise<string | null> => attempt.catch(() => null);
const bytesOf = (sealed: string): string =>
  sealed
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString('hex'))
    .join('.');

describe('a sealed text', () => {
  it('is read by whoever has the secret, and is another each time', async () => {
    const secret = randomBytes(32);
    const [ours, theirs] = [await createSeal(secret), await createSeal(secret)];
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 2_000 }), async (text) => {
        const [one, other] = [await ours.seal(text), await ours.seal(text)];
        expect(one).not.to.equal(other);
        expect(await theirs.unseal(one)).to.equal(text);
      }),
    );
  });

  it('shows nothing of itself', async () => {
    const { seal } = await createSeal(randomBytes(32));
    const sealed = await seal(JSON.stringify({ subject: 'CANARY' }));
    const parts = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    expect(parts.join(' ')).not.to.match(/canary|subject/i);
  });

  it('is refused with a change anywhere, under another secret, and when it is anything else', async () => {
    const ours = await createSeal(randomBytes(32));
    const others = await createSeal(randomBytes(32));
    const sealed = await ours.seal('the text');
    expect(await opens(others.unseal(sealed))).to.equal(null);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.constantFrom('A', '7', '.', ' ', 'é'), async (at, char) => {
        const forged = sealed.slice(0, at) + char + sealed.slice(at + 1);
        // Of the last digit of a part some bits mean nothing.
        const same = bytesOf(forged) === bytesOf(sealed);
        expect(await opens(ours.unseal(forged))).to.be.oneOf(same ? [null, 'the text'] : [null]);
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (rubbish) => {
        expect(await opens(ours.unseal(rubbish))).to.equal(null);
      }),
    );
  });

  it('is refused when it names a way of sealing that needs no secret', async () => {
    const ours = await createSeal(randomBytes(32));
    const [, ...rest] = (await ours.seal('the text')).split('.');
    for (const header of [{ alg: 'none' }, { alg: 'dir', enc: 'none' }, { alg: 'dir', enc: 'A128GCM' }, {}]) {
      const forged = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
      expect(await opens(ours.unseal(forged))).to.equal(null);
    }
  });
});
