// Objects where texts are expected, database operators and prototypes: in every body, query, header and socket payload.
import { expect } from 'chai';
import { startHub, type TestHub } from '../support/hub.js';
import { type EngineSocket, engineSocket } from './engine-socket.js';

const EVIL: unknown[] = [
  { $ne: null },
  { $gt: '' },
  { $regex: '.*' },
  { $where: 'sleep(1000)' },
  { $expr: { $function: { body: 'function () { return true }', args: [], lang: 'js' } } },
  { $in: ['alice'] },
  ['alice'],
  [{ $ne: 1 }],
  { toString: 'alice', length: 5 },
  { __proto__: null, admin: true },
  true,
  7,
];
/** As texts, since a literal would set the prototype instead of sending the key. */
const PROTOTYPES = [
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"__proto__.polluted":true}',
  '{"a":{"__proto__":{"polluted":true}},"__proto__":null}',
  '[{"__proto__":{"polluted":true}}]',
];

describe('operators and prototypes', () => {
  let hub: TestHub;
  let boss: string;
  let id: number;
  let ref: string;
  let untouched: string[];
  before(async () => {
    hub = await startHub({ LIMIT_COMMANDS_PER_10S: '0', LIMIT_TEST_PER_MINUTE: '0' });
    boss = await hub.token('boss', { roles: ['supervisor', 'admin', 'underwriter', 'intake'] });
    await hub.call('GET', '/api/workitems', await hub.token('alice'));
    ({ submission_id: id, submission_ref: ref } = await hub.item({ assigned_to: 'alice' }));
    untouched = Object.getOwnPropertyNames(Object.prototype);
  });
  after(() => hub.close());
  afterEach(() => {
    expect(Object.getOwnPropertyNames(Object.prototype)).to.deep.equal(untouched);
    expect(({} as { polluted?: true }).polluted).to.equal(undefined);
  });

  const state = async () => (await hub.call('GET', `/api/workitems/${id}`, boss)).body;
  const bodies = (): [method: string, path: string, fields: string[], good: object][] => [
    ['POST', `/api/workitems/${id}/claim`, ['version', 'command_id'], {}],
    ['POST', `/api/workitems/${id}/assign`, ['assigned_to', 'team', 'version', 'command_id'], { version: 1 }],
    ['PATCH', `/api/workitems/${id}/status`, ['status', 'reason', 'version', 'command_id'], { version: 1 }],
    ['POST', `/api/submissions/confirm/${ref}`, ['underwriter_email', 'command_id'], {}],
    ['POST', '/api/revocations', ['sub', 'jti', 'issued_before'], {}],
    ['POST', '/api/test/workitem', ['assigned_to', 'team', 'subject', 'from_email', 'insured_name', 'count'], {}],
  ];

  it('are invalid in bodies', async () => {
    const before = await state();
    for (const [method, path, fields, good] of bodies()) {
      for (const field of fields) {
        for (const evil of EVIL) {
          // A whole number is a good version, time or count.
          if (typeof evil === 'number' && /version|issued_before|count/.test(field)) continue;
          const { status } = await hub.call(method, path, boss, { ...good, [field]: evil });
          expect(status, `${path} ${field} ${JSON.stringify(evil)}`).to.equal(400);
        }
      }
      for (const text of PROTOTYPES) {
        const { status } = await fetch(hub.url + path, {
          method,
          headers: { authorization: `Bearer ${boss}` },
          body: text,
        });
        expect(status, `${path} ${text}`).to.equal(400);
      }
    }
    expect(await state()).to.deep.equal(before);
    expect((await hub.call('GET', '/api/revocations', boss)).body.items).to.deep.equal([]);
  });

  it('are invalid in queries and paths', async () => {
    for (const key of ['status', 'text', 'broker', 'team', 'limit', 'cursor', 'assigned', 'min_coverage']) {
      for (const query of [`${key}[$ne]=1`, `${key}[]=1`, `${key}[__proto__][polluted]=1`, `${key}.$gt=1`]) {
        expect((await hub.call('GET', `/api/workitems?${query}`, boss)).status, query).to.equal(400);
      }
    }
    for (const query of ['__proto__[polluted]=1', 'constructor[prototype][polluted]=1', '__proto__=x', '$where=1']) {
      for (const path of ['workitems', 'submissions', 'events', 'people', 'revocations', `workitems/${id}/history`]) {
        expect((await hub.call('GET', `/api/${path}?${query}`, boss)).status, query).to.equal(400);
      }
    }
    for (const value of ['{"$gt":0}', '{"currency":{"$ne":1},"amount":1}', '{"__proto__":{"polluted":true}}']) {
      const query = `min_coverage=${encodeURIComponent(value)}`;
      expect((await hub.call('GET', `/api/workitems?${query}`, boss)).status, value).to.equal(400);
    }
    for (const part of ['[$ne]', '%7B%22$ne%22:1%7D', '__proto__', 'constructor']) {
      expect((await hub.call('GET', `/api/workitems/${part}`, boss)).status).to.equal(400);
      expect((await hub.call('GET', `/api/submissions/${part}`, boss)).status).to.equal(400);
      expect((await hub.call('DELETE', `/api/revocations/${encodeURIComponent(part)}`, boss)).status).to.be.oneOf([
        400, 404,
      ]);
    }
  });

  it('are plain texts where a text is looked for', async () => {
    for (const text of ['.*', '$ne', '{"$ne":1}', '(a+)+$', '\\', '[', '%']) {
      const query = new URLSearchParams({ text, broker: text, from_domain: text, team: text });
      const { status, body } = await hub.call('GET', `/api/workitems?${query}`, boss);
      expect([status, body.items], text).to.deep.equal([200, []]);
    }
  });

  it('are invalid or nothing in a mail, whatever wraps it', async () => {
    const post = async (body: string) =>
      (
        await fetch(`${hub.url}/api/email/intake`, {
          method: 'POST',
          headers: { authorization: `Bearer ${boss}` },
          body,
        })
      ).status;
    for (const text of PROTOTYPES) {
      for (const wrapped of [text, `{"value":[${text}]}`, `{"body":${text}}`, `{"body":${JSON.stringify(text)}}`]) {
        expect(await post(wrapped), wrapped).to.equal(400);
      }
      const mail = `{"subject":"A mail","id":${JSON.stringify(text)},"attachments":[{"name":"x","item":${text}}],"x":${text}}`;
      expect(await post(mail), mail).to.equal(200);
    }
    for (const field of ['subject', 'from', 'id', 'internetMessageId', 'body', 'attachments', 'to', 'date']) {
      for (const evil of [{ $ne: null }, { $gt: '' }, [{ $ne: 1 }]]) {
        const status = await post(JSON.stringify({ subject: 'x', from: 'a@b.example', [field]: evil }));
        expect(status, `${field} ${JSON.stringify(evil)}`).to.be.oneOf([200, 400]);
      }
    }
    const docs = await hub.database.mongo.db.collection('submissions').find().toArray();
    // Whatever was stored holds texts and no operator of a sender.
    expect(JSON.stringify(docs)).not.to.match(/"\$(ne|gt|where|regex)"|polluted":true/);
  });

  it('are invalid in a handshake and in events', async () => {
    for (const auth of [
      ...EVIL.flatMap((evil) => [
        { client_id: evil },
        { position: evil },
        { filter: evil },
        { filter: { text: evil } },
      ]),
      { filter: { status: { $ne: null } } },
      { position: { epoch: { $ne: 1 }, seq: 0 } },
    ]) {
      const socket = await engineSocket(hub.url);
      expect(await socket.join('/workitems', { token: boss, ...auth }), JSON.stringify(auth)).to.match(/"invalid"/);
      socket.client.close();
    }
    const socket: EngineSocket = await engineSocket(hub.url);
    for (const token of EVIL) expect(await socket.join('/workitems', { token })).to.match(/"unauthenticated"/);
    expect(await socket.join('/workitems', { token: boss })).to.match(/^40/);
    const before = await state();
    for (const event of ['set_filter', 'refresh_token', 'ack', 'claim', 'assign', 'set_status', 'ping']) {
      for (const evil of [
        ...EVIL,
        ...['id', 'filter', 'token', 'epoch', 'version'].map((key) => ({ [key]: { $ne: 1 } })),
      ]) {
        expect(await socket.ask('/workitems', event, evil), `${event} ${JSON.stringify(evil)}`).to.match(/"ok":false/);
      }
      for (const text of PROTOTYPES) {
        expect(await socket.ask('/workitems', event, JSON.parse(text))).to.match(/"ok":false/);
      }
    }
    for (const event of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'disconnect', 'connect_error']) {
      socket.say(`42/workitems,99${JSON.stringify([event, { polluted: true }])}`);
    }
    expect(await socket.ask('/workitems', 'ping', {})).to.match(/"ok":true|closed/);
    expect(await state()).to.deep.equal(before);
    socket.client.close();
  });

  it('are invalid in the query of a raw WebSocket', async () => {
    for (const query of [
      `v=2&filter=${encodeURIComponent('{"text":{"$ne":null}}')}`,
      `v=2&filter=${encodeURIComponent('{"__proto__":{"polluted":true}}')}`,
      'v=2&client_id[$ne]=1',
      'v=2&__proto__[polluted]=1',
      'v=2&constructor=1',
    ]) {
      const { client } = hub.raw(`?token=${boss}&${query}`);
      const code = await new Promise((resolve) => client.once('close', resolve));
      expect(code, query).to.equal(4400);
    }
  });
});
