// A whole hub for tests: the real createHub on an ephemeral port and a database of its own, with people to connect as.
import type { Filter, Item, Position, Role } from '@workitem-hub/client/contract';
import { io as connect, type Socket } from 'socket.io-client';
import { type ClientOptions, WebSocket } from 'ws';
import { signToken } from '../../src/auth/sign.js';
import { readConfig } from '../../src/config.js';
import { createHub, type Hub } from '../../src/hub.js';
import { createLogger } from '../../src/ops/logger.js';
import { type Ear, listen, listenRaw } from '../sockets/wait.js';
import { type TestDatabase, testDatabase } from './mongo.js';

export const SECRET = 'a secret for tests, long enough to sign with';
export const INTAKE_KEY = 'the intake key of the tests';

export interface Claims {
  roles?: Role[];
  teams?: string[];
  /** Seconds or a text such as `8h`. */
  ttl?: number | string;
  jti?: string;
  name?: string;
}

export interface TestHub {
  readonly url: string;
  readonly hub: Hub;
  readonly database: TestDatabase;
  /** Everything that was logged, one JSON line each. */
  readonly log: string[];
  token(sub: string, claims?: Claims): Promise<string>;
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    token?: string,
    body?: unknown,
  ): Promise<{ status: number; body: T }>;
  /** Posts a mail; resolves with the answer's body. */
  mail(body: object): Promise<{ submission_id: number; submission_ref: string; status: string }>;
  /** Makes an item for somebody. */
  item(wishes?: {
    assigned_to?: string;
    team?: string;
    subject?: string;
    policy_type?: string;
  }): Promise<{ submission_id: number; submission_ref: string }>;
  /** Connects to `/workitems`; what it hears is kept from the first packet on. */
  socket(sub: string, options?: SocketOptions): Promise<Ear & { client: Socket }>;
  /** Connects to `/ws/workitems`. */
  raw(query: string, options?: ClientOptions): Ear & { texts: string[]; client: WebSocket };
  /** Ends the hub and starts another on the same data and port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface SocketOptions extends Claims {
  position?: Position;
  filter?: Filter;
  client_id?: string;
  token?: string;
}

export async function startHub(env: Record<string, string> = {}, given?: TestDatabase): Promise<TestHub> {
  const database = given ?? (await testDatabase());
  const settings = {
    JWT_SECRET: SECRET,
    INTAKE_API_KEYS: INTAKE_KEY,
    MONGODB_URL: database.url,
    MONGODB_DATABASE: database.name,
    PORT: '0',
    DRAIN_SECONDS: '0',
    ...env,
  };
  const log: string[] = [];
  const logger = createLogger(
    { LOG_LEVEL: 'trace', production: true },
    { write: (line: string) => void log.push(line) },
  );
  let hub = await createHub(readConfig(settings), { logger });
  let { url, port } = await hub.listen();
  const clients: { close(): unknown }[] = [];

  const token: TestHub['token'] = (
    sub,
    { roles = ['underwriter'] as Role[], teams = [], ttl = '1h', jti, name = `Name of ${sub}` }: Claims = {},
  ) => signToken(SECRET, { sub, name, email: `${sub}@hub.example`, roles, teams, jti }, ttl);

  const call: TestHub['call'] = async (method, path, bearer, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-api-key': INTAKE_KEY,
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json().catch(() => null)) as never };
  };

  return {
    get url() {
      return url;
    },
    get hub() {
      return hub;
    },
    database,
    log,
    token,
    call,
    async mail(body) {
      const answer = await call<{ submission_id: number; submission_ref: string; status: string }>(
        'POST',
        '/api/email/intake',
        undefined,
        body,
      );
      if (answer.status !== 200) throw new Error(`intake answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    async item(wishes = {}) {
      const answer = await call<{ submission_id: number; submission_ref: string }>(
        'POST',
        '/api/test/workitem',
        undefined,
        wishes,
      );
      if (answer.status !== 200) throw new Error(`the hub answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    async socket(sub, { position, filter, client_id, token: ready, ...claims } = {}) {
      const client = connect(`${url}/workitems`, {
        auth: { token: ready ?? (await token(sub, claims)), position, filter, client_id },
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
      });
      clients.push(client);
      return { ...listen(client), client };
    },
    raw(query, options = {}) {
      const client = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/workitems${query}`, options);
      clients.push(client);
      client.on('error', () => {});
      return { ...listenRaw(client), client };
    },
    async restart() {
      await hub.close();
      hub = await createHub(readConfig({ ...settings, PORT: String(port) }), { logger });
      ({ url, port } = await hub.listen());
    },
    async close() {
      for (const client of clients) client.close();
      await hub.close();
      await database.drop();
    },
  };
}

/** Ids of the items that an ear heard as `new_workitem`, in order. */
export const newItems = (ear: Ear): number[] =>
  ear.heard.filter(({ event }) => event === 'new_workitem').map(({ data }) => (data as unknown as Item).id);
