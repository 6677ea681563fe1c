// Streams that are replayed the same events are handed one array of them, and only they.
import { expect } from 'chai';
import fc from 'fast-check';
import { type Page, takePiece } from '../../src/delivery/resume.js';
import { createSharedRuns } from '../../src/delivery/shared-runs.js';
import { createAudience, shows } from '../../src/delivery/view.js';
import type { LogEvent } from '../../src/eventlog/event.js';
import { makeEvent, makeItem } from '../sockets/events.js';

const ROOMS = ['pool', 'team:a', 'team:b', 'underwriter:alice', 'underwriter:bob'];
const data = (length: number): object => makeItem({ subject: 'x'.repeat(length) });

/** Everything that a replay of the page sends, piece by piece. */
function piecesOf(page: Page, rooms: string[]): (readonly LogEvent[])[] {
  const audience = createAudience(rooms, null, 'alice');
  const pieces: (readonly LogEvent[])[] = [];
  for (let left: Page | null = page; left; ) {
    const { shown, upTo, rest } = takePiece(left, audience);
    pieces.push(shown);
    expect(upTo).to.equal(rest ? (rest.events[0] as LogEvent).seq - 1 : page.upTo);
    left = rest;
  }
  return pieces;
}

describe('a piece of a replay', () => {
  it('is one array for streams of different rooms that are shown the same', () => {
    const events = Array.from({ length: 400 }, (_, at) => makeEvent(at + 1, { rooms: ['pool'], data: data(1_000) }));
    const alice = piecesOf({ events, upTo: 400 }, ['pool', 'underwriter:alice']);
    const bob = piecesOf({ events, upTo: 400 }, ['pool', 'underwriter:bob']);
    expect(alice.length).to.be.above(2);
    alice.forEach((piece, at) => expect(piece).to.equal(bob[at]));
  });

  it('is one array soon for streams from different positions', () => {
    const events = Array.from({ length: 500 }, (_, at) => makeEvent(at + 1, { rooms: ['pool'], data: data(1_000) }));
    const from = (seq: number) => piecesOf({ events: events.slice(seq), upTo: 500 }, ['pool']);
    const known = new Set(from(0));
    expect(from(37).filter((piece) => !known.has(piece))).to.have.length(1);
  });

  it('holds what its stream may see and nothing else, in order, whatever others were sent before', () => {
    const event = fc.record({
      rooms: fc.uniqueArray(fc.constantFrom(...ROOMS), { minLength: 1, maxLength: 2 }),
      length: fc.constantFrom(10, 10, 5_000, 70_000, 140_000),
    });
    const streams = fc.array(fc.uniqueArray(fc.constantFrom(...ROOMS), { minLength: 1 }), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 80 }), streams, (drawn, viewers) => {
        const events = drawn.map(({ rooms, length }, at) => makeEvent(at + 1, { rooms, data: data(length) }));
        for (const rooms of viewers) {
          const audience = createAudience(rooms, null, 'alice');
          const sent = piecesOf({ events, upTo: events.length + 5 }, rooms).flat();
          expect(sent).to.deep.equal(events.filter((one) => shows(audience, one)));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('shared runs', () => {
  const [one, two, three] = [makeEvent(1), makeEvent(2), makeEvent(3)];

  it('tell apart what differs in one event', () => {
    const shared = createSharedRuns();
    const run = [one, two];
    expect(shared(run)).to.equal(run);
    expect(shared([one, two])).to.equal(run);
    for (const other of [[one], [one, three], [two, one], [one, two, three], [one, makeEvent(2)], []]) {
      expect(shared(other)).to.equal(other);
    }
  });

  it('are forgotten, the oldest first', () => {
    const shared = createSharedRuns(2);
    const runs = [[one], [two], [three]];
    for (const run of runs) shared(run);
    const again = [one];
    expect(shared([three])).to.equal(runs[2]);
    expect(shared(again)).to.equal(again);
  });

  it('are forgotten when their time is over, and remembered anew', () => {
    const ends: (() => void)[] = [];
    const shared = createSharedRuns(2, (forget) => void ends.push(forget));
    for (const run of [[one], [two]]) shared(run);
    expect(ends).to.have.length(1);
    ends[0]?.();
    const again = [one];
    expect(shared(again)).to.equal(again);
    expect(shared([one])).to.equal(again);
    expect(ends).to.have.length(2);
  });
});
