// A steady day of a large company: 10,000 underwriters in teams of twenty, and 500 durable POSTs a second, each seen by its team.
// The hub keeps up with it: nothing that waits grows.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { underwriters } from './contenders.js';
import { mostSockets } from './cpu.js';
import { type HubServer, startHub, TEAM } from './hub-server.js';
import type { Pace, Watched } from './load/watched-posts.js';
import { median } from './median.js';
import { type Bench, startScript } from './processes.js';
import { boundRow, type Row } from './report.js';

const MOST_PEOPLE = 10_000;
const PER_SECOND = 500;
const SECONDS = 20;
const WARM_UP_SECONDS = 3;
/** What waits may be this much more at the end than in the middle: POSTs come at random moments of a round of the log. */
const SLACK = 64;
const QUEUED = 'hub_socket_queue_bytes';

export async function measureSteady(bench: Bench, mongoUrl: string): Promise<Row[]> {
  const people = Math.min(MOST_PEOPLE, TEAM * Math.floor(mostSockets() / TEAM));
  const teams = Array.from({ length: people / TEAM }, (_, number) => `team-${number}`);
  const domains = teams.map((team) => `${team}.example.com`);
  const rules = path.join(bench.directory, 'routing.json');
  await writeFile(
    rules,
    JSON.stringify({ rules: teams.map((team, index) => ({ sender_domain: domains[index], team })) }),
  );
  const hub = await startHub(bench, 'hub-steady', mongoUrl, 'bench_steady', { env: { ROUTING_RULES: rules } });
  const { ask } = await startScript(bench, 'load/watched-posts.ts');
  const clients = await underwriters(hub, people);
  await ask('connect', { dialect: { port: hub.port, socketio: true, ready: 'caught_up' }, clients });

  const pace: Pace = { target: hub.intake, perSecond: PER_SECOND, seconds: WARM_UP_SECONDS, watchers: TEAM, domains };
  await ask('run', pace);
  const { result, queued } = await watchQueue(hub, ask<Watched>('run', { ...pace, seconds: SECONDS }));

  const { seen, answered, waiting, missing, surplus } = result;
  const limited = people < MOST_PEOPLE ? `, as many as may have files here` : '';
  return [
    boundRow({
      id: 'steady p50',
      what: `${people.toLocaleString('en')} people${limited}, ${PER_SECOND} POSTs/s: POST → sockets of a team, median`,
      figure: seen.p50,
      unit: 'ms',
    }),
    boundRow({ id: 'steady p99', what: '  99th percentile', figure: seen.p99, unit: 'ms' }),
    boundRow({ id: 'steady answer p50', what: '  POST → answer: median', figure: answered.p50, unit: 'ms' }),
    boundRow({ id: 'steady answer p99', what: '  99th percentile', figure: answered.p99, unit: 'ms' }),
    boundRow({ id: 'steady behind', what: '  events behind at the end', figure: missing, unit: '', atMost: 0 }),
    boundRow({ id: 'steady surplus', what: '  events where they do not belong', figure: surplus, unit: '', atMost: 0 }),
    growthRow(
      'posts',
      'POSTs without an answer',
      waiting.map(({ unanswered }) => unanswered),
      SLACK,
    ),
    growthRow(
      'events',
      'events on their way',
      waiting.map(({ owed }) => owed),
      SLACK * TEAM,
    ),
    growthRow('bytes', 'bytes that wait for sockets', queued, 0),
  ];
}

/** What waits in the last quarter of the time, which must not be more than in the second: medians, so that a single stop does not count. */
function growthRow(id: string, what: string, samples: readonly number[], slack: number): Row {
  const quarter = Math.floor(samples.length / 4);
  const middle = median(samples.slice(quarter, 2 * quarter));
  const end = median(samples.slice(-quarter));
  return boundRow({
    id: `steady ${id}`,
    what: `  ${what} at the end (in the middle ${Math.round(middle).toLocaleString('en')})`,
    figure: end,
    unit: '',
    atMost: middle + slack,
  });
}

/** Looks at what waits for the hub's sockets once a second. */
async function watchQueue(hub: HubServer, run: Promise<Watched>): Promise<{ result: Watched; queued: number[] }> {
  const queued: number[] = [];
  let running = true;
  const looking = (async () => {
    while (running) {
      queued.push(await hub.metric(QUEUED));
      await delay(1_000);
    }
  })();
  try {
    return { result: await run, queued };
  } finally {
    running = false;
    await looking;
  }
}
