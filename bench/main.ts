// `npm run bench`: measures the hub beside its peers in one run, prints the table, and fails when an expectation does not hold.
// Arguments: the parts to run (default all); `--profile=<directory>` leaves a CPU profile of each server there.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ownMongod } from '../test/support/mongo.js';
import { measureCluster } from './cluster.js';
import { measureDesk } from './desk.js';
import { measureBridge, measureSocketIo } from './fan-out.js';
import { measureFilters } from './filters.js';
import { measureIntake } from './intake.js';
import { measureLatency } from './latency.js';
import { measureMemory } from './memory.js';
import type { Bench } from './processes.js';
import { type Row, tableOf } from './report.js';
import { createScope, type Scope, scoped } from './scope.js';
import { measureSteady } from './steady.js';
import { measureStorm } from './storm.js';

type Part = (bench: Bench, mongoUrl: string) => Promise<Row[]>;

const PARTS: Record<string, Part> = {
  socketio: measureSocketIo,
  bridge: measureBridge,
  intake: measureIntake,
  latency: measureLatency,
  memory: measureMemory,
  storm: measureStorm,
  filters: measureFilters,
  steady: measureSteady,
  processes: measureCluster,
  desk: measureDesk,
};
/** A run that takes longer hangs. */
const DEADLINE_MS = 9 * 60_000;

/** Every part on a mongod of its own, so that none inherits what another has left to do. */
async function runPart(outer: Scope, name: string, profiles: string | undefined): Promise<Row[]> {
  return scoped(outer, async (scope) => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-bench-'));
    scope.add(() => rm(directory, { recursive: true, force: true }));
    const mongod = await ownMongod();
    scope.add(() => mongod.remove());
    return (PARTS[name] as Part)({ scope, directory, profiles }, mongod.url);
  });
}

/** A part with a row that does not hold is measured once more; a row that holds in either try holds. */
async function runTwiceIfNeeded(scope: Scope, name: string, profiles: string | undefined): Promise<Row[]> {
  const rows = await runPart(scope, name, profiles);
  console.log(`\n${tableOf(rows)}`);
  if (rows.every(({ holds }) => holds)) return rows;
  console.log(`\n${name}: not as expected, second try`);
  const again = await runPart(scope, name, profiles);
  console.log(`\n${tableOf(again)}`);
  // Figures belong together, so they are those of the second try, but for what held in the first alone.
  return again.map((row) => (row.holds ? row : (rows.find(({ id, holds }) => id === row.id && holds) ?? row)));
}

async function main(scope: Scope): Promise<boolean> {
  const { values, positionals } = parseArgs({ options: { profile: { type: 'string' } }, allowPositionals: true });
  const unknown = positionals.find((name) => !(name in PARTS));
  if (unknown !== undefined) throw new Error(`${unknown} is no part; there are ${Object.keys(PARTS).join(', ')}`);
  const profiles = values.profile === undefined ? undefined : path.resolve(values.profile);
  if (profiles !== undefined) await mkdir(profiles, { recursive: true });
  console.log(`Node ${process.version}, ${os.cpus().length} cores, load ${os.loadavg()[0]?.toFixed(1)}`);
  const rows: Row[] = [];
  for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
    rows.push(...(await runTwiceIfNeeded(scope, name, profiles)));
  }
  console.log(`\nAll, in ${Math.round(performance.now() / 1_000)} s:\n\n${tableOf(rows)}`);
  return rows.every(({ holds }) => holds);
}

const scope = createScope();
const abandon = async (why: string): Promise<void> => {
  console.error(why);
  await scope.end();
  process.exit(1);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void abandon(`stopped by ${signal}`));
const deadline = setTimeout(() => void abandon('the bench took too long'), DEADLINE_MS);
try {
  if (!(await main(scope))) process.exitCode = 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  clearTimeout(deadline);
  await scope.end();
}
