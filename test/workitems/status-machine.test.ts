// Every step between two statuses, for every kind of caller, against a table written down by hand from the contract.
import { STATUSES, type Status } from '@workitem-hub/client/contract';
import { allowedSteps } from '@workitem-hub/client/steps';
import { expect } from 'chai';
import { HubError } from '../../src/errors.js';
import { assertReason, assertStep } from '../../src/workitems/status.js';
import { person } from './desk.js';
import { takers } from './step-table.js';

const holder = person('holder');
const other = person('other');
const supervisor = person('chief', ['supervisor']);
const admin = person('root', ['admin']);
const playing = person('holder', ['underwriter', 'supervisor']);

const CALLERS = [
  { name: 'the assignee', principal: holder, assignee: true, supervisor: false },
  { name: 'another underwriter', principal: other, assignee: false, supervisor: false },
  { name: 'a supervisor', principal: supervisor, assignee: false, supervisor: true },
  { name: 'an admin', principal: admin, assignee: false, supervisor: true },
  { name: 'a supervisor who is the assignee', principal: playing, assignee: true, supervisor: true },
];

function expected(taker: string | undefined, caller: (typeof CALLERS)[number]): string {
  if (!caller.assignee && !caller.supervisor) return 'forbidden';
  if (taker === 's' && !caller.supervisor) return 'forbidden';
  if (taker === '.' || (taker === 'a' && !caller.assignee)) return 'conflict';
  return 'ok';
}

function outcome(work: () => void): string {
  try {
    work();
    return 'ok';
  } catch (error) {
    if (error instanceof HubError) return error.code;
    throw error;
  }
}

describe('the status machine', () => {
  it('knows every status', () => {
    expect(takers).to.have.all.keys(STATUSES.flatMap((from) => STATUSES.map((to) => `${from}>${to}`)));
  });

  for (const caller of CALLERS) {
    it(`takes and refuses steps of ${caller.name} as the table says`, () => {
      for (const from of STATUSES) {
        const item = { _id: 1, version: 3, status: from, assigned_to: 'holder' };
        const possible: Status[] = [];
        for (const to of STATUSES) {
          const wanted = expected(takers.get(`${from}>${to}`), caller);
          expect(
            outcome(() => assertStep(item, to, caller.principal)),
            `${from} > ${to}`,
          ).to.equal(wanted);
          if (wanted === 'ok') possible.push(to);
        }
        expect(allowedSteps(item, caller.principal), from).to.deep.equal(possible);
      }
    });
  }

  it('lets nobody but supervisors touch an item that is nobody’s', () => {
    for (const from of STATUSES) {
      const item = { status: from, assigned_to: null };
      expect(allowedSteps(item, holder)).to.deep.equal([]);
      for (const to of STATUSES) {
        const wanted = expected(takers.get(`${from}>${to}`), CALLERS[2] as (typeof CALLERS)[number]);
        expect(allowedSteps(item, supervisor).includes(to), `${from} > ${to}`).to.equal(wanted === 'ok');
      }
    }
  });

  it('asks for a reason where an item is given up or handed on', () => {
    for (const status of STATUSES) {
      const needed = ['referred', 'declined', 'withdrawn'].includes(status);
      for (const missing of [undefined, null, '', ' \n']) {
        expect(
          outcome(() => assertReason(status, missing)),
          status,
        ).to.equal(needed ? 'invalid' : 'ok');
      }
      expect(outcome(() => assertReason(status, 'too risky'))).to.equal('ok');
    }
  });
});
