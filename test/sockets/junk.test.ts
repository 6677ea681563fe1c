// Packets that no client library sends close the connection they came on, or are answered, and harm nobody else.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import type { EventMeta } from '@workitem-hub/client/contract';
import { FLOOD_LIMIT } from '../../src/sockets/flood-guard.js';
import { until } from '../support/until.js';
import { type Edge, EPOCH, startEdge } from './edge.js';
import { engineClient, joinedClient, nextText, poll, pollingSession } from './engine-client.js';
import { makeEvent } from './events.js';
import { closeOf, DEADLINE_MS, type Ear, heardOnce, listen } from './wait.js';

describe('junk on Socket.IO', () => {
  let edge: Edge;
  let bystander: Ear;

  before(async () => {
    edge = await startEdge();
    bystander = listen(edge.socketio({ token: await edge.token({ sub: 'bystander' }) }));
    await bystander.named('caught_up');
  });
  after(() => edge.close());

  /** What is published now arrives at somebody who had nothing to do with it. */
  afterEach(async () => {
    edge.publish(makeEvent(0));
    const seq = edge.position();
    await bystander.until((heard) => heard.seq === seq);
  });

  for (const [what, packet] of Object.entries({
    'a packet of no type': 'x',
    'an engine ping from the wrong side': '2',
    'a Socket.IO packet of no type': '49/workitems,',
    'a broken JSON': '42/workitems,["claim",{',
    'an event that is no list': '42/workitems,{"a":1}',
    'an event with a reserved name': '42/workitems,["disconnecting"]',
    'a connect error from the client': '44/workitems,{"message":"x"}',
    'an event for another namespace': '42/elsewhere,["claim",{}]',
    'too many attachments': '451000-/workitems,["claim",{"_placeholder":true,"num":0}]',
    'an attachment that never was announced': Buffer.from([1, 2, 3]),
    'more than fits': `42/workitems,["claim","${'x'.repeat(120_000)}"]`,
    'a bomb of brackets for a binary event': `451-/workitems,["claim",${'['.repeat(40_000)}${']'.repeat(40_000)}]`,
  })) {
    it(`closes the connection on ${what}`, async () => {
      const client = await joinedClient(edge);
      const closed = heardOnce(client, 'close');
      client.send(packet);
      if (typeof packet === 'string' && packet.startsWith('451-')) client.send(Buffer.from([1]));
      await closed;
    });
  }

  for (const packet of ['42/workitems,["claim",{', '42/workitems,{"a":1}', '49/workitems,']) {
    it(`says 4400 to ${packet}`, async () => {
      const client = await joinedClient(edge);
      const closed = closeOf(client);
      client.send(packet);
      expect(await closed).to.deep.equal({ code: 4400, text: 'invalid: This is no Socket.IO packet.' });
    });
  }

  it('answers an event named error like any other', async () => {
    const client = await joinedClient(edge);
    client.send('42/workitems,7["error",{"message":"x"}]');
    expect(await nextText(client, (text) => text.startsWith('43/workitems,7'))).to.include('"code":"invalid"');
    client.close();
  });

  for (const query of ['EIO=3&transport=websocket', 'EIO=4&transport=polling', 'transport=websocket']) {
    it(`refuses an upgrade with ${query} before it is one`, async () => {
      const client = new WebSocket(`ws://127.0.0.1:${edge.port}/socket.io/?${query}`);
      client.on('error', () => {});
      const [, response] = await heardOnce(client, 'unexpected-response');
      expect((response as IncomingMessage).statusCode).to.equal(400);
      client.terminate();
    });
  }

  it('answers deep nesting as invalid', async () => {
    const client = await joinedClient(edge);
    client.send(`42/workitems,7["set_filter",{"filter":${'['.repeat(40_000)}${']'.repeat(40_000)}}]`);
    const answer = await nextText(client, (text) => text.startsWith('43/workitems,7'));
    expect(answer).to.include('"code":"invalid"');
    client.close();
  });

  it('answers a prototype as invalid', async () => {
    const client = await joinedClient(edge);
    client.send('42/workitems,1["claim",{"id":1,"__proto__":{"version":1}}]');
    client.send('42/workitems,2["__proto__",{}]');
    const answers = await Promise.all(
      [1, 2].map((id) => nextText(client, (text) => text.startsWith(`43/workitems,${id}`))),
    );
    for (const answer of answers) expect(answer).to.include('"code":"invalid"');
    client.close();
  });

  it('opens one stream per connection, however often it is asked', async () => {
    const client = await engineClient(edge);
    const connect = `40/workitems,${JSON.stringify({ token: await edge.token({ sub: 'many' }) })}`;
    const heard: string[] = [];
    client.on('message', (message) => heard.push((message as Buffer).toString()));
    // In one piece: a packet that comes when the namespace is joined already ends the connection, as Socket.IO has it.
    const { _socket: tcp } = client as unknown as { _socket: Socket };
    tcp.cork();
    for (let i = 0; i < 20; i++) client.send(connect);
    tcp.uncork();
    await nextText(client, (text) => text.includes('caught_up'));
    const streams = [...edge.delivery.subscriptions()].filter(({ session }) => session.principal.sub === 'many');
    expect(streams).to.have.length(1);
    expect(heard.filter((text) => text.startsWith('44/workitems,{"message":"invalid"'))).to.have.length(19);
    client.close();
  });

  it('lets a connection leave and come back', async () => {
    const client = await engineClient(edge);
    const join = async (): Promise<unknown> => {
      client.send(`40/workitems,${JSON.stringify({ token: await edge.token({ sub: 'leaver' }) })}`);
      return nextText(client, (text) => text.includes('caught_up'));
    };
    await join();
    client.send('41/workitems,');
    // Socket.IO hears of it a tick later: who asks to come back before that is in the namespace still.
    await until(() => [...edge.delivery.subscriptions()].every(({ session }) => session.principal.sub !== 'leaver'));
    await join();
    client.close();
  });

  for (const [what, packet] of Object.entries({
    events: '42/workitems,["nonsense"]',
    pongs: '3',
    connects: '40/workitems,{}',
    acknowledgements: '43/workitems,1[]',
  })) {
    it(`closes a flood of ${what} with 4429`, async () => {
      const client = await (packet.startsWith('40') ? engineClient(edge) : joinedClient(edge));
      const closed = closeOf(client);
      for (let i = 0; i < FLOOD_LIMIT + 5; i++) client.send(packet);
      expect((await closed).code).to.equal(4429);
    });
  }

  it('lets a client acknowledge every event of a long replay at once', async () => {
    edge.publish(...Array.from({ length: FLOOD_LIMIT + 100 }, () => makeEvent(0)));
    const position = { epoch: EPOCH, seq: edge.position() - FLOOD_LIMIT - 100 };
    const client = edge.socketio({ token: await edge.token({ sub: 'diligent' }), position, client_id: 'd' });
    const answers: Promise<{ ok: boolean }>[] = [];
    client.on('new_workitem', (_item, { epoch, seq }: EventMeta) => {
      answers.push(client.timeout(DEADLINE_MS).emitWithAck('ack', { epoch, seq }));
    });
    await listen(client).named('caught_up');
    for (const { ok } of await Promise.all(answers)) expect(ok).to.equal(true);
    expect(answers).to.have.length(FLOOD_LIMIT + 100);
    client.close();
  });

  it('ends a polling session that floods', async () => {
    const sid = await pollingSession(edge);
    const body = Array.from({ length: FLOOD_LIMIT + 5 }, () => '3').join('\x1e');
    await poll(edge, `&sid=${sid}`, { method: 'POST', body }).catch(() => {});
    expect((await poll(edge, `&sid=${sid}`)).status).to.equal(404);
  });

  it('refuses a polling request that is too large', async () => {
    const sid = await pollingSession(edge);
    const response = await poll(edge, `&sid=${sid}`, { method: 'POST', body: '4'.repeat(200_000) });
    expect(response.status).to.equal(413);
  });

  for (const [what, query, init] of [
    ['a method that nobody needs', '', { method: 'PUT' }],
    ['WebSocket without an upgrade', '&transport=websocket', {}],
    ['an old protocol', '&EIO=3', {}],
    ['an unknown transport', '&transport=carrier-pigeon', {}],
  ] as [string, string, RequestInit][]) {
    it(`answers ${what} with 400`, async () => {
      expect((await poll(edge, query, init)).status).to.equal(400);
    });
  }

  for (const sid of ['nobody', '__proto__']) {
    it(`answers a session that does not exist (${sid}) with 404, by which a balancer asks another process`, async () => {
      expect((await poll(edge, `&sid=${sid}`)).status).to.equal(404);
    });
  }

  it('answers every method on a session with less than 500', async () => {
    const sid = await pollingSession(edge);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']) {
      expect((await poll(edge, `&sid=${sid}`, { method })).status).to.be.below(500);
    }
    expect((await poll(edge, `&sid=${sid}&transport=websocket`)).status).to.equal(400);
  });
});
