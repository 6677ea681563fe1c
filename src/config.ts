// Every setting of the hub, read from the environment once: the only file that looks at `process.env`.
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const flag = z.string().transform((text, context) => {
  const value = text.trim().toLowerCase();
  if (['1', 'true', 'on', 'yes'].includes(value)) return true;
  if (['0', 'false', 'off', 'no', ''].includes(value)) return false;
  context.addIssue({ code: 'custom', message: 'must be on or off' });
  return z.NEVER;
});
/** A number that `fits`; `what` says in words which ones do. */
const number = (what: string, fits: (value: number) => boolean, fallback: number) =>
  z
    .string()
    .transform((text, context) => {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      if (Number.isFinite(value) && fits(value)) return value;
      context.addIssue({ code: 'custom', message: `must be ${what}` });
      return z.NEVER;
    })
    .default(fallback);
const count = (fallback: number) =>
  number('a whole number, 0 or more', (value) => Number.isInteger(value) && value >= 0, fallback);
const amount = (fallback: number) => number('a number, 0 or more', (value) => value >= 0, fallback);
const positive = (fallback: number) => number('a number above 0', (value) => value > 0, fallback);
const webAddress = z.url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' });
const redisAddress = z.string().refine(isRedisAddress, 'must be an address such as redis://host:6379 or rediss://…');
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  );

/** One entry per environment variable; the README's table is made from the same names, units and defaults. */
const environmentSchema = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().optional(),
  PORT: number(
    'a whole number from 0 to 65535',
    (value) => Number.isInteger(value) && value >= 0 && value <= 65_535,
    8000,
  ),
  /** Address that people use, when it is not the one the hub listens on. */
  PUBLIC_URL: webAddress.optional(),
  LOG_LEVEL: z.enum(LEVELS, `must be one of ${LEVELS.join(', ')}`).default('info'),
  DATA_DIR: z.string().default('.data'),
  MONGODB_URL: z.string().optional(),
  MONGODB_DATABASE: z
    .string()
    // What MongoDB refuses, on whatever system it runs, is found out here: it would only say so at the first write.
    .refine((name) => !/[/\\. "$*<>:|?\0]/.test(name), 'must be without blanks and any of / \\ . " $ * < > : | ?')
    .refine((name) => Buffer.byteLength(name) <= 63, 'must be at most 63 bytes long')
    .default('workitem_hub'),
  /** Links several processes; without it they are linked by the database alone. */
  REDIS_URL: redisAddress.optional(),
  /** What every channel and key of these processes begins with. */
  REDIS_KEY: z
    .string()
    .refine((key) => !/[\s*?[\]\\]/.test(key), 'must be without blanks and any of * ? [ ] \\')
    .optional(),
  /** A mongod for the embedded database, before any other. */
  MONGOMS_SYSTEM_BINARY: z.string().optional(),
  /** Downloaded programs are kept in `workitem-hub` below it. */
  XDG_CACHE_HOME: z.string().default(() => path.join(os.homedir(), '.cache')),

  JWT_SECRET: z.string().optional(),
  JWKS_URL: webAddress.optional(),
  JWT_ISSUER: list,
  JWT_AUDIENCE: list,
  JWT_CLAIM_SUB: z.string().default('sub'),
  JWT_CLAIM_NAME: z.string().default('name'),
  JWT_CLAIM_EMAIL: z.string().default('email'),
  JWT_CLAIM_ROLES: z.string().default('roles'),
  JWT_CLAIM_TEAMS: z.string().default('teams'),
  /** The provider at which the desk signs people in; its keys are at JWKS_URL. */
  OIDC_AUTHORITY: webAddress.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_SCOPE: z.string().default('openid profile email'),
  INTAKE_API_KEYS: list,
  ALLOWED_ORIGINS: list,
  TRUST_PROXY: z.string().default(''),
  LEGACY_WS_ANONYMOUS: flag.optional(),
  TEST_WORKITEMS: flag.optional(),
  METRICS_TOKEN: z.string().optional(),
  ROUTING_RULES: z.string().optional(),

  EVENT_RETENTION_DAYS: amount(7),
  INTAKE_MAX_MB: amount(25),
  INTAKE_MAX_ATTACHMENTS: count(50),
  LIMIT_INTAKE_PER_MINUTE: count(6000),
  LIMIT_TEST_PER_MINUTE: count(300),
  LIMIT_CONNECTS_PER_MINUTE: count(6000),
  LIMIT_FAILED_AUTH_PER_MINUTE: count(60),
  LIMIT_COMMANDS_PER_10S: count(50),
  LIMIT_REPLAY_MB_PER_MINUTE: amount(64),
  /** Bytes and age of what may wait for one slow socket before it is cut. */
  SOCKET_QUEUE_MAX_MB: positive(4),
  SOCKET_QUEUE_MAX_SECONDS: positive(30),
  /** Submissions and commands that may wait for the log before callers are told to come back. */
  LOG_QUEUE_MAX: number('a whole number above 0', (value) => Number.isInteger(value) && value > 0, 10_000),
  /** In a steady stream events are delivered together, at most so late; one that comes alone is delivered at once. */
  DELIVERY_WINDOW_MS: number('a number from 0 to 1000', (value) => value >= 0 && value <= 1_000, 50),
  HEARTBEAT_SECONDS: positive(25),
  DRAIN_SECONDS: amount(5),
  SHUTDOWN_SECONDS: positive(20),
});

