#!/usr/bin/env node
// The process: settings in, a hub up, signals and exit codes. 0 after a clean stop, 1 for anything that went wrong.
import closeWithGrace from 'close-with-grace';
import { type Config, ConfigError, readConfig } from './config.js';
import { createHub, type Hub } from './hub.js';
import { createLogger, type Logger } from './ops/logger.js';
import { welcome } from './ops/welcome.js';

async function start(config: Config, logger: Logger): Promise<Hub> {
  const hub = await createHub(config, { logger, progress: (line) => process.stdout.write(`${line}\n`) });
  try {
    const { url } = await hub.listen();
    logger.info({ url }, 'workitem-hub is listening');
    if (!config.production) process.stdout.write(await welcome(hub, url));
    return hub;
  } catch (error) {
    await hub.close();
    throw error;
  }
}

/** Milliseconds in which a process that could not start ends by itself. */
const LAST_WORDS_MS = 1_000;

function fail(error: unknown, logger?: Logger): void {
  // What an operator has to mend is one line; anything else is a defect and keeps its stack.
  if (error instanceof ConfigError || !logger) process.stderr.write(`workitem-hub: ${(error as Error).message}\n`);
  else logger.fatal({ err: error }, 'workitem-hub could not start');
  process.exitCode = 1;
  // Everything was released, so the process ends now by itself, with its last lines written. Should something still hold
  // it, an orchestrator would wait for ever for an exit code: then it is ended. The timer itself holds nothing.
  setTimeout(() => process.exit(), LAST_WORDS_MS).unref();
}

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config);
  const starting = start(config, logger);
  // A second signal ends the process at once; so does the deadline.
  const grace = closeWithGrace({ delay: config.SHUTDOWN_SECONDS * 1_000, logger }, async ({ err, signal }) => {
    if (err) logger.fatal({ err }, 'a defect ends this process');
    else logger.info({ signal }, 'shutting down');
    const hub = await starting.catch(() => null);
    if (!err) await hub?.drain();
    await hub?.close();
    logger.info('workitem-hub has stopped');
  });
  try {
    await starting;
  } catch (error) {
    grace.uninstall();
    fail(error, logger);
  }
}

try {
  await main();
} catch (error) {
  fail(error);
}
