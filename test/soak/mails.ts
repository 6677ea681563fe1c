// The senders of a long run: mails with and without attachments, mails that are refused or break off, and commands.
import { randomBytes, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { signToken } from '../../src/auth/sign.js';
import type { Traffic } from '../support/traffic.js';
import { INTAKE_KEY, SECRET } from '../support/hub.js';
import type { Random } from '../support/random.js';
import { INTAKE_MAX_MB } from './stage.js';
import type { Tally } from './tally.js';

const INTAKE = '/api/email/intake';
const NAMES = ['alice', 'bob', 'carol'];
const TEAMS: Record<string, string[]> = { alice: ['cyber'], bob: [], carol: ['cyber'] };
const AGAIN_MS = 100;
const REPEATS_MAX = 300;
const REST_MS = 300;
/** So much in each mail that the ring of recent events is full by its bytes before long. */
const LONG = ' with a rather long subject'.repeat(32);
const ATTACHMENTS_MAX = 50;

interface Answer {
  status: number;
  body: { submission_id: number; submission_ref: string };
}

export interface MailsOptions {
  /** Takes one of the hubs. */
  url: () => string;
  traffic: Traffic;
  random: Random;
  tally: Tally;
}

/** A mail's body; `name` is its message id. */
export function mailOf(name: string, line: string, attachments: object[] = []): object {
  return {
    subject: `Quote request ${name}${LONG}`,
    from: 'broker@example.com',
    body: `Insured: Acme Ltd\nClass: ${line}\nLimit: $1,000,000`,
    internetMessageId: `<${name}>`,
    attachments,
  };
}

/** One sender. `turn` does one thing, and what follows from it; it rejects only for what should not be. */
export async function createSender({ url, traffic, random, tally }: MailsOptions): Promise<{ turn(): Promise<void> }> {
  const tokens: Record<string, string> = {};
  for (const sub of NAMES) {
    const claims = { sub, name: sub, roles: ['underwriter' as const], teams: TEAMS[sub] ?? [] };
    tokens[sub] = await signToken(SECRET, claims, '1h');
  }

  async function post(body: string, headers: Record<string, string> = {}): Promise<Answer | null> {
    try {
      const response = await fetch(url() + INTAKE, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': INTAKE_KEY, ...headers },
        body,
        signal: AbortSignal.timeout(30_000),
      });
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    } catch {
      return null;
    }
  }

  /** Until it is answered for good; a mail that no hub answers is a defect. */
  async function insist(body: string, headers: Record<string, string> = {}): Promise<Answer> {
    for (let n = 0; n < REPEATS_MAX; n++) {
      const answer = await post(body, headers);
      if (answer && answer.status !== 503) return answer;
      tally.add('posts repeated');
      await delay(AGAIN_MS);
    }
    throw new Error(`a mail was not answered, ${REPEATS_MAX} times: ${body.slice(0, 100)}`);
  }

  function attachments(): object[] {
    if (!random.chance(0.2)) return [];
    return Array.from({ length: random.between(1, 3) }, (_, n) => ({
      name: `slip ${n}.bin`,
      contentType: 'application/octet-stream',
      contentBytes: randomBytes(random.chance(0.1) ? 0 : random.between(1, 120_000)).toString('base64'),
    }));
  }

  /** Stores a mail; with attachments now and then, half-way first, or at two hubs at once. */
  async function mail(): Promise<number> {
    const messageId = `${randomUUID()}@mail.example`;
    const files = attachments();
    const body = JSON.stringify(mailOf(messageId, random.chance(0.3) ? 'Cyber' : 'Property', files));
    const postedAt = performance.now();
    if (random.chance(0.05)) {
      await breakOff(url(), body);
      tally.add('mails broken off');
    }
    const twice = files.length > 0 && random.chance(0.3);
    const answers = await Promise.all(twice ? [insist(body), insist(body)] : [insist(body)]);
    for (const { status, body: receipt } of answers) {
      if (status !== 200) throw new Error(`mail ${messageId} was answered ${status}: ${JSON.stringify(receipt)}`);
      traffic.mails.push({ messageId, ...receipt, postedAt, answeredAt: performance.now() });
    }
    tally.add('mails');
    if (files.length > 0) tally.add('mails with attachments');
    if (twice) tally.add('mails sent twice at once');
    return (answers[0] as Answer).body.submission_id;
  }

  async function commands(id: number): Promise<void> {
    const path = `/api/workitems/${id}`;
    const claims = await Promise.all(
      NAMES.filter(() => random.chance(0.6)).map(async (sub) => {
        const { version } = await traffic.command(`${path}/claim`, 'POST', tokens[sub] as string, id);
        tally.add('commands');
        return { sub, version };
      }),
    );
    const winner = claims.find(({ version }) => version !== null);
    if (!winner || random.chance(0.5)) return;
    const step = { status: 'quoted', version: winner.version };
    await traffic.command(`${path}/status`, 'PATCH', tokens[winner.sub] as string, id, step);
    tally.add('commands');
  }

  /** A mail that no hub may take. */
  async function refused(): Promise<void> {
    const kinds: [number, string, Record<string, string>?][] = [
      [413, JSON.stringify({ ...mailOf('large', 'Marine'), body: 'x'.repeat(INTAKE_MAX_MB * 2 ** 20) })],
      [
        413,
        JSON.stringify(mailOf('many', 'Marine', Array(ATTACHMENTS_MAX + 1).fill({ name: 'x', contentBytes: 'eA==' }))),
      ],
      [400, '{"subject": "half'],
      [400, JSON.stringify(mailOf('bad', 'Marine', [{ name: 'x', contentBytes: 'not base64!' }]))],
      // The hub counts wrong keys by address: not by the one of all other senders.
      [401, '{}', { 'x-api-key': 'wrong', 'x-forwarded-for': `10.9.0.${random.between(1, 250)}` }],
    ];
    const [expected, body, headers] = random.pick(kinds);
    const { status } = await insist(body, headers);
    // Of a body that is too large the hub may end the connection before all of it was sent: that was repeated.
    if (status !== expected && !(expected === 401 && status === 429)) {
      throw new Error(`a mail that was to be refused with ${expected} was answered ${status}`);
    }
    tally.add('mails refused');
  }

  return {
    async turn() {
      if (random.chance(0.05)) await refused();
      const id = await mail();
      if (random.chance(0.5)) await commands(id);
      await delay(random.between(0, REST_MS));
    },
  };
}

/** Sends half of a mail and goes. */
async function breakOff(url: string, body: string): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    'x-api-key': INTAKE_KEY,
    'content-length': Buffer.byteLength(body),
  };
  const sending = request(url + INTAKE, { method: 'POST', headers, agent: false });
  sending.on('error', () => {});
  sending.write(body.slice(0, body.length >> 1));
  await delay(30);
  sending.destroy();
}
