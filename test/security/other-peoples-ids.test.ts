// Somebody else's item by every id that leads to it: the answer is that of an item that does not exist, to the letter.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { newItems, startHub, type TestHub } from '../support/hub.js';
import { type EngineSocket, engineSocket } from './engine-socket.js';

const NOWHERE = 999_999;

describe('somebody else’s item', () => {
  let hub: TestHub;
  let directory: string;
  let mallory: string;
  let boss: string;
  let id: number;
  let ref: string;
  let file: string;
  let version: number;
  before(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-rules-'));
    const rules = path.join(directory, 'rules.json');
    // Straight to a team: what was in the pool was everybody's to see.
    await writeFile(rules, JSON.stringify({ rules: [{ sender_domain: 'b.example', team: 'red' }] }));
    hub = await startHub({ LIMIT_COMMANDS_PER_10S: '0', ROUTING_RULES: rules });
    mallory = await hub.token('mallory', { teams: ['blue'] });
    boss = await hub.token('boss', { roles: ['supervisor'] });
    await hub.call('GET', '/api/workitems', await hub.token('alice', { teams: ['red'] }));
    const attachment = { name: 'a.txt', contentType: 'text/plain', contentBytes: 'c2VjcmV0' };
    const mail = await hub.mail({ id: 'm1', subject: 'Secret', from: 'a@b.example', attachments: [attachment] });
    [id, ref] = [mail.submission_id, mail.submission_ref];
    const { body } = await hub.call<{ attachments: { id: string }[] }>('GET', `/api/submissions/${ref}`, boss);
    file = body.attachments[0]?.id ?? '';
    const wish = { assigned_to: 'alice', version: 1 };
    const given = await hub.call<{ version: number }>('POST', `/api/workitems/${id}/assign`, boss, wish);
    version = given.body.version;
  });
  after(async () => {
    await hub?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const state = async () => (await hub.call('GET', `/api/workitems/${id}`, boss)).body;

  it('is not found over HTTP, as one that is not there', async () => {
    const before = await state();
    expect(before).to.include({ assigned_to: 'alice', version });
    const routes: [method: string, pathOf: (item: number | string, ref: string) => string, body?: object][] = [
      ['GET', (item) => `/api/workitems/${item}`],
      ['GET', (item) => `/api/workitems/${item}/history`],
      ['GET', (item) => `/api/workitems/${item}/similar`],
      ['GET', (_, it) => `/api/submissions/${it}`],
      ['GET', (_, it) => `/api/submissions/${it}/attachments/${file}`],
      ['GET', (_, it) => `/api/submissions/${it}/attachments/1`],
      ['POST', (item) => `/api/workitems/${item}/claim`, {}],
      ['POST', (item) => `/api/workitems/${item}/claim`, { version }],
      ['POST', (item) => `/api/workitems/${item}/assign`, { assigned_to: 'mallory', version }],
      ['POST', (item) => `/api/workitems/${item}/assign`, { assigned_to: 'nobody-has-this-name', version }],
      ['POST', (item) => `/api/workitems/${item}/assign`, { assigned_to: null, version }],
      ['PATCH', (item) => `/api/workitems/${item}/status`, { status: 'in_progress', version }],
      ['PATCH', (item) => `/api/workitems/${item}/status`, { status: 'bound', version: 99 }],
      ['POST', (_, it) => `/api/submissions/confirm/${it}`, {}],
      ['POST', (_, it) => `/api/submissions/confirm/${it}`, { underwriter_email: 'alice@hub.example' }],
    ];
    for (const [method, pathOf, body] of routes) {
      const theirs = await hub.call(method, pathOf(id, ref), mallory, body);
      const none = await hub.call(method, pathOf(NOWHERE, randomUUID()), mallory, body);
      expect(theirs.status, pathOf(id, ref)).to.equal(404);
      expect(theirs, pathOf(id, ref)).to.deep.equal(none);
    }
    expect(await state()).to.deep.equal(before);
  });

  it('is in no list, page, poll or filter', async () => {
    const { body: all } = await hub.call<{ position: { epoch: string; seq: number } }>('GET', '/api/workitems', boss);
    const { epoch } = all.position;
    for (const address of [
      '/api/workitems?assigned=any',
      '/api/workitems?text=secret',
      '/api/workitems?from_domain=b.example',
      '/api/submissions?limit=500',
      '/api/submissions?skip=0',
      `/api/events?after=${epoch}:0`,
      '/api/people',
      '/api/revocations',
      '/api/statistics',
    ]) {
      const { body } = await hub.call('GET', address, mallory);
      const text = JSON.stringify(body);
      expect(text, address).not.to.contain(ref).and.not.to.contain('Secret').and.not.to.contain('alice');
    }
  });

  it('is not among what is similar to one’s own', async () => {
    // The same sender and the same words, all that an item can have in common with it.
    const mail = await hub.mail({ id: 'm2', subject: 'Secret words', from: 'a@b.example' });
    const own = await hub.mail({ id: 'm3', subject: 'Secret words', from: 'a@b.example' });
    const give = { assigned_to: null, team: 'blue', version: 1 };
    await hub.call('POST', `/api/workitems/${own.submission_id}/assign`, boss, give);
    const path = `/api/workitems/${own.submission_id}/similar`;
    const seen = await hub.call<{ items: { item: { id: number } }[] }>('GET', path, boss);
    expect(seen.body.items.map(({ item }) => item.id)).to.deep.equal([mail.submission_id]);
    expect(await hub.call('GET', path, mallory)).to.deep.equal({ status: 200, body: { items: [] } });
  });

  it('cannot be had with the page of somebody who sees it', async () => {
    await hub.item();
    await hub.item();
    const { body } = await hub.call<{ next_cursor: string }>('GET', '/api/workitems?limit=1', boss);
    const stolen = await hub.call('GET', `/api/workitems?limit=1&cursor=${body.next_cursor}`, mallory);
    expect(stolen.status).to.equal(400);
    // Not even with the scope put right: rights are asked for anew on each page.
    const own = await hub.call<{ next_cursor: string; position: object }>('GET', '/api/workitems?limit=1', mallory);
    const cursor = JSON.parse(Buffer.from(own.body.next_cursor, 'base64url').toString()) as { before: number };
    const made = Buffer.from(JSON.stringify({ ...cursor, before: id + 1 })).toString('base64url');
    const page = await hub.call<{ items: { id: number }[] }>('GET', `/api/workitems?limit=500&cursor=${made}`, mallory);
    expect(page.body.items).to.deep.equal([]);
  });

  describe('over a socket', () => {
    let socket: EngineSocket;
    before(async () => {
      socket = await engineSocket(hub.url);
      expect(await socket.join('/workitems', { token: mallory })).to.match(/^40/);
    });
    after(() => socket.client.close());

    it('is not found by any command, as one that is not there', async () => {
      const before = await state();
      const commands: [string, object][] = [
        ['claim', {}],
        ['assign', { assigned_to: 'mallory', version }],
        ['assign', { assigned_to: null, version }],
        ['set_status', { status: 'in_progress', version }],
      ];
      const refusal = (text: string): string => text.slice(text.indexOf('['));
      for (const [event, body] of commands) {
        const theirs = refusal(await socket.ask('/workitems', event, { id, ...body }));
        expect(theirs).to.contain('"not_found"');
        expect(theirs).to.equal(refusal(await socket.ask('/workitems', event, { id: NOWHERE, ...body })));
      }
      expect(await state()).to.deep.equal(before);
    });

    it('is not replayed, from whatever position', async () => {
      const { body } = await hub.call<{ position: { epoch: string } }>('GET', '/api/workitems', boss);
      const { epoch } = body.position;
      const ears = [
        await hub.socket('mallory', { teams: ['blue'], position: { epoch, seq: 0 } }),
        hub.raw(`?v=2&since=${epoch}:0&token=${mallory}`),
      ];
      for (const ear of ears) {
        await ear.named('caught_up');
        expect(JSON.stringify(ear.heard)).not.to.contain(ref);
        // The two in the pool, by which it is seen that there was a replay.
        expect(newItems(ear)).to.have.length(2);
      }
    });

    it('does not come by the cursor of its owner’s client', async () => {
      const position = async () => {
        const { body } = await hub.call<{ position: { epoch: string; seq: number } }>('GET', '/api/workitems', boss);
        return body.position;
      };
      const alice = await hub.socket('alice', { client_id: 'desk' });
      await alice.named('caught_up');
      const { epoch, seq } = await position();
      const acked = (await alice.client.emitWithAck('ack', { epoch, seq })) as { ok: boolean };
      expect(acked.ok).to.equal(true);
      // The same name of a client is another client for another user: it starts at the present.
      const thief = await hub.socket('mallory', { client_id: 'desk' });
      expect((await thief.named('ready')).data.verdict).to.equal('fresh');
      const back = await hub.socket('alice', { client_id: 'desk' });
      expect((await back.named('ready')).data.verdict).to.equal('resumed');
    });
  });

  it('answers a repeated command of its owner to nobody else', async () => {
    const alice = await hub.token('alice');
    const command_id = randomUUID();
    const first = await hub.call('POST', `/api/workitems/${id}/claim`, alice, { command_id });
    expect(first.status).to.equal(200);
    const stolen = await hub.call('POST', `/api/workitems/${id}/claim`, mallory, { command_id });
    expect(stolen.status).to.equal(404);
  });
});
