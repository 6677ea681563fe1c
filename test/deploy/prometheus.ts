// A real Prometheus for tests, of the Debian package: its rules every second, and without the patience of real alerts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { dump, load } from 'js-yaml';
import { findProgram } from '../../deploy/cluster/programs.js';
import { ALERTS, prometheusConfig } from '../../deploy/cluster/prometheus-config.js';
import { freePort } from '../../src/mongo/mongod.js';
import { dieTogether } from '../support/die-together.js';
import { until } from '../support/until.js';

export interface Alert {
  labels: { alertname: string; instance?: string };
  state: 'pending' | 'firing';
}

export interface Prometheus {
  /** Pending and firing. */
  alerts(): Promise<Alert[]>;
  /** How many targets answer. */
  answering(): Promise<number>;
  remove(): Promise<void>;
}

interface Rules {
  groups: { rules: { expr: string; for?: string }[] }[];
}

/** The shipped rules, with seconds for what they wait and look back: an alert is then there within a test. */
async function hastyRules(): Promise<string> {
  const rules = load(await readFile(ALERTS, 'utf8')) as Rules;
  for (const rule of rules.groups.flatMap((group) => group.rules)) {
    if (rule.for) rule.for = '1s';
    rule.expr = rule.expr.replaceAll('offset 30s', 'offset 3s');
  }
  return dump(rules);
}

/** Starts one that reads the metrics of these hubs each second; resolves when it has read all of them. */
export async function startPrometheus(hubPorts: readonly number[]): Promise<Prometheus> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-prometheus-'));
  const place = (name: string): string => path.join(directory, name);
  const config = load(prometheusConfig(hubPorts)) as Record<string, unknown>;
  await writeFile(place('alerts.yml'), await hastyRules());
  const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };
  await writeFile(place('prometheus.yml'), dump({ ...config, global, rule_files: ['alerts.yml'] }));
  const port = await freePort();
  const child = spawn(
    await findProgram('prometheus', 'prometheus'),
    [
      `--config.file=${place('prometheus.yml')}`,
      `--storage.tsdb.path=${place('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  await once(child, 'spawn');
  const exited = once(child, 'exit');
  const leash = dieTogether(child.pid as number, directory);

  async function ask<T>(question: string): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${question}`);
    return ((await response.json()) as { data: T }).data;
  }

  async function answering(): Promise<number> {
    const { activeTargets } = await ask<{ activeTargets: { health: string }[] }>('targets?state=active');
    return activeTargets.filter(({ health }) => health === 'up').length;
  }

  await until(async () => (await answering().catch(() => 0)) === hubPorts.length, 30_000);
  return {
    alerts: async () => (await ask<{ alerts: Alert[] }>('alerts')).alerts,
    answering,
    async remove() {
      leash.release();
      child.kill('SIGKILL');
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
