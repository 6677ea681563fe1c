// Who sees what is said twice, by rooms and without them: for everybody and everything it is the same.
import { audienceOf, canSee, roomsOf } from '@workitem-hub/client/audience';
import { type Principal, ROLES } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import fc from 'fast-check';

const name = fc.constantFrom('ann', 'bob', 'cyber', 'property');
const principal: fc.Arbitrary<Principal> = fc.record({
  sub: name,
  name: fc.constant(null),
  email: fc.constant(null),
  roles: fc.subarray([...ROLES]),
  teams: fc.subarray(['cyber', 'property', 'ann']),
});
const item = fc.record({ assigned_to: fc.option(name), team: fc.option(name) });

describe('seeing an item', () => {
  it('is sharing a room with it', () => {
    fc.assert(
      fc.property(principal, item, (who, what) => {
        const rooms = roomsOf(who);
        expect(canSee(who, what)).to.equal(audienceOf(what).some((room) => rooms.includes(room)));
      }),
    );
  });
});
