// `npx tsx src/mongo/fetch-command.ts`: gets the embedded mongod into the cache ahead of time, for images and CI, and
// prints its path.
import { ConfigError, readConfig } from '../config.js';
import { resolveMongod } from './binary.js';

try {
  console.log(await resolveMongod(readConfig(), (line) => console.error(line)));
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
