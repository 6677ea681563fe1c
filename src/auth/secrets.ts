// The secrets of a hub in development, made once and kept with its data, so that tokens outlive a restart.
import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Config, ConfigError } from '../config.js';
import { ensureDataDirectory } from '../ops/data-directory.js';

const secretsSchema = z.object({ jwtSecret: z.string().min(32), intakeKey: z.string().min(16) });
export type DevelopmentSecrets = z.infer<typeof secretsSchema>;

/**
 * Reads `<dataDir>/secrets.json`, which only its owner may read, or makes it. Several processes that start at once
 * get the same secrets.
 * @throws ConfigError when the file is there and damaged, or cannot be read or made
 */
export async function developmentSecrets(dataDir: string): Promise<DevelopmentSecrets> {
  const file = path.join(dataDir, 'secrets.json');
  return (await read(file)) ?? (await make(file));
}

async function read(file: string): Promise<DevelopmentSecrets | null> {
  try {
    return secretsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    // Without the directory there is no file either; making it says what is in the way.
    if (isFileError(error, 'ENOENT') || isFileError(error, 'ENOTDIR')) return null;
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      throw new ConfigError(`${file} is damaged; delete it, and the hub makes new secrets.`);
    }
    throw new ConfigError(`DATA_DIR: ${(error as Error).message}`);
  }
}

async function make(file: string): Promise<DevelopmentSecrets> {
  const secrets = { jwtSecret: randomBytes(32).toString('hex'), intakeKey: randomBytes(24).toString('base64url') };
  await ensureDataDirectory(path.dirname(file));
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    // Unlike a rename, a link never replaces what another process has made meanwhile.
    await link(draft, file);
    return secrets;
  } catch (error) {
    const theirs = isFileError(error, 'EEXIST') ? await read(file) : null;
    if (theirs) return theirs;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function isFileError(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === code;
}

/** What tokens are signed with and who may post mails. */
export interface Secrets {
  /** For HS256; `undefined` when only the keys of a provider count. */
  readonly jwtSecret: string | undefined;
  readonly intakeKeys: readonly string[];
}

/** The secrets in force: those of the settings; in development, what they lack is made. */
export async function secretsOf(config: Config): Promise<Secrets> {
  if (config.production) return { jwtSecret: config.JWT_SECRET, intakeKeys: config.INTAKE_API_KEYS };
  const made = await developmentSecrets(config.DATA_DIR);
  return {
    // With a provider's keys alone, a secret of our own would let in tokens that nobody asked for.
    jwtSecret: config.JWT_SECRET ?? (config.JWKS_URL ? undefined : made.jwtSecret),
    intakeKeys: config.INTAKE_API_KEYS.length > 0 ? config.INTAKE_API_KEYS : [made.intakeKey],
  };
}
