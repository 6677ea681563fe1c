// `npm run rotate-epoch`: gives the log a new identity, after a restore: every client then takes a snapshot.
import { fileURLToPath } from 'node:url';
import { type Config, ConfigError, readConfig } from '../config.js';
import { openMongo } from '../mongo/connection.js';
import { pino } from 'pino';
import { events, logs } from './collections.js';
import { rotateEpoch } from './log-document.js';

const USAGE = `Usage: npm run rotate-epoch

Gives the log in MONGODB_URL (MONGODB_DATABASE) a new epoch and brings its document in line with the events that are
there. For after a restore of the database; see docs/operations.md. Hubs may run or not.`;

/**
 * Runs the command.
 * @returns the new epoch
 * @throws ConfigError whose message is for the operator: no MONGODB_URL, no database there, no log in it
 */
export async function runRotateEpochCommand(config: Config): Promise<string> {
  // The embedded database has no address while its hub is stopped, and nobody restores it by hand.
  if (!config.MONGODB_URL) throw new ConfigError('MONGODB_URL is not set: which log is to have a new epoch?');
  const logger = pino({ level: 'silent' });
  const mongo = await openMongo({ url: config.MONGODB_URL, database: config.MONGODB_DATABASE, logger });
  try {
    if (!(await logs.of(mongo).findOne({ _id: 'log' }))) {
      throw new ConfigError(`The database ${config.MONGODB_DATABASE} has no log: a hub never ran on it.`);
    }
    return await rotateEpoch(logs.of(mongo), events.of(mongo));
  } finally {
    await mongo.close();
  }
}

async function main(): Promise<void> {
  try {
    if (process.argv.length > 2) console.log(USAGE);
    else console.log(`The log has the new epoch ${await runRotateEpochCommand(readConfig())}.`);
  } catch (error) {
    console.error(String((error as Error).message));
    process.exitCode = 2;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void main();
