// What answers and lines of the log give away: nothing of the inside, in production least of all, and one line per request.
import { expect } from 'chai';
import { ConfigError, readConfig } from '../../src/config.js';
import { startHub, type TestHub } from '../support/hub.js';
import { endFaults, failCommand } from '../support/mongo.js';
import { engineSocket } from './engine-socket.js';
import { exchange } from './raw-http.js';

const INSIDE =
  /at .*\.(?:js|ts):|node_modules|src\/|Mongo|mongo|BSON|E11000|workitem_hub|test_[0-9a-f]{6}|stack|undefined/;

describe('an answer', function () {
  this.timeout(60_000);
  let hub: TestHub;
  let token: string;
  let boss: string;
  before(async () => {
    hub = await startHub({ NODE_ENV: 'production', HOST: '127.0.0.1' });
    token = await hub.token('alice');
    boss = await hub.token('boss', { roles: ['supervisor', 'admin', 'underwriter'] });
  });
  afterEach(() => endFaults());
  after(() => hub.close());

  it('to what goes wrong inside says that it did, and the log says what', async () => {
    const { submission_id: id, submission_ref: ref } = await hub.mail({ id: 'first', subject: 'x' });
    const requests: [string, string, object?][] = [
      ['GET', '/api/workitems'],
      ['GET', `/api/workitems/${id}`],
      ['GET', `/api/submissions/${ref}`],
      ['GET', '/api/people'],
      ['GET', '/api/revocations'],
      ['POST', `/api/workitems/${id}/claim`, {}],
      ['POST', '/api/email/intake', { subject: 'y', id: 'second' }],
      ['POST', '/api/revocations', { jti: 'x' }],
    ];
    const commands = ['find', 'aggregate', 'findAndModify', 'insert', 'update'];
    // A defect (BadValue), and a right that is missing. What an outage is answered with is tested with the outage.
    for (const errorCode of [2, 13]) {
      await failCommand(hub.database.mongo, { commands, errorCode });
      for (const [method, path, body] of requests) {
        const answer = await hub.call<{ error: { code: string } }>(method, path, boss, body);
        // Some of these are seen through: the hub finds its way without the answer.
        if (answer.status === 200) continue;
        expect(answer.status, path).to.be.oneOf([404, 500, 503]);
        expect(JSON.stringify(answer.body), `${path} ${errorCode}`).not.to.match(INSIDE);
      }
      const socket = await engineSocket(hub.url);
      const joined = await socket.join('/workitems', { token, client_id: 'desk' });
      expect(joined.replace('/workitems', ''), String(errorCode)).not.to.match(INSIDE);
      if (joined.startsWith('40'))
        expect(await socket.ask('/workitems', 'claim', { id })).not.to.match(/at .*:\d|Mongo/);
      socket.client.close();
      await endFaults();
    }
    expect(hub.log.join('')).to.match(/defect/);
  });

  it('to what is refused quotes nothing of a secret that was sent', async () => {
    for (const [path, body] of [
      ['/api/email/intake', '{"subject":{"SECRET":1}}'],
      ['/api/email/intake', '{"SECRET":'],
      ['/api/workitems/1/claim', '{"version":"SECRET"}'],
      ['/api/workitems/1/claim', '{"SECRET'],
      ['/api/workitems/SECRET/claim', '{}'],
    ] as const) {
      const answer = await fetch(hub.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${boss}`, 'x-api-key': 'SECRET' },
        body,
      });
      expect(await answer.text(), path).not.to.contain('SECRET');
    }
  });

  it('of what is closed in production is a refusal', async () => {
    expect((await hub.call('GET', '/metrics')).status).to.equal(401);
    expect((await hub.call('GET', '/metrics', boss)).status).to.equal(401);
    expect((await hub.call('POST', '/api/test/workitem', boss, {})).status).to.equal(404);
    const stranger = hub.raw('');
    const code = await new Promise((resolve) => stranger.client.once('close', resolve));
    expect(code).to.equal(4401);
    expect(hub.hub.secrets.intakeKeys).to.have.length(1);
  });

  it('is never given by a production hub with a secret that is missing, known or weak', () => {
    const env = { NODE_ENV: 'production', MONGODB_URL: 'mongodb://x' };
    for (const JWT_SECRET of [
      '',
      'secret',
      'changeme',
      'a'.repeat(64),
      '1234567890123456789012345678901',
      'abababab'.repeat(8),
    ]) {
      expect(() => readConfig({ ...env, JWT_SECRET }), JWT_SECRET).to.throw(ConfigError, 'JWT_SECRET');
    }
  });
});

describe('a line of the log', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub();
  });
  after(() => hub.close());

  it('is one per request, whatever the request holds', async () => {
    const before = hub.log.length;
    const evil = '%0d%0a{"level":60,"msg":"forged"}%0a';
    const forged = '{"level":60,"msg":"forged"}';
    await fetch(`${hub.url}/${evil}?limit=${evil}`, { headers: { 'user-agent': forged, 'x-request-id': forged } });
    await fetch(`${hub.url}/api/workitems?text=${evil}&filter=${evil}`, { headers: { 'content-type': forged } });
    await exchange(
      hub.url,
      `GET /x HTTP/1.1\r\nHost: x\r\nUser-Agent: a\x9b2J\x85${forged}\r\nConnection: close\r\n\r\n`,
    );
    const lines = hub.log.slice(before).filter((line) => line.includes('request answered'));
    expect(lines).to.have.length(3);
    for (const line of lines) {
      expect(line.trimEnd()).not.to.match(/[\r\n]/);
      expect((JSON.parse(line) as { msg: string; level: number }).msg).to.equal('request answered');
    }
  });
});
