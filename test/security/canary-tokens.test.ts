// Tokens and keys through every door, right and wrong, whole and broken: none of them is found afterwards in the log at its
// lowest level, in the metrics, or in the database.
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { signToken } from '../../src/auth/sign.js';
import { engineSocket } from './engine-socket.js';
import { INTAKE_KEY, SECRET, startHub, type TestHub } from '../support/hub.js';

const WRONG_KEY = 'CANARY-intake-key-that-is-wrong';
const METRICS = 'CANARY-metrics-token-0123456789';

describe('a credential', function () {
  this.timeout(60_000);
  let hub: TestHub;
  before(async () => {
    hub = await startHub({ LIMIT_FAILED_AUTH_PER_MINUTE: '0', METRICS_TOKEN: METRICS });
  });
  after(() => hub.close());

  /** Sends bytes as they are, and reads until the end. */
  async function say(text: string): Promise<void> {
    const { port, hostname } = new URL(hub.url);
    const socket = connect(Number(port), hostname).on('error', () => {});
    socket.resume().end(text, 'latin1');
    await once(socket, 'close');
  }

  /** A WebSocket on the raw path, until it is answered in whatever way. */
  async function knock(query: string, protocols: string[] = [], headers = {}): Promise<void> {
    const client = new WebSocket(`${hub.url.replace('http', 'ws')}${query}`, protocols, { headers });
    client.on('error', () => {});
    // Pages of the old service are told nothing when they come: they ask whether somebody is there.
    client.on('open', () => client.ping());
    await new Promise((resolve) => client.on('message', resolve).on('pong', resolve).on('close', resolve));
    client.terminate();
  }

  async function everyDoor(token: string): Promise<void> {
    const authorization = `Bearer ${token}`;
    const get = (path: string, headers = {}, method = 'GET', body?: string) =>
      fetch(hub.url + path, { method, headers, body: body ?? null, redirect: 'manual' }).then((res) => res.text());
    await Promise.all([
      get('/api/workitems', { authorization }),
      get('/api/workitems', { authorization: `bearer  ${token}` }),
      get('/api/workitems', { authorization: `Basic ${token}` }),
      get('/api/workitems', { authorization: token }),
      get('/api/workitems', { cookie: `token=${token}`, 'x-access-token': token, referer: `http://x/?token=${token}` }),
      get(`/api/workitems?token=${token}&access_token=${token}&jwt=${token}`, { authorization }),
      get(`/api/workitems?text=${token}&broker=${token}&cursor=${token}`, { authorization }),
      get(`/api/workitems/${token}`, { authorization }),
      get(`/api/submissions/${token}/attachments/${token}`, { authorization }),
      get(`/${token}?${token}`, { authorization }),
      get(`/metrics?token=${token}`, { authorization }),
      get('/api/events', { authorization, 'x-request-id': token }),
      get('/api/workitems', { authorization, 'user-agent': token, 'content-type': token }),
      get('/api/email/intake', { authorization }, 'POST', `{"token":"${token}"}`),
      get('/api/email/intake', { authorization }, 'POST', `{"${token}"`),
      get('/api/email/intake', { 'x-api-key': token }, 'POST', '{}'),
      get('/api/workitems/1/claim', { authorization }, 'POST', `{"token":"${token}"}`),
      get('/api/workitems/1/claim', { authorization, 'content-encoding': token }, 'POST', `"${token}`),
      get('/api/workitems/1/status', { authorization }, 'PATCH', `{"status":"${token}","reason":"x"}`),
      get('/api/revocations', { authorization }, 'POST', `{"jti":{"a":"${token}"}}`),
      get('/api/test/workitem', { authorization }, 'POST', `{"team":["${token}"]}`),
      get(`/socket.io/?EIO=4&transport=polling&token=${token}&sid=${token}`, { authorization }),
      knock(`/ws/workitems?token=${token}`),
      knock(`/ws/workitems?v=2&token=${token}&since=${token}`),
      knock(`/ws/workitems?v=2&jwt=${token}`, [], { authorization }),
      knock('/ws/workitems?v=2', ['workitems', `bearer.${token}`]),
      knock(`/ws/${token}`, ['workitems', `bearer.${token}`]),
      say(`GET /api/workitems HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nBroken\u0001: x\r\n\r\n`),
      say(`GET /?token=${token} HTTP/9.9\r\n\r\n`),
      say(`${token}\r\n\r\n`),
      say(
        `POST /api/email/intake HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 99\r\n\r\n{`,
      ),
      say(`GET /ws/workitems?token=${token} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n`),
    ]);
    for (const namespace of ['/workitems', '/monitor', `/${token}`]) {
      const socket = await engineSocket(hub.url, `&token=${token}`);
      await socket.join(namespace, { token, position: token, client_id: token });
      await socket.join(namespace, { token });
      for (const body of [{ token }, { token, extra: token }, token]) {
        await socket.ask(namespace, 'refresh_token', body);
        await socket.ask(namespace, 'claim', body);
        await socket.ask(namespace, token, body);
      }
      socket.say(`42${namespace},["${token}"`);
      await socket.ended;
    }
  }

  it('leaves no trace in log, metrics or database', async () => {
    const roles = ['underwriter', 'admin', 'intake'] as const;
    const good = await signToken(SECRET, { sub: 'canary', roles }, '1h');
    const ended = await signToken(SECRET, { sub: 'canary', roles }, -60);
    const forged = await signToken(`${SECRET}!`, { sub: 'canary', roles }, '1h');
    // A header with white space does not begin as others do.
    const spaced = good.replace(/^[^.]+/, Buffer.from('{ "alg": "HS256",\n "typ": "JWT" }').toString('base64url'));
    const tokens = [good, ended, forged, spaced, `${good}x`, good.slice(0, -5)];
    for (const token of tokens) await everyDoor(token);
    for (const key of [INTAKE_KEY, WRONG_KEY]) {
      const headers = { 'x-api-key': key, authorization: `Bearer ${key}` };
      for (const body of ['{"subject":"A mail"}', '{', '[1]', '{"subject":1}']) {
        await fetch(`${hub.url}/api/email/intake?key=${key}`, { method: 'POST', headers, body });
      }
    }
    const scrape = await fetch(`${hub.url}/metrics`, { headers: { authorization: `Bearer ${METRICS}` } });
    const metrics = await scrape.text();
    expect(metrics).to.contain('hub_auth_failures_total');

    const dump: string[] = [];
    const { db } = hub.database.mongo;
    for (const { name } of await db.listCollections().toArray()) {
      for await (const doc of db.collection(name).find()) dump.push(JSON.stringify(doc));
    }
    expect(dump.join('\n')).to.contain('A mail').and.to.contain('canary');
    expect(hub.log.length).to.be.greaterThan(100);

    const places = { log: hub.log, metrics: [metrics], database: dump };
    const parts = tokens.flatMap((token) => token.split('.').slice(1)).filter((part) => part.length > 30);
    for (const secret of new Set([...tokens, ...parts, SECRET, INTAKE_KEY, WRONG_KEY, METRICS])) {
      for (const [place, lines] of Object.entries(places)) {
        expect(lines.find((line) => line.includes(secret)) ?? null, `${secret} in the ${place}`).to.equal(null);
      }
    }
  });
});
