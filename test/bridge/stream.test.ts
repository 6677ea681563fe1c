// What raw WebSockets get: old pages the frames of the old service and nothing else, v=2 the whole stream with positions.
import { expect } from 'chai';
import { audienceOf } from '@workitem-hub/client/audience';
import type { Item } from '@workitem-hub/client/contract';
import type { LogEvent } from '../../src/eventlog/event.js';
import { type Edge, EPOCH, startEdge } from '../sockets/edge.js';
import { makeEvent, makeItem } from '../sockets/events.js';
import { listenRaw } from '../sockets/wait.js';

/** The event of an assignment; `before` is how the item was. */
function assigned(before: Item, assigned_to: string | null): LogEvent {
  const item: Item = { ...before, assigned_to, version: before.version + 1 };
  return makeEvent(0, {
    type: 'workitem_assigned',
    data: { id: item.id, submission_ref: item.submission_ref, assigned_to, version: item.version, item },
    before: { assigned_to: before.assigned_to, version: before.version },
    rooms: [...new Set([...audienceOf(before), ...audienceOf(item)])],
  });
}

describe('/ws/workitems', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge();
  });
  after(() => edge.close());

  /** A connection whose stream is open, which old pages are not told, and what it hears. */
  async function join(query: string) {
    const connected = edge.logged('WebSocket connected');
    const client = edge.raw(query);
    const ear = listenRaw(client);
    await connected;
    return { client, ear };
  }

  it('sends old pages a new item exactly as the old service did', async () => {
    const { client, ear } = await join('');
    edge.publish(makeEvent(0));
    await ear.named('new_workitem');
    expect(ear.texts).to.deep.equal([
      '{"event":"new_workitem","data":{"id":0,"submission_id":0,' +
        '"submission_ref":"0b6f6a52-6b5e-4d0e-8d5c-0d9a1f0f6f01","subject":"Cyber cover for Acme",' +
        '"from_email":"jo@broker.example","created_at":"2026-03-01T09:30:00.000Z","status":"pending",' +
        '"extracted_fields":{"insured_name":"Acme GmbH","policy_type":"cyber","coverage_amount":"$2,000,000",' +
        '"effective_date":"2026-04-01","broker":"Jo"}}}',
    ]);
    client.close();
  });

  it('shows strangers the pool, and only that', async () => {
    const { client, ear } = await join('');
    edge.publish(makeEvent(0, { data: makeItem({ team: 'cyber' }), rooms: ['team:cyber', 'supervisors'] }));
    edge.publish(makeEvent(0, { data: makeItem({ id: 99 }) }));
    await ear.named('new_workitem');
    expect(ear.heard.map(({ data }) => data.id)).to.deep.equal([99]);
    client.close();
  });

  it('tells old pages that an item came and went, each in its own form', async () => {
    const alice = await join(`?token=${await edge.token({ sub: 'alice', roles: ['underwriter'] })}`);
    const bob = await join(`?token=${await edge.token({ sub: 'bob', roles: ['underwriter'] })}`);
    const chief = await join(`?token=${await edge.token({ sub: 'chief', roles: ['supervisor'] })}`);
    const toAlice = makeItem({ id: 1, assigned_to: 'alice' });
    edge.publish(
      makeEvent(0, { data: toAlice, rooms: audienceOf(toAlice) }),
      assigned(toAlice, 'bob'),
      makeEvent(0, { data: makeItem({ id: 2 }) }),
    );
    await Promise.all([alice, bob, chief].map(({ ear }) => ear.until(({ data }) => data.id === 2)));
    const eventsOf = ({ ear }: typeof alice) => ear.heard.map(({ event }) => event);
    expect(eventsOf(alice)).to.deep.equal(['new_workitem', 'status_update', 'new_workitem']);
    expect(eventsOf(bob)).to.deep.equal(['new_workitem', 'new_workitem']);
    expect(eventsOf(chief)).to.deep.equal(['new_workitem', 'status_update', 'new_workitem']);
    expect(Object.keys(alice.ear.heard[1]?.data ?? {})).to.deep.equal(['submission_ref', 'status', 'updated_at']);
    for (const { client } of [alice, bob, chief]) client.close();
  });

  it('sends v=2 the whole stream, each event with its position', async () => {
    const client = edge.raw(`?v=2&token=${await edge.token()}`);
    const ear = listenRaw(client);
    await ear.named('caught_up');
    const event = makeEvent(0, { data: { ...makeItem(), subject: 'Müller & Söhne 🚢 "x"' } });
    edge.publish(event);
    await ear.named('new_workitem');
    expect(ear.heard.map((heard) => heard.event)).to.deep.equal(['ready', 'caught_up', 'new_workitem']);
    expect(ear.heard[0]?.data).to.include({ epoch: EPOCH, verdict: 'fresh' });
    const seq = edge.position();
    expect(ear.texts[2]).to.equal(
      JSON.stringify({ event: 'new_workitem', data: event.data, seq, epoch: EPOCH, at: event.at }),
    );
    client.close();
  });

  it('resumes v=2 after since, through a filter', async () => {
    const from = edge.position();
    const bound = makeEvent(0, { data: makeItem({ status: 'bound' }) });
    edge.publish(makeEvent(0), bound, makeEvent(0), bound);
    const filter = encodeURIComponent('{"status":["bound"]}');
    const client = edge.raw(`?v=2&since=${EPOCH}:${from}&filter=${filter}&token=${await edge.token()}`);
    const ear = listenRaw(client);
    const caughtUp = await ear.named('caught_up');
    expect(ear.heard[0]?.data).to.include({ verdict: 'resumed', seq: from });
    expect(ear.heard.slice(1, -1).map(({ seq }) => seq)).to.deep.equal([from + 2, from + 4]);
    expect(caughtUp.data).to.include({ count: 2 });
    client.close();
  });

  it('tells v=2 when it cannot resume', async () => {
    const client = edge.raw(`?v=2&since=other:1&token=${await edge.token()}`);
    const { data } = await listenRaw(client).named('ready');
    expect(data).to.include({ verdict: 'resync', reason: 'epoch_changed' });
    client.close();
  });

  it('sends a burst whole and in order', async () => {
    const client = edge.raw(`?v=2&token=${await edge.token()}`);
    const ear = listenRaw(client);
    await ear.named('caught_up');
    const first = edge.position() + 1;
    edge.publish(...Array.from({ length: 300 }, () => makeEvent(0)));
    edge.publish(makeEvent(0));
    const last = edge.position();
    await ear.until(({ seq, event }) => event === 'new_workitem' && seq === last);
    const seqs = ear.heard.flatMap(({ event, seq }) => (event === 'new_workitem' ? [seq] : []));
    expect(seqs).to.deep.equal(Array.from({ length: 301 }, (_, i) => first + i));
    client.close();
  });
});
