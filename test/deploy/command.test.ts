// `npm run cluster` as somebody at a terminal uses it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type ClusterState, readState } from '../../deploy/cluster/state-file.js';
import { freePort } from '../../src/mongo/mongod.js';
import { type Printed, readAlong } from '../support/printed.js';
import { until } from '../support/until.js';

const MAIN = fileURLToPath(new URL('../../deploy/cluster/main.ts', import.meta.url));

/** Whether the process, or the group that it led, has anybody left. Remains that nobody collects do not count. */
async function isThere(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}

describe('npm run cluster', function () {
  this.timeout(120_000);
  let directory: string;
  let running: (Printed & { child: ChildProcess }) | undefined;
  async function begin(): Promise<void> {
    directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-command-'));
  }
  async function finish(): Promise<void> {
    running?.child.kill('SIGKILL');
    await running?.ended;
    const { processes } = await readState(directory).catch(() => ({ processes: [] }) as Partial<ClusterState>);
    for (const { pid } of processes ?? []) await until(async () => !(await isThere(pid)), 20_000);
    await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  function command(args: string[], env: Record<string, string> = {}): Printed & { child: ChildProcess } {
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--data', directory, ...args], {
      env: { ...process.env, DRAIN_SECONDS: '0', LIMIT_CONNECTS_PER_MINUTE: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { child, ...readAlong(child) };
  }

  async function start(): Promise<ClusterState> {
    running = command(['--members', '1', '--port', String(await freePort())]);
    await running.printed(/Ctrl-C stops everything/);
    return readState(directory);
  }

  const kill = (name: string, { processes }: ClusterState, signal: NodeJS.Signals): number => {
    const { pid } = processes.find((one) => one.name === name) as { pid: number };
    process.kill(pid, signal);
    return pid;
  };

  describe('while it runs', () => {
    before(begin);
    before(start);
    after(finish);

    it('prints its own address, lines that work, and every process', async () => {
      const { url, processes } = await readState(directory);
      const output = running?.output() ?? '';
      expect(output).to.include(`workitem-hub is up: ${url}`);
      for (const { name, pid } of processes) expect(output).to.match(new RegExp(`${name} +${pid} `));
      const key = /Intake key: (\S+)/.exec(output)?.[1] ?? '';
      const mail = await fetch(`${url}/api/email/intake`, {
        method: 'POST',
        headers: { 'x-api-key': key },
        body: JSON.stringify({ subject: 's', from: 'a@example.com', body: 'b' }),
      });
      expect(mail.status).to.equal(200);
      const token = /#token=(\S+)/.exec(output)?.[1];
      const list = await fetch(`${url}/api/workitems`, { headers: { authorization: `Bearer ${token}` } });
      expect(((await list.json()) as { items: object[] }).items).to.have.length(1);
    });

    it('replaces the hubs when another command asks it to', async () => {
      const before = await readState(directory);
      const roll = command(['roll']);
      expect(await roll.ended).to.equal(0);
      const after = await readState(directory);
      for (const { name, pid } of after.processes) {
        const same = before.processes.some((one) => one.pid === pid);
        expect(same, name).to.equal(!name.startsWith('hub-'));
      }
      expect(roll.output()).to.match(/All hubs are replaced: hub-1 is process \d+, hub-2 is process \d+\./);
    });

    it('starts again whatever is killed, each where it was', async () => {
      const before = await readState(directory);
      for (const { name } of before.processes) {
        const pid = kill(name, await readState(directory), 'SIGKILL');
        await running?.printed(new RegExp(`${name} has ended \\(process ${pid}\\)`));
        await running?.printed(new RegExp(`${name} is up again as process (?!${pid}\\b)`));
      }
      await until(async () => (await fetch(`${before.url}/readyz`)).status === 200, 30_000);
      await until(async () => {
        const now = await readState(directory);
        return now.processes.every(({ pid }, n) => pid !== before.processes[n]?.pid);
      });
    });
  });

  describe('when it ends', () => {
    beforeEach(begin);
    afterEach(finish);

    it('leaves nothing behind when it is killed itself, has its data and secrets again, and ends in order at Ctrl-C', async () => {
      const first = await start();
      const secrets = await readFile(path.join(directory, 'secrets.json'), 'utf8');
      running?.child.kill('SIGKILL');
      for (const { pid } of first.processes) await until(async () => !(await isThere(pid)));

      const second = await start();
      expect(await readFile(path.join(directory, 'secrets.json'), 'utf8')).to.equal(secrets);
      const ports = ({ processes }: ClusterState): object[] => processes.map(({ name, port }) => ({ name, port }));
      expect(ports(second).slice(1)).to.deep.equal(ports(first).slice(1));

      running?.child.kill('SIGINT');
      // npm hands on what the terminal has sent already.
      running?.child.kill('SIGINT');
      expect(await running?.ended).to.equal(0);
      expect(running?.output()).to.include('the cluster has stopped');
      for (const { pid } of second.processes) expect(await isThere(pid)).to.equal(false);
      const hub = await readFile(path.join(directory, 'logs', 'hub-1.log'), 'utf8');
      expect(hub).to.include('workitem-hub has stopped');
      const mongod = await readFile(path.join(directory, 'mongo', '0', 'mongod.log'), 'utf8');
      expect(mongod).to.include('"exitCode":0');
    });

    it('leaves nothing behind when it is killed while MongoDB starts', async () => {
      running = command(['--members', '1', '--port', String(await freePort())]);
      const lock = path.join(directory, 'mongo', '0', 'db', 'mongod.lock');
      let pid = Number.NaN;
      await until(async () => {
        pid = Number.parseInt(await readFile(lock, 'utf8').catch(() => ''), 10);
        return pid > 1;
      }, 20_000);
      running.child.kill('SIGKILL');
      await until(async () => !(await isThere(pid)), 20_000);
    });
  });

  describe('misused', () => {
    beforeEach(begin);
    afterEach(finish);

    for (const [what, args, line] of [
      ['nobody to replace', ['roll'], /^cluster: No cluster runs on .*\n$/],
      ['an unknown word', ['rol'], /^cluster: unknown: rol\n/],
      ['a count that is none', ['--hubs', 'two'], /^cluster: --hubs must be a whole number from 1 to 16\n$/],
    ] as [string, string[], RegExp][]) {
      it(`says so in a line when there is ${what}`, async () => {
        const { ended, output } = command(args);
        expect(await ended).to.equal(1);
        expect(output()).to.match(line);
      });
    }

    it('deletes no directory that is not a cluster’s', async () => {
      await writeFile(path.join(directory, 'thesis.txt'), 'the only copy');
      running = command(['--fresh', '--members', '1']);
      expect(await running.ended).to.equal(1);
      expect(running.output()).to.match(/^cluster: --fresh would delete .*, which is no cluster's/);
      expect(await readdir(directory)).to.deep.equal(['thesis.txt']);
    });
  });
});
