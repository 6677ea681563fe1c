// `npm run faults`: every named fault with many seeds, judged over the whole history. Prints a table; exits 1 when anything
// in it should not be. `--help` tells the options.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startJobs, tallyOf } from './run.js';
import { SEEDS } from './scenario.js';
import { SCENARIOS } from './scenarios/index.js';
import { isSound, tableOf } from './table.js';
import type { Outcome } from './world.js';

const USAGE = `Usage: npm run faults -- [options]

  --only <name>     this fault; repeat it for several (default all)
  --seed <n>        the first seed (1)
  --seeds <n>       how many (each fault has its own number)
  --lanes <n>       runs at a time, each on servers of its own (2)
  --quick           smaller, as in npm test
  --markdown <file> writes the table into the file, between its markers
  --logs <dir>      keeps what the hubs print, for a look into a seed that went wrong
  --list            names the faults`;

const BEGIN = '<!-- faults: begin -->';
const END = '<!-- faults: end -->';
/** Defects of a seed that are printed in words. */
const SHOWN = 20;

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string' },
      lanes: { type: 'string', default: '2' },
      quick: { type: 'boolean', default: false },
      markdown: { type: 'string' },
      logs: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return true;
  }
  if (values.list) {
    for (const { name, what } of SCENARIOS) console.log(`${name.padEnd(28)} ${what}`);
    return true;
  }
  const unknown = values.only?.find((wanted) => !SCENARIOS.some(({ name }) => name === wanted));
  if (unknown !== undefined) throw new Error(`${unknown} is no fault; --list names them`);
  if (values.logs !== undefined) await mkdir(values.logs, { recursive: true });
  const chosen = SCENARIOS.filter(({ name }) => values.only?.includes(name) ?? true);
  const jobs = chosen.flatMap((scenario) =>
    Array.from({ length: Number(values.seeds ?? scenario.seeds ?? SEEDS) }, (_, n) => ({
      scenario,
      seed: Number(values.seed) + n,
    })),
  );
  const { lanes, logs, quick } = values;
  const running = startJobs(jobs, { lanes: Number(lanes), full: !quick, logs });
  const outcomes: Outcome[] = [];
  try {
    for (const [index, { scenario, seed }] of jobs.entries()) {
      const outcome = (await running.outcomes[index]) as Outcome;
      outcomes.push(outcome);
      console.log(describeOutcome(`${scenario.name} --seed ${seed}`, outcome));
    }
  } finally {
    await running.end();
  }
  const tallies = chosen.map((one) =>
    tallyOf(
      one,
      outcomes.filter((_, index) => jobs[index]?.scenario === one),
    ),
  );
  const table = tableOf(tallies);
  console.log(`\n${table}\n`);
  if (values.markdown !== undefined) await writeTable(values.markdown, table);
  return tallies.every(isSound);
}

function describeOutcome(name: string, { defects, recoveries, growth }: Outcome): string {
  const times = recoveries.map((ms) => `${Math.round(ms)} ms`).join(', ');
  const grown = growth.map((bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`).join(', ');
  const verdict = defects.length === 0 ? 'sound' : `${defects.length} DEFECTS`;
  const line = `${name}: ${verdict}; recovered in ${times || '–'}; heaps grew ${grown || '–'}`;
  return [line, ...defects.slice(0, SHOWN).map(({ kind, what }) => `  ${kind}: ${what}`)].join('\n');
}

/** Puts the table between the markers of a document. */
async function writeTable(file: string, table: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${file} has no place for the table: ${BEGIN} … ${END}`);
  const note = `Node ${process.version}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}.`;
  await writeFile(file, `${text.slice(0, begin)}${BEGIN}\n\n${note}\n\n${table}\n\n${text.slice(end)}`);
}

try {
  if (!(await main())) process.exitCode = 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
