// Secrets are compared in a time that tells nothing: by digests of one length, with `timingSafeEqual`, everywhere.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startHub, type TestHub } from '../support/hub.js';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
const KEYS = ['a-first-key-of-the-logic-app', 'another', 'ключ'];

describe('the comparison of secrets', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub({ INTAKE_API_KEYS: KEYS.join(), LIMIT_FAILED_AUTH_PER_MINUTE: '0' });
  });
  after(() => hub.close());

  const post = async (key: string): Promise<number> => {
    const headers = { 'x-api-key': Buffer.from(key).toString('latin1') };
    return (await fetch(`${hub.url}/api/email/intake`, { method: 'POST', headers, body: '{"subject":"x"}' })).status;
  };

  it('takes a key whole or not at all, of whatever length', async () => {
    for (const key of KEYS.slice(0, 2)) expect(await post(key), key).to.equal(200);
    for (const wrong of [
      '',
      ' ',
      'a',
      'another ',
      ' another',
      'anothe',
      'anotherr',
      'ANOTHER',
      KEYS.join(),
      '*',
      'null',
    ]) {
      // A header loses the blanks around it on the way.
      expect(await post(wrong), wrong).to.equal(wrong.trim() === 'another' ? 200 : 401);
    }
    expect(await post('x'.repeat(8_000))).to.equal(401);
  });

  it('is done by digests with timingSafeEqual, and with nothing else', async () => {
    const files = (await readdir(SRC, { recursive: true })).filter((file) => file.endsWith('.ts'));
    const comparing: string[] = [];
    for (const file of files) {
      const text = await readFile(path.join(SRC, file), 'utf8');
      if (text.includes('timingSafeEqual(')) {
        comparing.push(file);
        expect(text, file).to.match(/createHash\('sha256'\)/);
      }
      // A secret beside an equals sign, or looked up in a list.
      expect(text, file).not.to.match(
        /(?:apiKey|METRICS_TOKEN|INTAKE_API_KEYS|intakeKeys|jwtSecret|JWT_SECRET)\s*[!=]==? (?!undefined|null)/,
      );
      expect(text, file).not.to.match(/(?:INTAKE_API_KEYS|intakeKeys)\.(?:includes|indexOf|has|find|some)\(/);
    }
    expect(comparing.sort()).to.deep.equal(['auth/authenticate.ts', 'auth/own-signature.ts', 'http/health-routes.ts']);
  });
});
