// How often each caller may do what costs the hub something. Counters live in this process's memory, or where all processes
// count together.
import { createHash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Config } from '../config.js';
import { HubError } from '../errors.js';

export type LimitName = 'intake' | 'test' | 'connects' | 'failedAuth' | 'commands' | 'replay';

export interface Limits {
  /**
   * Takes points for a key (of `replay`: bytes), all of them or none.
   * @throws HubError `rate_limited` with `retryAfterMs`.
   */
  consume(name: LimitName, key: string, points?: number): Promise<void>;
  /** Refuses what {@link Limits.consume} would refuse, and takes nothing. */
  would(name: LimitName, key: string, points?: number): Promise<void>;
}

interface Rule {
  points: number;
  seconds: number;
  message: string;
}

const MIB = 1024 * 1024;

function rulesOf(config: LimitConfig): Record<LimitName, Rule> {
  return {
    intake: { points: config.LIMIT_INTAKE_PER_MINUTE, seconds: 60, message: 'Too many mails from this caller.' },
    test: {
      points: config.LIMIT_TEST_PER_MINUTE,
      seconds: 60,
      message: 'Too many test items or demo sign-ins from this address.',
    },
    connects: {
      points: config.LIMIT_CONNECTS_PER_MINUTE,
      seconds: 60,
      message: 'Too many connects from this address.',
    },
    failedAuth: {
      points: config.LIMIT_FAILED_AUTH_PER_MINUTE,
      seconds: 60,
      message: 'Too many refused credentials from this address.',
    },
    commands: { points: config.LIMIT_COMMANDS_PER_10S, seconds: 10, message: 'Too many commands by this user.' },
    replay: {
      points: Math.ceil(config.LIMIT_REPLAY_MB_PER_MINUTE * MIB),
      seconds: 60,
      message: 'Too much replayed to this user.',
    },
  };
}

type LimitConfig = Pick<
  Config,
  | 'LIMIT_INTAKE_PER_MINUTE'
  | 'LIMIT_TEST_PER_MINUTE'
  | 'LIMIT_CONNECTS_PER_MINUTE'
  | 'LIMIT_FAILED_AUTH_PER_MINUTE'
  | 'LIMIT_COMMANDS_PER_10S'
  | 'LIMIT_REPLAY_MB_PER_MINUTE'
>;

/** The counters of one limit, one for each key. */
export interface Counters {
  /** Takes all of the points, or none and rejects with a `RateLimiterRes`, which says how long to wait. */
  consume(key: string, points: number): Promise<unknown>;
  /** What has been taken, as far as is known. */
  get(key: string): Promise<RateLimiterRes | null>;
}

export interface LimitsOptions {
  /** Makes the counters of one limit; in memory by default. */
  counters?: (name: LimitName, points: number, seconds: number) => Counters;
  /** Told of every refusal. */
  onLimited?: (name: LimitName) => void;
}

/** The limits of the settings; a setting of 0 is no limit. */
export function createLimits(config: LimitConfig, options: LimitsOptions = {}): Limits {
  const { counters = inMemory, onLimited = () => {} } = options;
  const rules = rulesOf(config);
  const limits = new Map(
    Object.entries(rules)
      .filter(([, { points }]) => points > 0)
      .map(([name, rule]) => {
        const counter = counters(name as LimitName, rule.points, rule.seconds);
        return [name, { ...rule, counter, keyOf: boundedKeys(rule.seconds) }];
      }),
  );

  function refusal(name: LimitName, retryAfterMs: number): HubError {
    onLimited(name);
    return new HubError('rate_limited', rules[name].message, { retryAfterMs: Math.max(1, retryAfterMs) });
  }

  return {
    async consume(name, key, points = 1) {
      const limit = limits.get(name);
      if (!limit) return;
      const bounded = limit.keyOf(key);
      try {
        await limit.counter.consume(bounded, points);
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        throw refusal(name, refused.msBeforeNext);
      }
    },

    async would(name, key, points = 1) {
      const limit = limits.get(name);
      if (!limit) return;
      const taken = await limit.counter.get(limit.keyOf(key));
      if ((taken?.consumedPoints ?? 0) + points <= limit.points) return;
      throw refusal(name, taken?.msBeforeNext ?? limit.seconds * 1000);
    },
  };
}

const inMemory: NonNullable<LimitsOptions['counters']> = (name, points, seconds) =>
  new MemoryCounters({ keyPrefix: name, points, duration: seconds });

/** The library counts what it refuses; a large replay refused must not keep smaller ones out. */
export class MemoryCounters extends RateLimiterMemory {
  override async consume(key: string, points = 1): Promise<RateLimiterRes> {
    try {
      return await super.consume(key, points);
    } catch (refused) {
      await super.reward(key, points);
      throw refused;
    }
  }
}

const MAX_KEYS = 50_000;
const SHARED_KEYS = 1024;

/**
 * Bounds the counters that one limit can hold. Keys beyond the first 50,000 of a window share 1,024 counters, so that a
 * flood from ever new addresses takes neither the memory nor, since old keys keep theirs, known callers' allowance.
 */
function boundedKeys(seconds: number): (key: string) => string {
  const known = new Set<string>();
  let windowEnd = 0;
  return (key) => {
    const now = performance.now();
    if (now >= windowEnd) {
      known.clear();
      windowEnd = now + seconds * 1000;
    }
    const short = key.length <= 64 ? key : createHash('sha256').update(key).digest('base64');
    if (known.size < MAX_KEYS) known.add(short);
    if (known.has(short)) return short;
    return `shared:${createHash('sha256').update(short).digest().readUInt32BE() % SHARED_KEYS}`;
  };
}
