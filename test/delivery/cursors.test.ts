import { expect } from 'chai';
import { draftOf } from '../support/log-process.js';
import { type Desk, openDesk, sessionOf } from './desk.js';

describe('a durable cursor', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await Promise.all(Array.from({ length: 5 }, (_, n) => desk.process.appender.create(`${n}`, draftOf(`${n}`))));
    await desk.process.reached(5);
  });
  after(() => desk.close());

  const epoch = (): string => desk.process.relay.epoch;
  const open = (clientId: string, sub = 'alice') => desk.open(sessionOf(sub), { clientId });

  it('is where a client that lost its own position resumes', async () => {
    const first = open('desk-1');
    await first.control('caught_up');
    await first.subscription.ack({ epoch: epoch(), seq: 3 });
    first.subscription.close();
    const again = open('desk-1');
    await again.control('caught_up');
    expect(again.order).to.deep.equal(['ready', 4, 5, 'caught_up']);
  });

  it('only moves forward', async () => {
    const client = open('desk-2');
    await client.control('caught_up');
    await Promise.all([4, 2, 3].map((seq) => client.subscription.ack({ epoch: epoch(), seq })));
    await client.subscription.ack({ epoch: epoch(), seq: 1 });
    const again = open('desk-2');
    await again.control('caught_up');
    expect(again.order).to.deep.equal(['ready', 5, 'caught_up']);
  });

  it('gives way to a position that the client presents', async () => {
    const client = open('desk-3');
    await client.control('caught_up');
    await client.subscription.ack({ epoch: epoch(), seq: 4 });
    const again = desk.open(sessionOf('alice'), { clientId: 'desk-3', position: { epoch: epoch(), seq: 1 } });
    await again.control('caught_up');
    expect(again.order).to.deep.equal(['ready', 2, 3, 4, 5, 'caught_up']);
  });

  it('cannot be moved before anything was sent', async () => {
    const client = open('desk-6');
    const moved = client.subscription.ack({ epoch: epoch(), seq: 5 });
    expect(client.order).to.deep.equal([]);
    expect(await moved.catch(({ code }: { code: string }) => code)).to.equal('invalid');
    await client.control('caught_up');
    const again = open('desk-6');
    expect(await again.control('ready')).to.include({ verdict: 'fresh' });
  });

  it('belongs to one user', async () => {
    const client = open('desk-4');
    await client.control('caught_up');
    await client.subscription.ack({ epoch: epoch(), seq: 2 });
    const other = open('desk-4', 'bob');
    expect(await other.control('ready')).to.include({ verdict: 'fresh' });
  });

  for (const [what, options, position] of [
    ['without a client_id', {}, { seq: 1 }],
    ['past what was sent', { clientId: 'desk-5' }, { seq: 99 }],
    ['of another epoch', { clientId: 'desk-5' }, { epoch: 'another', seq: 1 }],
  ] as const) {
    it(`is refused ${what}`, async () => {
      const client = desk.open(sessionOf('alice'), options);
      await client.control('caught_up');
      const refusal = await client.subscription.ack({ epoch: epoch(), ...position }).then(
        () => null,
        (error: { code: string }) => error.code,
      );
      expect(refusal).to.equal('invalid');
    });
  }
});
