// A hub as it would be deployed: the built program in production mode, with its log, its tokens and its limits' machinery.
import { setTimeout as delay } from 'node:timers/promises';
import { signToken } from '../src/auth/sign.js';
import { freePort } from '../src/mongo/mongod.js';
import { INTAKE_PATH, type Target } from './load/line.js';
import type { Shape } from './peers/emitter.js';
import { type Bench, startHubProcess } from './processes.js';

export interface HubServer {
  pid: number;
  port: number;
  /** Where it takes mails. */
  intake: Target;
  /** A token of the underwriter of this number, who is in a team of twenty. */
  token(number: number): Promise<string>;
  /** Makes work items for the pool, through the HTTP API; resolves when they are committed. */
  makeItems(shape: Shape): Promise<void>;
  /** What the hub counts: the value of a metric, named with its labels. */
  metric(name: string): Promise<number>;
  /** Where its log stands, for clients that come later. */
  position(): Promise<{ epoch: string; seq: number }>;
  /** Resolves when so many raw WebSockets get events. */
  bridged(count: number): Promise<void>;
}

export const SECRET = 'bench-0123456789-abcdefghijklmnopqrstuvwxyz';
const METRICS_TOKEN = 'bench-metrics';
export const TEAM = 20;
const START_MS = 30_000;
/** Most that one request for test items makes. */
const PER_REQUEST = 50;

/** Every item is alike, so that each subscriber's filter lets each of them through. */
export const ITEM = {
  insured_name: 'Harbourside Logistics Ltd',
  policy_type: 'Cyber',
  coverage_amount: '$5,000,000',
  effective_date: '2026-01-01',
  broker: 'Pellow & Strand Insurance Brokers',
  from_email: 'imogen.hartley@pellowstrand.example.com',
  subject: 'Submission: Cyber - Harbourside Logistics Ltd',
};

/**
 * Starts a hub on a database of its own, or on that of another hub.
 * @param options settings besides those of every hub, and arguments for Node
 */
export async function startHub(
  bench: Bench,
  name: string,
  mongoUrl: string,
  database: string,
  { env = {}, execArgv = [] }: { env?: Record<string, string>; execArgv?: string[] } = {},
): Promise<HubServer> {
  const port = await freePort();
  const intakeKey = 'bench-intake-key-0123456789';
  const unlimited = ['INTAKE', 'TEST', 'CONNECTS', 'FAILED_AUTH'].map((limit) => [`LIMIT_${limit}_PER_MINUTE`, '0']);
  const settings = {
    HOST: '127.0.0.1',
    PORT: String(port),
    MONGODB_URL: mongoUrl,
    MONGODB_DATABASE: database,
    JWT_SECRET: SECRET,
    INTAKE_API_KEYS: intakeKey,
    METRICS_TOKEN,
    TEST_WORKITEMS: 'on',
    DRAIN_SECONDS: '0',
    ...Object.fromEntries(unlimited),
    ...env,
  };
  const { pid } = startHubProcess(bench, name, settings, execArgv);
  const url = `http://127.0.0.1:${port}`;
  const admin = await signToken(SECRET, { sub: 'bench', roles: ['admin', 'supervisor'] }, '1h');

  async function makeItem(count: number): Promise<void> {
    const response = await fetch(`${url}/api/test/workitem`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
      body: JSON.stringify({ ...ITEM, count }),
    });
    if (!response.ok) throw new Error(`${name} made no test item: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  }

  async function metric(name: string): Promise<number> {
    const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
    const line = (await response.text()).split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? 0);
  }

  await until(START_MS, `${name} is not ready`, async () => {
    const response = await fetch(`${url}/readyz`).catch(() => null);
    return response?.ok === true;
  });
  return {
    pid,
    port,
    intake: { port, path: INTAKE_PATH, key: intakeKey },
    token: tokenFor,
    async makeItems({ events, everyMs }) {
      if (everyMs === 0) {
        const requests = Math.ceil(events / PER_REQUEST);
        await Promise.all(Array.from({ length: requests }, () => makeItem(events / requests)));
        return;
      }
      const made: Promise<void>[] = [];
      const start = performance.now();
      for (let count = 1; count <= events; count++) {
        made.push(makeItem(1));
        await delay(Math.max(0, start + count * everyMs - performance.now()));
      }
      await Promise.all(made);
    },
    metric,
    async position() {
      const response = await fetch(`${url}/api/workitems?limit=1`, { headers: { authorization: `Bearer ${admin}` } });
      const { position } = (await response.json()) as { position: { epoch: string; seq: number } };
      return { epoch: position.epoch, seq: position.seq };
    },
    bridged: (count) =>
      until(
        START_MS,
        `${name} has too few raw WebSockets`,
        async () => (await metric('hub_connections{kind="bridge"}')) === count,
      ),
  };
}

/** For whoever has the secret of the bench. */
export function tokenFor(number: number): Promise<string> {
  const team = `team-${Math.floor(number / TEAM)}`;
  return signToken(SECRET, { sub: `underwriter-${number}`, roles: ['underwriter'], teams: [team] }, '1h');
}

async function until(ms: number, complaint: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(complaint);
    await delay(50);
  }
}
