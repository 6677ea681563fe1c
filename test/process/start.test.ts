import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { dataDirectory, MAIN, startHubProcess } from '../support/hub-process.js';

/** What a promise comes to, if it does in time. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | 'late'> {
  return Promise.race([promise, delay(ms, 'late' as const, { ref: false })]);
}

describe('a start that cannot succeed', () => {
  for (const [what, env, message] of [
    [
      'in production without MongoDB',
      { NODE_ENV: 'production' },
      /^workitem-hub: MONGODB_URL is required in production\.$/m,
    ],
    [
      'in production without a secret',
      { NODE_ENV: 'production', MONGODB_URL: 'mongodb://127.0.0.1:1/' },
      /^workitem-hub: JWT_SECRET or JWKS_URL is required in production\.$/m,
    ],
    [
      'in production with a weak secret',
      { NODE_ENV: 'production', MONGODB_URL: 'mongodb://127.0.0.1:1/', JWT_SECRET: 'secret' },
      /^workitem-hub: JWT_SECRET is weak/m,
    ],
    ['with a setting that is none', { PORT: 'eighty' }, /^workitem-hub: PORT: /m],
    ['with an address of another machine', { HOST: '192.0.2.1' }, /^workitem-hub: HOST: .*192\.0\.2\.1/m],
    ['with an address that is none', { HOST: '300.1.1.1' }, /^workitem-hub: HOST: .*300\.1\.1\.1/m],
    ['with another kind of database', { MONGODB_URL: 'http://x' }, /^workitem-hub: MONGODB_URL: /m],
    ['with a database that is not there', { MONGODB_URL: 'mongodb://127.0.0.1:1' }, /^workitem-hub: MONGODB_URL: /m],
    ['with a file for DATA_DIR', { DATA_DIR: MAIN }, /^workitem-hub: DATA_DIR: .*file/m],
    [
      'with rules that are not there',
      { ROUTING_RULES: 'no-such-file.json' },
      /^workitem-hub: ROUTING_RULES: no-such-file\.json: /m,
    ],
  ] as const) {
    it(`${what} ends with one clear line and exit code 1`, async function () {
      this.timeout(40_000);
      const data = await dataDirectory();
      const hub = startHubProcess({ DATA_DIR: data.path, ...env });
      expect(await hub.ended).to.equal(1);
      expect(hub.output())
        .to.match(/^[^\n]+\n$/)
        .and.match(message);
      await data.remove();
    });
  }

  it('because another hub has the data names that hub and ends at once', async function () {
    this.timeout(60_000);
    const data = await dataDirectory();
    const running = startHubProcess({ DATA_DIR: data.path });
    await running.printed(/workitem-hub is up/);
    const second = startHubProcess({ DATA_DIR: data.path });
    await second.printed(new RegExp(`^workitem-hub: Another hub \\(process ${running.child.pid}\\) is using`, 'm'));
    expect(await within(500, second.ended)).to.equal(1);
    running.child.kill('SIGTERM');
    expect(await running.ended).to.equal(0);
    await data.remove();
  });

  it('ends even when something was forgotten that holds the process', async function () {
    this.timeout(30_000);
    const hub = startHubProcess({
      PORT: 'eighty',
      NODE_OPTIONS: '--import=data:text/javascript,setInterval(Date,9e4)',
    });
    await hub.printed(/^workitem-hub: PORT/m);
    expect(await within(5_000, hub.ended)).to.equal(1);
  });

  // Such as Linux has.
  if (process.platform === 'linux') {
    it('on a file system that makes no directories names DATA_DIR', async function () {
      this.timeout(30_000);
      const hub = startHubProcess({ DATA_DIR: '/proc/hub/data' });
      await hub.printed(/^workitem-hub: DATA_DIR: \/proc\/hub\/data cannot be used/m);
      expect(await hub.ended).to.equal(1);
    });
  }

  it('because the port is taken gives back what it took', async function () {
    this.timeout(90_000);
    const [first, second] = [await dataDirectory(), await dataDirectory()];
    const running = startHubProcess({ DATA_DIR: first.path });
    const [, port = ''] = await running.printed(/workitem-hub is up: http:\/\/[^:]+:(\d+)/);
    const late = startHubProcess({ DATA_DIR: second.path, PORT: port });
    expect(await late.ended).to.equal(1);
    expect(late.output()).to.match(new RegExp(`^workitem-hub: Port ${port} is in use`, 'm'));
    // Its mongod is gone and its data free: another hub can have them.
    const next = startHubProcess({ DATA_DIR: second.path });
    await next.printed(/workitem-hub is up/);
    for (const hub of [running, next]) hub.child.kill('SIGTERM');
    expect(await Promise.all([running.ended, next.ended])).to.deep.equal([0, 0]);
    await Promise.all([first.remove(), second.remove()]);
  });
});
