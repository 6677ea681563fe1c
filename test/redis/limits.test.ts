// Several processes count together, whatever happens to Redis, and tell it nobody's name.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { createLimits, type Limits, type LimitName } from '../../src/ops/limits.js';
import { createRedis, type Redis } from '../../src/redis/connection.js';
import { createSharedCounters } from '../../src/redis/shared-counters.js';
import { quiet } from '../support/mongo.js';
import { type OwnRedis, ownRedis } from '../support/redis.js';
import { refusalOf } from '../support/refusal.js';
import { until } from '../support/until.js';

const SETTINGS = {
  LIMIT_INTAKE_PER_MINUTE: 10,
  LIMIT_TEST_PER_MINUTE: 0,
  LIMIT_CONNECTS_PER_MINUTE: 10,
  LIMIT_FAILED_AUTH_PER_MINUTE: 4,
  LIMIT_COMMANDS_PER_10S: 10,
  LIMIT_REPLAY_MB_PER_MINUTE: 1,
};
const MIB = 2 ** 20;

interface Process {
  limits: Limits;
  redis: Redis;
  inMemory: number;
}

describe('limits over several processes', function () {
  this.timeout(60_000);
  let server: OwnRedis;
  let one: Process;
  let other: Process;
  const secret = randomBytes(32);

  async function start(): Promise<Process> {
    const redis = createRedis({ url: server.url, logger: quiet });
    const process: Process = { redis, inMemory: 0, limits: undefined as never };
    const counters = createSharedCounters({ redis, key: 'test', secret, onMemory: () => void process.inMemory++ });
    process.limits = createLimits(SETTINGS, { counters });
    redis.start();
    await until(() => redis.isUp());
    return process;
  }

  /** How many of these both processes, taking turns, let through. */
  async function passed(name: LimitName, key: string, attempts: number): Promise<number> {
    let count = 0;
    for (let i = 0; i < attempts; i++) {
      const { limits } = i % 2 === 0 ? one : other;
      if ((await refusalOf(limits.consume(name, key))) === null) count++;
    }
    return count;
  }

  beforeEach(async () => {
    server = await ownRedis();
    one = await start();
    other = await start();
  });
  afterEach(async () => {
    await Promise.all([one.redis.close(), other.redis.close()]);
    await server.remove();
  });

  it('are one allowance, exact also when all ask at once', async () => {
    const attempts = Array.from({ length: 60 }, (_, i) =>
      refusalOf((i % 2 === 0 ? one : other).limits.consume('intake', 'key')),
    );
    const refusals = (await Promise.all(attempts)).filter((refusal) => refusal !== null);
    expect(refusals).to.have.length(50);
    for (const { code, retryAfterMs } of refusals) {
      expect(code).to.equal('rate_limited');
      expect(retryAfterMs).to.be.within(1, 60_000);
    }
    expect(await refusalOf(other.limits.consume('intake', 'another key'))).to.equal(null);
    expect(one.inMemory + other.inMemory).to.equal(0);
  });

  it('take all of what is asked or nothing', async () => {
    await one.limits.consume('replay', 'alice', (0.6 * MIB) | 0);
    expect((await refusalOf(other.limits.consume('replay', 'alice', (0.6 * MIB) | 0)))?.code).to.equal('rate_limited');
    expect((await refusalOf(other.limits.would('replay', 'alice', (0.6 * MIB) | 0)))?.retryAfterMs).to.be.within(
      1,
      60_000,
    );
    expect(await refusalOf(other.limits.would('replay', 'alice', (0.3 * MIB) | 0))).to.equal(null);
    expect(await refusalOf(other.limits.consume('replay', 'alice', (0.3 * MIB) | 0))).to.equal(null);
    expect(await refusalOf(one.limits.would('replay', 'bob', MIB))).to.equal(null);
  });

  it('end with their window', async () => {
    expect(await passed('commands', 'alice', 12)).to.equal(10);
    const client = await server.client();
    const [key] = await client.keys('*');
    expect(await client.pTTL(key as string)).to.be.within(1, 10_000);
  });

  it('let an address that guesses have one attempt more in each process, and ask Redis for nobody else', async () => {
    expect(await passed('failedAuth', '192.0.2.7', 8)).to.equal(4);
    for (const { limits } of [one, other]) {
      expect((await refusalOf(limits.would('failedAuth', '192.0.2.7')))?.retryAfterMs).to.be.within(1, 60_000);
    }
    const client = await server.client();
    const before = Number(/total_commands_processed:(\d+)/.exec(await client.info('stats'))?.[1]);
    for (let i = 0; i < 500; i++) await one.limits.would('failedAuth', `192.0.2.${i % 200}`).catch(() => {});
    const after = Number(/total_commands_processed:(\d+)/.exec(await client.info('stats'))?.[1]);
    // Pings, and our own question.
    expect(after - before).to.be.below(50);
  });

  it('end with their window also when somebody has made a counter last for ever', async () => {
    await one.limits.consume('commands', 'alice');
    const client = await server.client();
    const [key] = (await client.keys('*')) as [string];
    await client.set(key, '1000');
    expect((await refusalOf(one.limits.consume('commands', 'alice')))?.retryAfterMs).to.equal(10_000);
    expect(await client.pTTL(key)).to.be.within(1, 10_000);
  });

  it('give Redis no name', async () => {
    const names = ['alice@underwriting.example', '192.0.2.7', 'a1b2c3d4e5f6'];
    for (const name of names)
      for (const limit of ['intake', 'commands', 'failedAuth'] as const) await one.limits.consume(limit, name);
    const client = await server.client();
    const keys = await client.keys('*');
    expect(keys).to.have.length(9);
    for (const key of keys) {
      expect(key).to.match(/^test:limit:\w+:[\w-]{22}$/);
      for (const name of names) expect(key).not.to.include(name);
    }
  });

  for (const [what, take, giveBack] of [
    ['is killed', () => server.kill(), () => server.start()],
    ['hangs', async () => server.pause(), async () => server.resume()],
  ] as const) {
    it(`are counted by each process for itself while Redis ${what}, and together again after`, async () => {
      expect(await passed('intake', 'before', 20)).to.equal(10);
      await take();
      // Twice as many in all: each counts its own.
      expect(await passed('intake', 'meanwhile', 40)).to.equal(20);
      expect(one.inMemory).to.be.greaterThan(0);
      await giveBack();
      await until(() => one.redis.isUp() && other.redis.isUp());
      const counted = one.inMemory + other.inMemory;
      expect(await passed('intake', 'after', 40)).to.equal(10);
      expect(one.inMemory + other.inMemory).to.equal(counted);
    });
  }

  it('count on when somebody writes rubbish where they count', async () => {
    await one.limits.consume('intake', 'key');
    const client = await server.client();
    for (const key of await client.keys('*')) await client.set(key, 'rubbish');
    expect(await passed('intake', 'key', 40)).to.equal(20);
    for (const key of await client.keys('*')) {
      await client.del(key);
      await client.lPush(key, 'rubbish');
    }
    expect(await refusalOf(one.limits.consume('intake', 'key'))).not.to.equal(null);
    expect(await refusalOf(one.limits.would('intake', 'key'))).not.to.equal(null);
  });
});
