// The limits of all processes together, counted in Redis; while it is away each process counts in its own memory, and at
// once. Redis is given no name that anybody could read: neither a key, nor a user, nor an address.
import { createHmac } from 'node:crypto';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { type LimitsOptions, MemoryCounters } from '../ops/limits.js';
import type { Redis } from './connection.js';

type MakeCounters = NonNullable<LimitsOptions['counters']>;

/** All points or none, which the library's own script does not do. ARGV: points asked for, seconds, points of the limit. */
const CONSUME = `
local taken = tonumber(redis.call('get', KEYS[1]) or '0') + tonumber(ARGV[1])
local ttl = redis.call('pttl', KEYS[1])
if taken <= tonumber(ARGV[3]) then redis.call('incrby', KEYS[1], ARGV[1]) end
-- Also of one that refuses: whoever made it last for ever, it ends with a window.
if ttl < 0 then
  redis.call('expire', KEYS[1], ARGV[2])
  ttl = 1000 * ARGV[2]
end
return {taken, ttl}`;

/**
 * @param deps.key what its keys in Redis begin with
 * @param deps.secret names are hashed with it, so that nobody can look for a name in Redis by hashing it
 * @param deps.onMemory told of each count that Redis could not take
 */
export function createSharedCounters(deps: {
  redis: Pick<Redis, 'run'>;
  key: string;
  secret: Buffer;
  onMemory: () => void;
}): MakeCounters {
  const { redis, key, secret, onMemory } = deps;
  const storeClient = clientOf(redis);
  const hash = (name: string): string => createHmac('sha256', secret).update(name).digest('base64url').slice(0, 22);

  return (name, points, duration) => {
    const memory = new (class extends MemoryCounters {
      override consume(...args: Parameters<MemoryCounters['consume']>): Promise<RateLimiterRes> {
        onMemory();
        return super.consume(...args);
      }
    })({ keyPrefix: name, points, duration });
    const shared = new RateLimiterRedis({
      storeClient,
      useRedisPackage: true,
      customIncrTtlLuaScript: CONSUME,
      insuranceLimiter: memory,
      keyPrefix: `${key}:limit:${name}`,
      points,
      duration,
    });
    if (name !== 'failedAuth') {
      return {
        consume: (who, taken) => shared.consume(hash(who), taken),
        get: (who) => shared.get(hash(who)),
      };
    }
    // This is asked for each credential, good or bad, and Redis only after a bad one: what it then says of the address is
    // kept here. So an address has one attempt more in every process; none of them is worth a question per request.
    return {
      async consume(who, taken) {
        const keep = async ({ remainingPoints, msBeforeNext }: RateLimiterRes): Promise<void> => {
          if (remainingPoints <= 0) await memory.set(hash(who), points, Math.max(1, msBeforeNext) / 1_000);
        };
        try {
          await keep(await shared.consume(hash(who), taken));
        } catch (refused) {
          if (refused instanceof RateLimiterRes) await keep(refused);
          throw refused;
        }
      },
      get: (who) => memory.get(hash(who)),
    };
  };
}

/** As much of a client of `redis` as the library uses. It answers or fails at once, so that the memory can step in. */
function clientOf(redis: Pick<Redis, 'run'>): object {
  return {
    eval: (script: string, options: { keys: string[]; arguments: string[] }) =>
      redis.run((client) => client.eval(script, options)),
    multi() {
      let counter = '';
      const reading = {
        get(key: string) {
          counter = key;
          return reading;
        },
        pTTL: () => reading,
        exec: () => redis.run((client) => client.multi().get(counter).pTTL(counter).execAsPipeline()),
      };
      return reading;
    },
  };
}
