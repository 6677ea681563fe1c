import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import type { LogEvent } from '../../src/eventlog/event.js';
import { createRing } from '../../src/relay/ring.js';
import { until } from '../support/until.js';

const eventAt = (seq: number, text = ''): LogEvent => ({
  seq,
  type: 'new_workitem',
  item: seq,
  version: 1,
  data: { text },
  rooms: ['pool'],
  before: null,
  at: new Date(0).toISOString(),
});

describe('the ring', () => {
  it('gives exactly what follows a seq, or says that it does not reach back', () => {
    fc.assert(
      fc.property(
        fc.nat(100),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(1500),
        fc.integer({ min: 1, max: 50 }),
        (start, batches, count, asked, limit) => {
          const ring = createRing({ count, bytes: 1 << 30 });
          let next = start + 1;
          for (const size of batches) {
            ring.push(Array.from({ length: size }, () => eventAt(next++)));
          }
          const last = next - 1;
          const first = Math.max(start + 1, last - count + 1);
          const got = ring.after(asked, limit);
          if (last < first || asked < first - 1) expect(got).to.equal(null);
          else {
            const wanted = Array.from({ length: Math.max(0, last - asked) }, (_, index) => asked + 1 + index);
            expect(got?.map(({ seq }) => seq)).to.deep.equal(wanted.slice(0, limit));
          }
        },
      ),
    );
  });

  it('keeps within its bytes, and counts those behind a seq', () => {
    const ring = createRing({ count: 1_000, bytes: 10_000 });
    for (let seq = 1; seq <= 500; seq++) ring.push([eventAt(seq, 'x'.repeat(100))]);
    expect(ring.bytes).to.be.at.most(10_000);
    expect(ring.size).to.be.greaterThan(5);
    expect(ring.bytesAfter(500)).to.equal(0);
    expect(ring.bytesAfter(499)).to.be.within(100, 1_000);
    expect(ring.bytesAfter(498)).to.equal(2 * (ring.bytesAfter(499) ?? 0));
    expect(ring.bytesAfter(1)).to.equal(null);
  });
  it('holds no event that it has dropped', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const ring = createRing({ count: 10, bytes: 1 << 30 });
    const refs = Array.from({ length: 30 }, (_, n) => {
      const event = eventAt(n + 1);
      ring.push([event]);
      return new WeakRef(event);
    });
    // What was looked at through a reference stays until the end of the present task.
    await until(() => {
      collect();
      return refs.filter((ref) => ref.deref() !== undefined).length === 10;
    });
    expect(ring.after(20, 100)?.map(({ seq }) => seq)).to.deep.equal(refs.slice(20).map((_, n) => n + 21));
  });
});
