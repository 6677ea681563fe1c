// `npm run token`: as a person types it.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { developmentSecrets } from '../../src/auth/secrets.js';
import { runTokenCommand } from '../../src/auth/token-command.js';
import { createTokens } from '../../src/auth/tokens.js';
import { ConfigError, readConfig } from '../../src/config.js';

const SECRET = 'correct horse battery staple, thirty-two bytes';
const settings = { JWT_SECRET: SECRET, JWT_ISSUER: 'https://one,https://two', JWT_AUDIENCE: 'hub' };

describe('token command', () => {
  const run = (line: string, env: Record<string, string> = settings) =>
    runTokenCommand(line.split(' ').filter(Boolean), () => readConfig(env));
  const sessionOf = (token: string) => createTokens({ config: readConfig(settings), secret: SECRET }).verify(token);

  it('prints a token that the hub accepts', async () => {
    const line = '--sub alice --role underwriter --team property --ttl 2h --name Alice --email a@b.example --jti one';
    const { principal, jti, issuedAt, expiresAt } = await sessionOf(await run(line));
    expect(principal).to.deep.equal({
      sub: 'alice',
      name: 'Alice',
      email: 'a@b.example',
      roles: ['underwriter'],
      teams: ['property'],
    });
    expect(jti).to.equal('one');
    expect(expiresAt / 1000 - Number(issuedAt)).to.equal(7200);
  });

  it('takes several roles and teams, repeated or separated by commas, and makes up the rest', async () => {
    const { principal, jti, issuedAt, expiresAt } = await sessionOf(
      await run('--sub a --role underwriter,supervisor --role admin --team x --team y,z'),
    );
    expect(principal.roles).to.deep.equal(['underwriter', 'supervisor', 'admin']);
    expect(principal.teams).to.deep.equal(['x', 'y', 'z']);
    expect(jti).to.match(/^[0-9a-f-]{36}$/);
    expect(expiresAt / 1000 - Number(issuedAt)).to.equal(8 * 3600);
  });

  it('says what is wrong with a line', async () => {
    const wrong: [string, RegExp][] = [
      ['', /--sub is missing/],
      ['--sub a', /--role is missing/],
      ['--sub a --role root', /--role root is not one of/],
      ['--sub a --role admin --ttl soon', /--ttl soon is no length/],
      ['--sub a --role admin --ttl 0s', /--ttl 0s is no length/],
      ['--sub a --role admin --ttl -5m', /--ttl/],
      ['--sub a --role admin --bogus', /bogus/],
      ['--sub a --role admin extra', /extra/],
      ['--sub', /--sub/],
    ];
    for (const [line, message] of wrong) {
      const error = await run(line).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(Error).with.property('message').that.matches(message);
    }
    expect(await run('--help')).to.match(/^Usage: /);
  });

  it('signs nothing that a hub of the same settings would refuse', async () => {
    const error = await run('--sub a --role admin', { JWKS_URL: 'https://login.example/keys' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(ConfigError);
  });

  describe('as a program', () => {
    const program = path.join(import.meta.dirname, '../../src/auth/token-command.ts');
    let dataDir: string;
    before(async () => {
      dataDir = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-test-'));
    });
    after(() => rm(dataDir, { recursive: true }));
    const start = (...args: string[]) =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', program, ...args], { env: { DATA_DIR: dataDir } });

    it('signs with the secret that is kept with the data, and prints the token alone', async () => {
      const { stdout, stderr } = await start('--sub', 'alice', '--role', 'underwriter');
      expect(stdout).to.match(/^\S+\n$/);
      expect(stderr).to.equal('');
      const { jwtSecret } = await developmentSecrets(dataDir);
      const tokens = createTokens({ config: readConfig({}), secret: jwtSecret });
      expect((await tokens.verify(stdout.trim())).principal.sub).to.equal('alice');
    });

    it('ends with 2 and explains itself on stderr', async () => {
      const failure = (await start('--role', 'admin').catch((error: unknown) => error)) as Record<string, unknown>;
      expect(failure).to.include({ code: 2, stdout: '' });
      expect(failure.stderr).to.match(/--sub is missing[^]*Usage: /);
    });
  });
});
