// `npm run bench`: measures the hub beside its peers in one run, prints the table, and fails when something does not hold any more that
// held in the last recorded run. Arguments: the parts to run (default all); `--profile=<directory>` leaves a CPU profile of each server
// there; `--record` notes what holds now; `--curves` draws how costs grow, instead.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ownMongod } from '../test/support/mongo.js';
import { measureCluster } from './cluster.js';
import { CURVES, show } from './curves/main.js';
import { measureDesk } from './desk.js';
import { measureBridge, measureSocketIo } from './fan-out.js';
import { measureFilters } from './filters.js';
import { readHeld, record, regressions, writeHeld } from './held.js';
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
/** A part that takes longer hangs. */
const PART_MS = 5 * 60_000;

/** Every part on a mongod of its own, so that none inherits what another has left to do. */
async function alone<T>(
  outer: Scope,
  profiles: string | undefined,
  part: (bench: Bench, mongoUrl: string) => Promise<T>,
): Promise<T> {
  deadline.refresh();
  return scoped(outer, async (scope) => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-bench-'));
    scope.add(() => rm(directory, { recursive: true, force: true }));
    const mongod = await ownMongod();
    scope.add(() => mongod.remove());
    return part({ scope, directory, profiles }, mongod.url);
  });
}

async function runPart(outer: Scope, name: string, profiles: string | undefined): Promise<Row[]> {
  const start = performance.now();
  const rows = await alone(outer, profiles, PARTS[name] as Part);
  console.log(`\n${name}, ${Math.round((performance.now() - start) / 1_000)} s:\n\n${tableOf(rows)}`);
  return rows;
}

/** A part is measured once more when what matters does not hold; a row that holds in either try holds. */
async function runTwiceIfNeeded(
  scope: Scope,
  name: string,
  profiles: string | undefined,
  isFine: (rows: readonly Row[]) => boolean,
): Promise<Row[]> {
  const rows = await runPart(scope, name, profiles);
  if (isFine(rows)) return rows;
  console.log(`\n${name}: not as expected, second try`);
  const again = await runPart(scope, name, profiles);
  // Figures belong together, so they are those of the second try, but for what was better in the first alone.
  return again.map((row) => rows.find(({ id, beyond }) => id === row.id && beyond < row.beyond) ?? row);
}

/** @returns whether everything holds that held in the last recorded run */
async function main(scope: Scope): Promise<boolean> {
  const { values, positionals } = parseArgs({
    options: { profile: { type: 'string' }, record: { type: 'boolean' }, curves: { type: 'boolean' } },
    allowPositionals: true,
  });
  const known = Object.keys(values.curves ? CURVES : PARTS);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`${unknown} is no part; there are ${known.join(', ')}`);
  const names = positionals.length > 0 ? positionals : known;
  const profiles = values.profile === undefined ? undefined : path.resolve(values.profile);
  if (profiles !== undefined) await mkdir(profiles, { recursive: true });
  console.log(`Node ${process.version}, ${os.cpus().length} cores, load ${os.loadavg()[0]?.toFixed(1)}`);
  if (values.curves) {
    for (const name of names) await show(await alone(scope, profiles, CURVES[name] as (typeof CURVES)[string]));
    return true;
  }
  let held = readHeld();
  const rows: Row[] = [];
  const worse: string[] = [];
  for (const name of names) {
    // What is to be recorded gets its second chance; otherwise only what held before does.
    const isFine = (measured: readonly Row[]): boolean =>
      regressions(held, name, measured).length === 0 && (!values.record || measured.every(({ holds }) => holds));
    const measured = await runTwiceIfNeeded(scope, name, profiles, isFine);
    rows.push(...measured);
    worse.push(...regressions(held, name, measured).map((id) => `${name}: ${id.trim()}`));
    held = record(held, name, measured);
  }
  console.log(`\nAll, in ${Math.round(performance.now() / 1_000)} s:\n\n${tableOf(rows)}`);
  for (const id of worse) console.log(`\nheld in the last recorded run and does not any more: ${id}`);
  // Recorded is what is so now, for better or worse: to record is a decision that somebody commits.
  if (values.record) writeHeld(held);
  return values.record === true || worse.length === 0;
}

const scope = createScope();
const abandon = async (why: string): Promise<void> => {
  console.error(why);
  await scope.end();
  process.exit(1);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void abandon(`stopped by ${signal}`));
const deadline = setTimeout(() => void abandon('a part of the bench took too long'), PART_MS);
try {
  if (!(await main(scope))) process.exitCode = 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  clearTimeout(deadline);
  await scope.end();
}
