// A hub as HTTP clients meet it: any method, header and body, and answers with their headers.
import type { Item, Role, WireError } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import type { TestWishes } from '../../src/intake/test-submission.js';
import { INTAKE_KEY, startHub, type TestHub } from '../support/hub.js';

export { INTAKE_KEY };

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  /** The JSON of the answer, else its text; `null` when there is none. */
  body: T & { error?: WireError };
}

export interface Call {
  token?: string;
  headers?: Record<string, string>;
  /** Sent as JSON; bytes and texts as they are. */
  body?: unknown;
}

export interface Api extends Pick<TestHub, 'url' | 'hub' | 'database' | 'log' | 'socket' | 'close'> {
  token(sub: string, roles?: Role[], teams?: string[]): Promise<string>;
  call<T = Record<string, unknown>>(method: string, path: string, call?: Call): Promise<Answer<T>>;
  /** Posts a mail with the intake key. */
  mail<T = Record<string, unknown>>(body: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  /** Makes an item; it is in the pool unless wished otherwise. */
  item(wishes?: TestWishes): Promise<Item>;
}

/** @param env settings by their names. */
export async function openApi(env: Record<string, string> = {}): Promise<Api> {
  const { url, hub, database, log, socket, close, token: sign } = await startHub(env);
  const token: Api['token'] = (sub, roles = ['underwriter'], teams = []) => sign(sub, { roles, teams });

  async function call<T>(
    method: string,
    path: string,
    { token: bearer, headers, body }: Call = {},
  ): Promise<Answer<T>> {
    const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(url + path, {
      method,
      headers: { ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }), ...headers },
      body: (raw ? body : JSON.stringify(body)) as string | undefined,
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json') && text !== '';
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text || null };
  }

  return {
    url,
    hub,
    database,
    log,
    socket,
    close,
    token,
    call,
    mail: (body, headers) =>
      call('POST', '/api/email/intake', { body, headers: { 'x-api-key': INTAKE_KEY, ...headers } }),
    async item(wishes = {}) {
      const made = await call<{ submission_id: number }>('POST', '/api/test/workitem', { body: wishes });
      const boss = await token('boss', ['supervisor']);
      return (await call<Item>('GET', `/api/workitems/${made.body.submission_id}`, { token: boss })).body;
    },
  };
}

export function expectRefusal(answer: Answer<unknown>, status: number, code: WireError['code'], what?: string): void {
  const error = (answer.body as { error?: WireError } | null)?.error;
  expect([answer.status, error?.code], what).to.deep.equal([status, code]);
  expect(error?.message, what).to.be.a('string').and.not.equal('');
}
