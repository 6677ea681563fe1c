import { type Item, type Principal } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import fc from 'fast-check';
import { audienceOf, canSee, roomsOf } from '../../client-sdk/src/audience.js';
import { assertViewer } from '../../src/auth/principal.js';
import { makeItem, openStore, person } from './items.js';

const names = fc.constantFrom('alice', 'bob', 'pool', 'supervisors', 'team:cyber', '');
const teams = fc.constantFrom('cyber', 'property', 'pool', '');
const principals: fc.Arbitrary<Principal> = fc
  .record({
    sub: names,
    teams: fc.uniqueArray(teams),
    roles: fc.subarray(['underwriter', 'supervisor', 'admin', 'intake'] as const),
  })
  .map(({ sub, teams: own, roles }) => person(sub, own, roles));
const items = fc
  .record({ assigned_to: fc.option(names), team: fc.option(teams) })
  .map((state) => makeItem(1, 1, state));

/** The table of the protocol, in words of code. */
function sees({ sub, roles, teams: own }: Principal, { assigned_to, team }: Item): boolean {
  if (roles.includes('supervisor') || roles.includes('admin')) return true;
  if (!roles.includes('underwriter')) return false;
  if (assigned_to !== null) return assigned_to === sub;
  // A team without a name is none.
  return team === null || team === '' || own.includes(team);
}

describe('who sees what', () => {
  it('is one rule for the hub and the lists of clients', () => {
    fc.assert(
      fc.property(principals, items, (who, item) => {
        const rooms = roomsOf(who);
        const expected = sees(who, item);
        expect(audienceOf(item).some((room) => rooms.includes(room))).to.equal(expected);
        // Said once more without rooms, for pages that count bytes.
        expect(canSee(who, item)).to.equal(expected);
        // The hub lets nobody in who sees nothing.
        if (rooms.length === 0) expect(() => assertViewer(who)).to.throw();
        else expect(assertViewer(who)).to.deep.equal(rooms);
        const store = openStore();
        store.setView(who, null);
        store.apply(item);
        expect(store.items.length).to.equal(expected ? 1 : 0);
      }),
      { numRuns: 2_000 },
    );
  });
});
