// `npm run token`: prints a token signed with the hub's own secret.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ROLES, type Role } from '@workitem-hub/client/contract';
import { decodeJwt } from 'jose';
import { type Config, ConfigError, readConfig } from '../config.js';
import { developmentSecrets } from './secrets.js';
import { signToken } from './sign.js';

const USAGE = `Usage: npm run token -- --sub <id> --role <role> [options]

  --sub <id>      who the token speaks for
  --role <role>   ${ROLES.join(', ')}; repeat it or separate by commas
  --team <name>   a team; repeat it or separate by commas
  --ttl <time>    how long it is good, such as 30m, 8h, 7d (8h)
  --name <name>   shown to colleagues
  --email <mail>
  --jti <id>      names this one token, for revoking it (a uuid)

Signs with JWT_SECRET or, in development, with the secret kept in DATA_DIR.`;

/** A command line that cannot be obeyed. */
class UsageError extends Error {}

/**
 * Runs the command.
 * @returns what belongs on stdout: a token, or the usage
 * @throws ConfigError or an error whose message is for the caller
 */
export async function runTokenCommand(args: string[], config: () => Config): Promise<string> {
  const options = readOptions(args);
  if (options.help) return USAGE;
  if (!options.sub) throw new UsageError('--sub is missing');
  const roles = listOf(options.role).map(roleOf);
  if (roles.length === 0) throw new UsageError('--role is missing');
  const settings = config();
  const { sub, name, email, jti, ttl } = options;
  const claims = { sub, name, email, jti, roles, teams: listOf(options.team) };
  const noLength = new UsageError(`--ttl ${ttl} is no length of time`);
  const token = await signToken(await secretOf(settings), claims, ttl, settings).catch((error: unknown) => {
    throw error instanceof TypeError ? noLength : error;
  });
  // `0s` and `5m ago` are lengths to the library; nobody wants a token that has ended.
  const { iat = 0, exp = 0 } = decodeJwt(token);
  if (exp <= iat) throw noLength;
  return token;
}

function readOptions(args: string[]) {
  const text = { type: 'string' } as const;
  const list = { type: 'string', multiple: true } as const;
  try {
    return parseArgs({
      args,
      options: {
        sub: text,
        role: list,
        team: list,
        ttl: { ...text, default: '8h' },
        name: text,
        email: text,
        jti: text,
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function listOf(values: string[] = []): string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter(Boolean);
}

function roleOf(name: string): Role {
  const role = ROLES.find((known) => known === name);
  if (!role) throw new UsageError(`--role ${name} is not one of ${ROLES.join(', ')}`);
  return role;
}

async function secretOf(config: Config): Promise<string> {
  if (config.JWT_SECRET) return config.JWT_SECRET;
  // A hub in production, or with a provider's keys, makes no secret of its own.
  if (config.production || config.JWKS_URL)
    throw new ConfigError('JWT_SECRET is not set, so the hub would not accept such a token.');
  return (await developmentSecrets(config.DATA_DIR)).jwtSecret;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(await runTokenCommand(process.argv.slice(2), readConfig));
  } catch (error) {
    console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : String((error as Error).message));
    process.exitCode = 2;
  }
}
