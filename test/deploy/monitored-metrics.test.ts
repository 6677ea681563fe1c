// What the dashboard and the alert rules ask for is what a running hub says.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { dump, load } from 'js-yaml';
import { findProgram } from '../../deploy/cluster/programs.js';
import { ALERTS } from '../../deploy/cluster/prometheus-config.js';
import { startHub, type TestHub } from '../support/hub.js';

const run = promisify(execFile);
const DASHBOARD = path.join(path.dirname(ALERTS), 'grafana-dashboard.json');

interface Dashboard {
  panels: { title: string; gridPos: { x: number; w: number }; targets?: { expr: string }[] }[];
}

/** Names as they stand before a selector, or alone; labels and functions are none of these. */
const metricsIn = (expr: string): string[] => expr.match(/\b(?:hub|nodejs|process)_[a-z0-9_]+/g) ?? [];

async function dashboard(): Promise<Dashboard> {
  return JSON.parse(await readFile(DASHBOARD, 'utf8')) as Dashboard;
}

async function expressions(): Promise<string[]> {
  const rules = load(await readFile(ALERTS, 'utf8')) as { groups: { rules: { expr: string }[] }[] };
  return [
    ...rules.groups.flatMap((group) => group.rules.map(({ expr }) => expr)),
    ...(await dashboard()).panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ];
}

describe('dashboard and alert rules', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub();
  });
  after(() => hub.close());

  it('name only metrics that a hub has', async () => {
    const text = await (await fetch(`${hub.url}/metrics`)).text();
    const kinds = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => [name, kind]));
    const has = (name: string): boolean =>
      kinds.has(name) || kinds.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram';
    const named = new Set((await expressions()).flatMap(metricsIn));
    expect(named.size).to.be.above(15);
    expect([...named].filter((name) => !has(name))).to.deep.equal([]);
  });

  it('leave out none of the metrics of the hub itself', async () => {
    const text = await (await fetch(`${hub.url}/metrics`)).text();
    const own = [...text.matchAll(/^# TYPE (hub_\S+) /gm)].map(([, name = '']) => name);
    const asked = (await expressions()).join('\n');
    expect(own.filter((name) => !asked.includes(name))).to.deep.equal([]);
  });

  it('are expressions that Prometheus reads', async () => {
    const plain = (await expressions()).map((expr) => expr.replaceAll('$__rate_interval', '1m'));
    const rules = plain.map((expr, index) => ({ record: `expression_${index}`, expr }));
    const directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-rules-'));
    try {
      const file = path.join(directory, 'rules.yml');
      await writeFile(file, dump({ groups: [{ name: 'all', rules }] }));
      const { stdout } = await run(await findProgram('promtool', 'prometheus'), ['check', 'rules', file]);
      expect(stdout).to.include(`SUCCESS: ${rules.length} rules found`);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
