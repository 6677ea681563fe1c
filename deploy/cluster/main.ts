// `npm run cluster`: two hubs behind nginx, with Redis and a replica set of three, from one command. With `-- roll` it
// replaces the hubs of the one that runs.
import { closeSync, openSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { secretsOf } from '../../src/auth/secrets.js';
import { ConfigError, readConfig } from '../../src/config.js';
import { takeLock } from '../../src/mongo/process-lock.js';
import { welcome } from '../../src/ops/welcome.js';
import { type Cluster, startCluster } from './cluster.js';
import { readState, writeState } from './state-file.js';

const USAGE = `npm run cluster -- [roll] [--hubs 2] [--members 3] [--port 8080] [--data .data/cluster] [--fresh]

  roll       replaces the hubs of the cluster that runs, one by one (so does SIGHUP)
  --hubs     hub processes
  --members  MongoDB servers in the replica set
  --port     of nginx; without it 8080, or another when that is taken
  --data     directory for data, logs and secrets, kept between starts
  --fresh    deletes that directory first`;

/** A signal that comes so soon after another is the same Ctrl-C: npm hands on what the terminal has sent already. */
const SAME_SIGNAL_MS = 1_000;
const LOOK_MS = 100;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        hubs: { type: 'string', default: '2' },
        members: { type: 'string', default: '3' },
        port: { type: 'string' },
        data: { type: 'string', default: path.join('.data', 'cluster') },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const [verb] = positionals;
    if (positionals.length > 1 || (verb !== undefined && verb !== 'roll'))
      throw new Error(`unknown: ${positionals.join(' ')}`);
    return { ...values, roll: verb === 'roll' };
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\n${USAGE}`);
  }
}

function numberOf(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new ConfigError(`--${name} must be a whole number from 1 to ${most}`);
}

async function run(directory: string, options: { hubs: number; members: number; port: number | null }): Promise<void> {
  let cluster: Cluster | undefined;
  let rolls = 0;
  let failure: string | null = null;
  let writing = Promise.resolve();
  let ending: { since: number } | undefined;

  function noteState(): void {
    const now = cluster;
    if (!now) return;
    writing = writing
      .then(() => writeState(directory, { pid: process.pid, url: now.url, processes: now.processes(), rolls, failure }))
      .catch((error: Error) => say(`the state could not be written: ${error.message}`));
  }

  const starting = startCluster({ ...options, directory, say, onChange: noteState });

  async function end(): Promise<void> {
    if (ending) {
      // The leash sees to the rest.
      if (performance.now() - ending.since > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    ending = { since: performance.now() };
    say('\nstopping: nginx, the hubs, Redis, MongoDB');
    await (await starting.catch(() => undefined))?.stop();
    await writing;
    say('the cluster has stopped');
    // A terminal that is gone may keep the process.
    process.exit();
  }

  let rolling: Promise<void> | undefined;
  async function roll(): Promise<void> {
    if (isTerminalGone()) return end();
    if (!cluster || ending || rolling) return;
    rolling = cluster.roll().then(
      () => void (failure = null),
      (error: Error) => {
        failure = error.message;
        say(`the hubs are not all replaced: ${failure}`);
      },
    );
    await rolling;
    rolling = undefined;
    rolls++;
    noteState();
  }

  process.on('SIGINT', () => void end());
  process.on('SIGTERM', () => void end());
  process.on('SIGHUP', () => void roll());

  cluster = await starting;
  noteState();
  // Whoever has read that it is up finds its state.
  await writing;
  const config = readConfig(cluster.env);
  process.stdout.write(await welcome({ config, secrets: await secretsOf(config) }, cluster.url));
  say(table(cluster, (await cluster.mongo.primary()).port));
  say(
    `\nLogs are in ${path.join(directory, 'logs')}. What dies is started again. Replace the hubs: npm run cluster -- roll`,
  );
  say(`Watch it: ${prometheusCommand(directory)}`);
  say('Ctrl-C stops everything; the data is kept.');
}

function prometheusCommand(directory: string): string {
  const place = (name: string): string => path.join(directory, name);
  return `prometheus --config.file=${place('prometheus.yml')} --storage.tsdb.path=${place('prometheus')}`;
}

/** `primary` is the port of the MongoDB server that takes writes now. */
function table(cluster: Cluster, primary: number): string {
  const rows = cluster
    .processes()
    .map(({ name, pid, port }) => [name, String(pid), String(port), port === primary ? 'primary' : '']);
  return [['process', 'pid', 'port', ''], ...rows]
    .map(([name = '', pid = '', port = '', role = '']) =>
      `  ${name.padEnd(10)}${pid.padStart(8)}${port.padStart(8)}  ${role}`.trimEnd(),
    )
    .join('\n');
}

/** A terminal that closes sends SIGHUP, too; then the cluster is to end and not to roll. */
function isTerminalGone(): boolean {
  if (!process.stdin.isTTY) return false;
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch {
    return true;
  }
}

/** @throws ConfigError unless there is nothing but what a cluster has put there: a slip of the hand costs no other data */
async function assertOurs(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.includes('ports.json') || names.every((name) => name === 'logs')) return;
  throw new ConfigError(`--fresh would delete ${directory}, which is no cluster's; delete it yourself if it is to go.`);
}

/** Asks the cluster that runs on the directory to roll; resolves when it has. */
async function rollOther(directory: string): Promise<void> {
  const lock = await takeLock(path.resolve(directory));
  if ('release' in lock) {
    await lock.release();
    throw new ConfigError(`No cluster runs on ${directory}.`);
  }
  const before = await readState(directory).catch(() => null);
  if (!before || before.pid !== lock.pid) throw new ConfigError('The cluster is not up yet.');
  process.kill(before.pid, 'SIGHUP');
  for (;;) {
    const { rolls, failure, processes } = await readState(directory);
    if (rolls > before.rolls) {
      if (failure !== null) throw new ConfigError(`The hubs are not all replaced: ${failure}`);
      const hubs = processes.filter(({ name }) => name.startsWith('hub-'));
      say(`All hubs are replaced: ${hubs.map(({ name, pid }) => `${name} is process ${pid}`).join(', ')}.`);
      return;
    }
    if (!isRunning(before.pid)) throw new ConfigError('The cluster ended meanwhile.');
    await delay(LOOK_MS);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  const given = readArguments();
  if (given.help) return say(USAGE);
  if (given.roll) return rollOther(given.data);
  const options = {
    hubs: numberOf('hubs', given.hubs, 16),
    members: numberOf('members', given.members, 7),
    port: given.port === undefined ? null : numberOf('port', given.port, 65_535),
  };
  if (given.fresh) {
    const lock = await takeLock(path.resolve(given.data));
    if (!('release' in lock)) throw new ConfigError(`A cluster (process ${lock.pid ?? 'unknown'}) uses ${given.data}.`);
    try {
      await assertOurs(given.data);
      await rm(given.data, { recursive: true, force: true });
    } finally {
      await lock.release();
    }
  }
  await run(given.data, options);
}

try {
  await main();
} catch (error) {
  const isForOperator = error instanceof ConfigError;
  process.stderr.write(`cluster: ${isForOperator ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
