// What one process tells another arrives as the log has it; what is none of it does nothing.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import type { LogEvent } from '../../src/eventlog/event.js';
import { createMetrics } from '../../src/ops/metrics.js';
import { createBus, type Peers } from '../../src/relay/bus.js';
import { createSeal, type Seal } from '../../src/relay/seal.js';
import { quiet } from '../support/mongo.js';
import { until } from '../support/until.js';

const EPOCH = 'epoch-1';
const eventOf = (seq: number, more: Partial<LogEvent> = {}): LogEvent => ({
  seq,
  type: 'new_workitem',
  item: seq,
  version: 1,
  data: { id: seq, subject: `Mail ${seq}` },
  rooms: ['pool', 'supervisors'],
  before: null,
  at: '2026-01-02T03:04:05.678Z',
  ...more,
});

/** Two processes that hear each other's texts; the second's relay only notes what it is told. */
async function pair() {
  const secret = randomBytes(32);
  const seal = await createSeal(secret);
  const sent: string[] = [];
  let hear: (text: unknown) => void = () => {};
  const state = { up: true, position: 0 };
  const offered: LogEvent[] = [];
  let wakes = 0;
  const metrics = createMetrics();
  const relay = {
    epoch: EPOCH,
    get position() {
      return state.position;
    },
    offer: (events: readonly LogEvent[]) => void offered.push(...events),
    wake: () => void wakes++,
  };
  const speakerPeers: Peers = {
    isUp: () => state.up,
    emit: (text) => {
      sent.push(text);
      hear(text);
    },
    onText: () => {},
  };
  const listenerPeers: Peers = { isUp: () => true, emit: () => {}, onText: (listener) => void (hear = listener) };
  const speaker = createBus({ relay, seal, peers: speakerPeers, metrics: createMetrics(), logger: quiet });
  createBus({ relay, seal, peers: listenerPeers, metrics, logger: quiet });
  const heard = async (): Promise<Record<string, number>> => {
    const { values } = await metrics.busMessages.get();
    return Object.fromEntries(values.map(({ labels, value }) => [String(labels.outcome), value]));
  };
  return {
    speaker,
    sent,
    offered,
    state,
    seal,
    wakes: () => wakes,
    heard,
    hear: (text: unknown) => hear(text),
    /** Everything told before this has been read when it resolves. */
    async settled(messages: number) {
      await until(async () => Object.values(await heard()).reduce((sum, count) => sum + count, 0) >= messages);
    },
  };
}

describe('the bus', () => {
  it('brings events as they were', async () => {
    const both = await pair();
    const events = [
      eventOf(1),
      eventOf(2, { type: 'workitem_updated', before: { status: 'pending' }, version: 2 }),
      eventOf(3, { type: 'revocation', item: null, version: null, data: { sub: 'mallory' }, rooms: [] }),
      eventOf(4, { data: { text: 'ünï\u2028\u0000😀', nothing: null, list: [null, 1.5, { deep: [] }] } }),
    ];
    both.speaker.publish(events);
    await both.settled(1);
    expect(both.offered).to.deep.equal(events);
    expect(await both.heard()).to.deep.equal({ events: 1 });
  });

  it('brings a large batch in parts, and of an event that is too large only that it is there', async () => {
    const both = await pair();
    const large = Array.from({ length: 100 }, (_, index) => eventOf(index + 1, { data: { text: 'x'.repeat(10_000) } }));
    both.speaker.publish(large);
    both.speaker.publish([eventOf(101, { data: { text: 'x'.repeat(300_000) } })]);
    await until(() => both.wakes() === 1);
    expect(both.offered.map(({ seq }) => seq).sort((a, b) => a - b)).to.deep.equal(large.map(({ seq }) => seq));
    expect(Math.max(...both.sent.map(({ length }) => length))).to.be.below(400_000);
    expect((await both.heard()).wake_up).to.equal(1);
  });

  it('says nothing while Redis is away', async () => {
    const both = await pair();
    both.state.up = false;
    both.speaker.publish([eventOf(1)]);
    both.state.up = true;
    both.speaker.publish([eventOf(2)]);
    await both.settled(1);
    expect(both.offered.map(({ seq }) => seq)).to.deep.equal([2]);
    expect(both.sent).to.have.length(1);
  });

  it('ignores a repetition, another epoch, and a message of a hub to come', async () => {
    const both = await pair();
    both.speaker.publish([eventOf(1)]);
    await both.settled(1);
    both.state.position = 1;
    both.hear(both.sent[0]);
    await both.settled(2);
    both.hear(await both.seal.seal(JSON.stringify({ v: 1, epoch: 'another', events: [eventOf(2)] })));
    both.hear(await both.seal.seal(JSON.stringify({ v: 2, epoch: EPOCH, events: [eventOf(2)] })));
    await both.settled(4);
    expect(await both.heard()).to.deep.equal({ events: 1, old: 1, other_epoch: 1, unknown: 1 });
    expect(both.offered).to.have.length(1);
  });

  it('lets nothing through that has no event’s shape, though it is sealed, and reads on', async () => {
    const both = await pair();
    const wrong = fc.oneof(
      fc.json(),
      fc.string(),
      fc.constantFrom('seq', 'type', 'item', 'version', 'data', 'rooms', 'before', 'at').chain((field) =>
        fc
          .oneof(fc.constant(undefined), fc.constant({ not: 'so' }), fc.constant(-1.5), fc.constant([7]))
          .map((value) => {
            const event = { ...eventOf(9), before: { a: 1 }, [field]: value };
            return JSON.stringify({ v: 1, epoch: EPOCH, events: [eventOf(1), event] });
          }),
      ),
    );
    let messages = 0;
    await fc.assert(
      fc.asyncProperty(wrong, async (text) => {
        // An object is what `data` and `before` are.
        fc.pre(!/"(data|before)":\{"not"/.test(text));
        both.hear(await both.seal.seal(text));
        messages++;
      }),
    );
    for (const rubbish of [undefined, null, 7, {}, [], '', 'a.b.c.d.e', Buffer.from('x')]) both.hear(rubbish);
    await both.settled(messages + 8);
    expect(both.offered).to.deep.equal([]);
    expect(both.wakes()).to.equal(0);
    both.speaker.publish([eventOf(1)]);
    await both.settled(messages + 9);
    expect(both.offered).to.have.length(1);
  });

  it('leaves to the poll what it cannot read at once: a flood does not pile up', async () => {
    const both = await pair();
    const foreign: Seal = await createSeal(randomBytes(32));
    const text = await foreign.seal('{}');
    for (let i = 0; i < 1_000; i++) both.hear(text);
    await both.settled(1_000);
    const heard = await both.heard();
    expect(heard.skipped).to.equal(1_000 - (heard.foreign as number));
    expect(heard.foreign).to.be.at.most(100);
  });
});
