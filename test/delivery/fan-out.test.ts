import { expect } from 'chai';
import fc from 'fast-check';
import { createFanOut } from '../../src/delivery/fan-out.js';
import { type Audience, createAudience, shows } from '../../src/delivery/view.js';
import type { LogEvent } from '../../src/eventlog/event.js';
import { anyFilter, anyItem } from './arbitraries.js';

const ROOMS = ['pool', 'supervisors', 'team:property', 'team:cyber', 'underwriter:alice', 'underwriter:bob'];
const rooms = fc.subarray(ROOMS, { minLength: 1 });

const anyAudience = fc
  .tuple(rooms, fc.option(anyFilter), fc.constantFrom('alice', 'bob'))
  .map(([own, filter, sub]) => createAudience(own, filter, sub));

const anyEvent = fc.tuple(rooms, anyItem, fc.option(anyItem)).map(([to, { item }, earlier]): LogEvent => {
  const before = earlier && { status: earlier.item.status, team: earlier.item.team };
  return {
    seq: 1,
    type: before ? 'status_update' : 'new_workitem',
    item: 1,
    version: 1,
    data: before ? { item } : item,
    rooms: to,
    before,
    at: '2026-01-01T00:00:00.000Z',
  };
});

describe('the fan-out', () => {
  it('gives every member what its stream shows, once and in order, and nobody anything else', () => {
    const anyMember = fc.record({ audience: anyAudience, later: fc.option(anyAudience), leaves: fc.boolean() });
    fc.assert(
      fc.property(
        // More than are looked up one by one, now and then.
        fc.array(anyMember, { maxLength: 80, size: 'max' }),
        fc.array(fc.array(anyEvent, { maxLength: 5 }), { maxLength: 4 }),
        (members, batches) => {
          const fanOut = createFanOut();
          const streams = members.map(({ audience, later, leaves }) => {
            const got: LogEvent[] = [];
            const member = { deliver: (events: readonly LogEvent[]) => void got.push(...events) };
            let now: Audience | null = audience;
            fanOut.join(member, now);
            if (later) {
              fanOut.leave(member, now);
              fanOut.join(member, (now = later));
            }
            if (leaves) {
              fanOut.leave(member, now);
              now = null;
            }
            return { got, audience: now };
          });
          const counted: [LogEvent, number][] = [];
          for (const batch of batches) fanOut.publish(batch, (event, count) => void counted.push([event, count]));
          const all = batches.flat();
          for (const { got, audience } of streams) {
            expect(got).to.deep.equal(audience ? all.filter((event) => shows(audience, event)) : []);
          }
          const seenBy = (event: LogEvent): number =>
            streams.filter(({ audience }) => audience && shows(audience, event)).length;
          expect(counted).to.deep.equal(all.map((event) => [event, seenBy(event)]));
        },
      ),
      { numRuns: 50 },
    );
  });
});
