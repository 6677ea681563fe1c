import { expect } from 'chai';
import fc from 'fast-check';
import type { LogEvent } from '../../src/eventlog/event.js';
import { createOrdering } from '../../src/relay/ordering.js';

const eventAt = (seq: number): LogEvent => ({
  seq,
  type: 'void',
  item: null,
  version: null,
  data: {},
  rooms: [],
  before: null,
  at: new Date(0).toISOString(),
});

describe('the ordering of the relay', () => {
  it('hands on every event once and in order, however they come', () => {
    const schedule = fc
      .record({ start: fc.nat(50), length: fc.integer({ min: 1, max: 60 }) })
      .chain(({ start, length }) => {
        const seqs = Array.from({ length }, (_, index) => start + 1 + index);
        return fc.record({
          start: fc.constant(start),
          seqs: fc.constant(seqs),
          // Every seq comes at least once, some twice, some from before the start, in any order and any grouping.
          arrivals: fc
            .tuple(
              fc.shuffledSubarray(seqs, { minLength: length, maxLength: length }),
              fc.subarray(seqs),
              fc.array(fc.nat(start)),
            )
            .map(([all, again, old]) => [...all, ...again, ...old])
            .chain((list) => fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
          group: fc.integer({ min: 1, max: 7 }),
        });
      });
    fc.assert(
      fc.property(schedule, ({ start, seqs, arrivals, group }) => {
        const ordering = createOrdering(start);
        const handed: number[] = [];
        for (let at = 0; at < arrivals.length; at += group) {
          const ready = ordering.take(arrivals.slice(at, at + group).map(eventAt));
          handed.push(...ready.map(({ seq }) => seq));
          // Whatever it handed on so far is the contiguous prefix of what has come.
          expect(ordering.position).to.equal(start + handed.length);
        }
        expect(handed).to.deep.equal(seqs);
        expect(ordering.beyond()).to.equal(null);
      }),
    );
  });

  it('tells what lies beyond a hole', () => {
    const ordering = createOrdering(10);
    expect(ordering.take([eventAt(14), eventAt(13)])).to.deep.equal([]);
    expect(ordering.beyond()).to.equal(13);
  });
});
