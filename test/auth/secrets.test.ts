// Secrets of development: made once, kept, and nobody else's to read.
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { developmentSecrets } from '../../src/auth/secrets.js';
import { ConfigError } from '../../src/config.js';

describe('development secrets', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = path.join(await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-test-')), 'data');
  });
  afterEach(() => rm(path.dirname(dataDir), { recursive: true }));

  it('are made once and stay the same', async () => {
    const secrets = await developmentSecrets(dataDir);
    expect(secrets.jwtSecret).to.match(/^[0-9a-f]{64}$/);
    expect(secrets.intakeKey).to.match(/^[\w-]{32}$/);
    expect(await developmentSecrets(dataDir)).to.deep.equal(secrets);
  });

  it('may be read by their owner only, and leave nothing beside them', async () => {
    await developmentSecrets(dataDir);
    expect(await readdir(dataDir)).to.deep.equal(['secrets.json']);
    expect((await stat(path.join(dataDir, 'secrets.json'))).mode & 0o777).to.equal(0o600);
  });

  it('are the same for all that start at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => developmentSecrets(dataDir)));
    expect(new Set(all.map(({ jwtSecret }) => jwtSecret)).size).to.equal(1);
    expect(await readdir(dataDir)).to.deep.equal(['secrets.json']);
  });

  it('that are damaged are not replaced silently', async () => {
    await developmentSecrets(dataDir);
    for (const text of ['', '{}', '{"jwtSecret":"short","intakeKey":"short"}']) {
      await writeFile(path.join(dataDir, 'secrets.json'), text);
      const error = await developmentSecrets(dataDir).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(ConfigError).with.property('message').that.includes('delete it');
    }
  });
});
