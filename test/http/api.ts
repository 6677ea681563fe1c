// The HTTP side of a hub on a real mongod: everything but the sockets. For the tests of this folder.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Role, WireError } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { createAuthenticator } from '../../src/auth/authenticate.js';
import { createOrigins } from '../../src/auth/origins.js';
import { createRevocations, revocations as revocationsCollection } from '../../src/auth/revocation.js';
import { signToken } from '../../src/auth/sign.js';
import { createTokens } from '../../src/auth/tokens.js';
import { readConfig } from '../../src/config.js';
import { type AppDeps, createApp } from '../../src/http/app.js';
import { configureServer } from '../../src/http/server.js';
import { attachmentCollections, createAttachmentStore } from '../../src/intake/attachment-store.js';
import { createReceiveEmail } from '../../src/intake/receive-email.js';
import { loadRoutingRules } from '../../src/intake/routing.js';
import { ensureCollections } from '../../src/mongo/collections.js';
import { createAddresses } from '../../src/ops/address.js';
import { createLimits } from '../../src/ops/limits.js';
import { createLogger } from '../../src/ops/logger.js';
import { createMetrics } from '../../src/ops/metrics.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk } from '../workitems/desk.js';

const SECRET = 'a secret for tests, long enough to sign with';
export const INTAKE_KEY = 'the intake key of the tests';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  /** The JSON of the answer; `null` when there is none. */
  body: T & { error?: WireError };
}

export interface Call {
  token?: string;
  headers?: Record<string, string>;
  /** Sent as JSON; bytes and texts as they are. */
  body?: unknown;
}

export interface Api {
  readonly url: string;
  readonly desk: Desk;
  readonly database: TestDatabase;
  /** Everything that was logged, in JSON lines. */
  readonly log: string[];
  token(sub: string, roles?: Role[], teams?: string[]): Promise<string>;
  call<T = Record<string, unknown>>(method: string, path: string, call?: Call): Promise<Answer<T>>;
  /** A mail, posted with the intake key. */
  mail<T = Record<string, unknown>>(body: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  close(): Promise<void>;
}

/**
 * @param env settings by their names.
 * @param parts stand-ins for what a hub would inject.
 */
export async function openApi(env: Record<string, string> = {}, parts: Partial<AppDeps> = {}): Promise<Api> {
  const config = readConfig({ LOG_LEVEL: 'trace', ...env });
  const database = await testDatabase();
  const desk = await openDesk(database.mongo);
  const { mongo } = database;
  await ensureCollections(mongo, [revocationsCollection, ...attachmentCollections]);

  const log: string[] = [];
  const logger = createLogger(
    { LOG_LEVEL: 'trace', production: true },
    { write: (line: string) => void log.push(line) },
  );
  const metrics = createMetrics();
  const limits = createLimits(config);
  const revocations = createRevocations({ mongo, logger });
  await revocations.start();
  const addresses = createAddresses(config);
  const app = createApp({
    config,
    logger,
    metrics,
    limits,
    addresses,
    origins: createOrigins(config, addresses),
    authenticator: createAuthenticator({
      tokens: createTokens({ config, secret: SECRET }),
      revocations,
      limits,
      intakeKeys: [INTAKE_KEY],
    }),
    revocations,
    people: desk.people,
    commands: desk.commands,
    snapshot: desk.snapshot,
    appender: desk.appender,
    receiveEmail: createReceiveEmail({
      mongo,
      appender: desk.appender,
      attachments: createAttachmentStore(mongo),
      rules: loadRoutingRules(undefined),
      metrics,
      logger,
    }),
    totalConnections: async () => 0,
    readiness: () => ({ ready: true, checks: {} }),
    pollEvents: async () => ({ events: [], position: { epoch: '', seq: 0 }, more: false }),
    ...parts,
  });
  const server = createServer(app);
  configureServer(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function call<T>(method: string, path: string, { token, headers, body }: Call = {}): Promise<Answer<T>> {
    const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(url + path, {
      method,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      body: (raw ? body : JSON.stringify(body)) as string | undefined,
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json') && text !== '';
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text || null };
  }

  return {
    url,
    desk,
    database,
    log,
    call,
    token: (sub, roles = ['underwriter'], teams = []) =>
      signToken(SECRET, { sub, name: `Name of ${sub}`, email: `${sub}@hub.example`, roles, teams }, '1h'),
    mail: (body, headers) =>
      call('POST', '/api/email/intake', { body, headers: { 'x-api-key': INTAKE_KEY, ...headers } }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      revocations.stop();
      await desk.close();
      await database.drop();
    },
  };
}

/** The refusal's status and code, for one comparison. */
export const refusalOf = ({ status, body }: Answer<unknown>): [number, string | undefined] => [
  status,
  (body as { error?: WireError } | null)?.error?.code,
];

export function expectRefusal(answer: Answer<unknown>, status: number, code: WireError['code'], what?: string): void {
  expect(refusalOf(answer), what).to.deep.equal([status, code]);
  expect((answer.body as { error: WireError }).error.message, what)
    .to.be.a('string')
    .and.not.equal('');
}
