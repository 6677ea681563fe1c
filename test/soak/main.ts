// `npm run soak`: hubs under load and random faults for some minutes, all decided by a seed; judged over the whole history and
// by what grew. Prints a table; exits 1 when anything is not as it should be. `--help` tells the options.
import { parseArgs } from 'node:util';
import { soak } from './soak.js';
import { reportOf } from './report.js';

const USAGE = `Usage: npm run soak -- [options]

  --minutes <n>  how long, 3 to 50 (5)
  --seed <n>     decides load and faults (1)
  --hubs <n>     how many at once (3)
  --set          a replica set of three mongod instead of one
  --plant <list> leaks in the first hub, to see that they are found: listeners, timers, arrays, buffers, sockets`;

/** In less there are too few calm points to tell growth from noise. */
const MINUTES_MIN = 3;
/** Tokens of the crowd live for an hour. */
const MINUTES_MAX = 50;

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      hubs: { type: 'string', default: '3' },
      set: { type: 'boolean', default: false },
      plant: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return true;
  }
  const [minutes, seed, hubs] = [Number(values.minutes), Number(values.seed), Number(values.hubs)];
  if (!(minutes >= MINUTES_MIN && minutes <= MINUTES_MAX))
    throw new Error(`--minutes must be from ${MINUTES_MIN} to ${MINUTES_MAX}`);
  if (!(Number.isInteger(hubs) && hubs >= 2))
    throw new Error('--hubs must be at least 2: one is never ended, the others are');
  console.log(`soak --minutes ${minutes} --seed ${seed} --hubs ${hubs}${values.set ? ' --set' : ''}`);
  const report = await soak({
    minutes,
    seed,
    hubs,
    set: values.set,
    plant: values.plant,
    say: (line) => console.log(line),
  });
  console.log(reportOf(report));
  return report.failures.length === 0;
}

try {
  if (!(await main())) process.exitCode = 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
