// Every event of a client is answered in its acknowledgement, whatever it holds.
import type { Ack, Item } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import type { Socket } from 'socket.io-client';
import { HubError } from '../../src/errors.js';
import { type Edge, EPOCH, startEdge } from './edge.js';
import { makeEvent, makeItem } from './events.js';
import { DEADLINE_MS, type Ear, listen } from './wait.js';

describe('client events', () => {
  let edge: Edge;
  let client: Socket;
  let ear: Ear;
  const carriedOut: unknown[] = [];

  before(async () => {
    const carryOut =
      (name: string) =>
      async (caller: { sub: string }, id: number, body: object = {}): Promise<Item> => {
        carriedOut.push([name, caller.sub, id, body]);
        if (id === 409) throw new HubError('conflict', 'Taken.', { details: { assigned_to: 'bob' } });
        if (id === 500) throw new TypeError('a defect with a secret in it');
        return makeItem({ id });
      };
    edge = await startEdge({
      env: { LIMIT_COMMANDS_PER_10S: '40' },
      commands: { claim: carryOut('claim'), assign: carryOut('assign'), setStatus: carryOut('setStatus') },
    });
  });
  after(() => edge.close());
  beforeEach(async () => {
    client = edge.socketio({ token: await edge.token(), client_id: 'desk' });
    ear = listen(client);
    await ear.named('caught_up');
    carriedOut.length = 0;
  });
  afterEach(() => client.disconnect());

  const ask = (event: string, ...args: unknown[]): Promise<Ack<Record<string, unknown>>> =>
    client.timeout(DEADLINE_MS).emitWithAck(event, ...args);

  const refusal = async (event: string, ...args: unknown[]) => {
    const answer = await ask(event, ...args);
    if (answer.ok) throw new Error('was not refused');
    return answer.error;
  };

  it('carry out commands with the body that HTTP takes', async () => {
    expect(await ask('claim', { id: 4, version: 2 })).to.deep.equal({ ok: true, item: makeItem({ id: 4 }) });
    await ask('assign', { id: 4, assigned_to: null, version: 3 });
    await ask('set_status', { id: 4, status: 'quoted', version: 4 });
    expect(carriedOut).to.deep.equal([
      ['claim', 'alice', 4, { version: 2 }],
      ['assign', 'alice', 4, { assigned_to: null, version: 3 }],
      ['setStatus', 'alice', 4, { status: 'quoted', version: 4 }],
    ]);
  });

  it('answer a refused command with its error', async () => {
    expect(await refusal('claim', { id: 409 })).to.deep.equal({
      code: 'conflict',
      message: 'Taken.',
      details: { assigned_to: 'bob' },
    });
  });

  it('answer a defect as unavailable, and keep its text in the log', async () => {
    const error = await refusal('claim', { id: 500 });
    expect(error.code).to.equal('unavailable');
    expect(JSON.stringify(error)).to.not.include('secret');
    expect(edge.lines.join('')).to.include('a defect with a secret in it');
  });

  it('change the filter in place', async () => {
    const answer = await ask('set_filter', { filter: { status: ['bound'] } });
    expect(answer).to.include({ ok: true });
    if (answer.ok) expect(answer.position).to.include({ epoch: EPOCH, scope: answer.scope });
    edge.publish(makeEvent(0));
    edge.publish(makeEvent(0, { data: makeItem({ status: 'bound' }) }));
    const first = await ear.named('new_workitem');
    expect(first.data.status).to.equal('bound');
    expect((await ask('set_filter', { filter: null })).ok).to.be.true;
  });

  it('acknowledge positions, never past what was sent', async () => {
    const seq = edge.position();
    expect(await ask('ack', { epoch: EPOCH, seq })).to.deep.equal({ ok: true, epoch: EPOCH, seq });
    expect((await refusal('ack', { epoch: EPOCH, seq: seq + 1 })).code).to.equal('invalid');
  });

  it('take another token of the same person only', async () => {
    const answer = await ask('refresh_token', { token: await edge.token({ ttl: 7200 }) });
    expect(answer).to.include({ ok: true });
    if (answer.ok) {
      expect(answer).to.have.all.keys('ok', 'expires_at', 'principal', 'scope');
      expect(Date.parse(answer.expires_at as string)).to.be.above(Date.now() + 7000_000);
    }
    expect((await refusal('refresh_token', { token: await edge.token({ sub: 'bob' }) })).code).to.equal('forbidden');
    expect((await refusal('refresh_token', { token: 'nonsense' })).code).to.equal('unauthenticated');
  });

  for (const [what, event, ...args] of [
    ['no argument', 'claim'],
    ['two arguments', 'claim', { id: 1 }, { id: 2 }],
    ['null', 'claim', null],
    ['a text', 'set_filter', 'all'],
    ['a list', 'ack', [EPOCH, 1]],
    ['an id that is a text', 'claim', { id: '1' }],
    ['an operator for an id', 'claim', { id: { $gt: 0 } }],
    ['an unknown key', 'claim', { id: 1, force: true }],
    ['a prototype', 'set_filter', JSON.parse('{"filter":null,"__proto__":{"a":1}}')],
    ['an unknown status', 'set_status', { id: 1, status: 'lost', version: 1 }],
    ['no version', 'assign', { id: 1, assigned_to: 'bob' }],
    ['bytes', 'refresh_token', { token: Buffer.from('abc') }],
    ['only bytes', 'claim', Buffer.from([1, 2, 3])],
    ['the name of a property', 'constructor', {}],
    ['the name of another event', 'new_workitem', {}],
    ['a name that is no text', 5 as unknown as string, {}],
  ] as [string, string, ...unknown[]][]) {
    it(`are invalid with ${what}`, async () => {
      const error = await refusal(event, ...args);
      expect(error.code).to.equal('invalid');
      expect(carriedOut).to.be.empty;
    });
  }

  it('need no acknowledgement, and are not harmed by its absence', async () => {
    client.emit('claim', { id: 7 });
    client.emit('claim', 'nonsense');
    client.emit('nonsense');
    expect((await ask('claim', { id: 8 })).ok).to.be.true;
    expect(carriedOut).to.have.length(2);
  });

  it('are limited per user, saying when to come back', async () => {
    const answers = await Promise.all(Array.from({ length: 45 }, () => ask('claim', { id: 1 })));
    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.error]));
    expect(refused).to.not.be.empty;
    for (const error of refused) {
      expect(error.code).to.equal('rate_limited');
      expect(error.details).to.have.property('retry_after_ms').that.is.a('number').above(0);
    }
  });
});
