// A process that holds an embedded MongoDB as a hub does: `tsx hub-process.ts <DATA_DIR>`. Prints one line of JSON when it
// runs, or exits with 1 after one line that says why not. SIGTERM ends it in the ordinary way.
import { pino } from 'pino';
import { readConfig } from '../../src/config.js';
import { startEmbeddedMongo } from '../../src/mongo/embedded.js';

const [, , dataDir = ''] = process.argv;
try {
  const config = { ...readConfig(), DATA_DIR: dataDir };
  const embedded = await startEmbeddedMongo({ config, logger: pino({ level: 'silent' }) });
  process.once('SIGTERM', () => void embedded.stop());
  const alive = setInterval(() => {}, 60_000);
  process.once('SIGTERM', () => clearInterval(alive));
  console.log(JSON.stringify({ url: embedded.url, pid: embedded.pid }));
} catch (error) {
  console.log((error as Error).message);
  process.exitCode = 1;
}