type Environment = z.infer<typeof environmentSchema>;

/** Settings as the rest of the hub sees them. */
export type Config = Readonly<
  Omit<Environment, 'HOST' | 'REDIS_KEY' | 'LEGACY_WS_ANONYMOUS' | 'TEST_WORKITEMS'> & {
    production: boolean;
    HOST: string;
    REDIS_KEY: string;
    LEGACY_WS_ANONYMOUS: boolean;
    TEST_WORKITEMS: boolean;
  }
>;

/** A start that configuration forbids; `message` is the one line an operator needs. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Whether the Redis client will take it: user and password as in any URL, the number of a database as path. */
function isRedisAddress(text: string): boolean {
  try {
    const { protocol, hostname, username, password, pathname } = new URL(text);
    decodeURIComponent(username + password);
    return /^rediss?:$/.test(protocol) && hostname !== '' && /^\/?\d{0,4}$/.test(pathname);
  } catch {
    return false;
  }
}

const MIN_SECRET_BYTES = 32;

function assertSafeForProduction(env: Environment): void {
  if (!env.MONGODB_URL) throw new ConfigError('MONGODB_URL is required in production.');
  if (!env.JWT_SECRET && !env.JWKS_URL) throw new ConfigError('JWT_SECRET or JWKS_URL is required in production.');
  if (env.JWT_SECRET && isWeak(env.JWT_SECRET)) {
    throw new ConfigError(`JWT_SECRET is weak: use at least ${MIN_SECRET_BYTES} random bytes (openssl rand -hex 32).`);
  }
}

/** A desk that sends people to a provider whose tokens the hub then refuses would look broken to everybody but the operator. */
function assertSignIn({ OIDC_AUTHORITY, OIDC_CLIENT_ID, OIDC_SCOPE, JWKS_URL }: Environment): void {
  if (!OIDC_AUTHORITY && !OIDC_CLIENT_ID) return;
  if (!OIDC_AUTHORITY) throw new ConfigError('OIDC_AUTHORITY is required with OIDC_CLIENT_ID.');
  if (!OIDC_CLIENT_ID) throw new ConfigError('OIDC_CLIENT_ID is required with OIDC_AUTHORITY.');
  if (!JWKS_URL) throw new ConfigError('JWKS_URL is required with OIDC_AUTHORITY, to verify its tokens.');
  if (!OIDC_SCOPE.split(/\s+/).includes('openid')) throw new ConfigError('OIDC_SCOPE: must contain openid');
}

function isWeak(secret: string): boolean {
  return Buffer.byteLength(secret) < MIN_SECRET_BYTES || new Set(secret).size < 10;
}

/**
 * Reads the settings out of an environment.
 * @throws ConfigError naming the variable that is wrong or, in production, missing or weak.
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  // An empty variable is how compose files and shells say "not set".
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const production = parsed.data.NODE_ENV === 'production';
  if (production) assertSafeForProduction(parsed.data);
  assertSignIn(parsed.data);
  return {
    ...parsed.data,
    production,
    HOST: parsed.data.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    REDIS_KEY: parsed.data.REDIS_KEY ?? `workitem-hub:${parsed.data.MONGODB_DATABASE}`,
    LEGACY_WS_ANONYMOUS: parsed.data.LEGACY_WS_ANONYMOUS ?? !production,
    TEST_WORKITEMS: parsed.data.TEST_WORKITEMS ?? !production,
  };
}
