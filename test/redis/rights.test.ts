// A user of Redis with no more rights than the documentation says is enough.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { createLimits } from '../../src/ops/limits.js';
import { createRedis } from '../../src/redis/connection.js';
import { createSharedCounters } from '../../src/redis/shared-counters.js';
import { quiet } from '../support/mongo.js';
import { ownRedis } from '../support/redis.js';
import { until } from '../support/until.js';

const RIGHTS = '+@connection +@pubsub +eval +get +incrby +pttl +expire +multi +exec';
const KEY = 'workitem-hub:desk';

describe('a user of Redis with the documented rights', () => {
  it('hears, speaks, and counts', async () => {
    const server = await ownRedis();
    const admin = await server.client();
    await admin.aclSetUser('hub', ['on', '>pass/word', '~workitem-hub:*', '&workitem-hub:*', ...RIGHTS.split(' ')]);
    const redis = createRedis({ url: `redis://hub:pass%2Fword@127.0.0.1:${server.port}`, logger: quiet });
    const heard: string[] = [];
    redis.subscribe([`${KEY}-request#/#`, `${KEY}-response#/#`], (text) => void heard.push(text.toString()));
    redis.start();
    try {
      await until(() => redis.isUp());
      redis.publish(`${KEY}-request#/#`, 'one');
      redis.publish(`${KEY}-response#/#`, 'two');
      await until(() => heard.length === 2);
      let inMemory = 0;
      const secret = randomBytes(32);
      const limits = createLimits(
        {
          LIMIT_INTAKE_PER_MINUTE: 2,
          LIMIT_TEST_PER_MINUTE: 0,
          LIMIT_CONNECTS_PER_MINUTE: 0,
          LIMIT_FAILED_AUTH_PER_MINUTE: 2,
          LIMIT_COMMANDS_PER_10S: 0,
          LIMIT_REPLAY_MB_PER_MINUTE: 1,
        },
        { counters: createSharedCounters({ redis, key: KEY, secret, onMemory: () => void inMemory++ }) },
      );
      for (const limit of ['intake', 'failedAuth', 'replay'] as const) await limits.consume(limit, 'somebody');
      const taken = await limits.would('replay', 'somebody', 2 ** 20).then(
        () => null,
        (error: Error) => error.message,
      );
      expect(taken).to.include('Too much');
      expect(inMemory).to.equal(0);
      expect(await admin.keys('*')).to.have.length(3);
    } finally {
      await redis.close();
      await server.remove();
    }
  });
});
