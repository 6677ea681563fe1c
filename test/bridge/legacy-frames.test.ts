// What old pages get, byte for byte, and in which of the two forms.
import { audienceOf } from '@workitem-hub/client/audience';
import type { Item } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { legacyFormOf } from '../../src/bridge/legacy-frames.js';
import type { LogEvent } from '../../src/eventlog/event.js';
import { makeEvent, makeItem } from '../sockets/events.js';

/** An event that made `after` out of `before`. */
function change(before: Item, after: Item, type: LogEvent['type'] = 'workitem_assigned'): LogEvent {
  return makeEvent(2, {
    type,
    data: { id: after.id, item: after },
    before: { status: before.status, assigned_to: before.assigned_to, team: before.team },
    rooms: [...new Set([...audienceOf(before), ...audienceOf(after)])],
  });
}

function frameFor(event: LogEvent, ...rooms: string[]): string | undefined {
  return legacyFormOf(event, rooms)?.text(event, 'e');
}

const nameOf = (frame: string | undefined): string => (JSON.parse(frame ?? '{}') as { event: string }).event;

describe('legacy frames', () => {
  it('announce an item with the keys of the old service, in their order', () => {
    expect(frameFor(makeEvent(7), 'pool')).to.equal(
      '{"event":"new_workitem","data":{"id":7,"submission_id":7,' +
        '"submission_ref":"0b6f6a52-6b5e-4d0e-8d5c-0d9a1f0f6f01","subject":"Cyber cover for Acme",' +
        '"from_email":"jo@broker.example","created_at":"2026-03-01T09:30:00.000Z","status":"pending",' +
        '"extracted_fields":{"insured_name":"Acme GmbH","policy_type":"cyber","coverage_amount":"$2,000,000",' +
        '"effective_date":"2026-04-01","broker":"Jo"}}}',
    );
  });

  it('say Not specified for what the mail did not say', () => {
    const extracted_fields = {
      insured_name: null,
      policy_type: '',
      coverage_amount: null,
      effective_date: null,
      broker: null,
    };
    const event = makeEvent(7, { data: makeItem({ from_email: null, subject: '', extracted_fields }) });
    expect(frameFor(event, 'pool')).to.equal(
      '{"event":"new_workitem","data":{"id":7,"submission_id":7,' +
        '"submission_ref":"0b6f6a52-6b5e-4d0e-8d5c-0d9a1f0f6f01","subject":"Not specified",' +
        '"from_email":"Not specified","created_at":"2026-03-01T09:30:00.000Z","status":"pending",' +
        '"extracted_fields":{"insured_name":"Not specified","policy_type":"Not specified",' +
        '"coverage_amount":"Not specified","effective_date":"Not specified","broker":"Not specified"}}}',
    );
  });

  it('report a change with the three keys of the old service', () => {
    const item = makeItem();
    const event = change(
      item,
      { ...item, status: 'in_progress', updated_at: '2026-03-01T10:00:00.000Z' },
      'status_update',
    );
    expect(frameFor(event, 'pool')).to.equal(
      '{"event":"status_update","data":{"submission_ref":"0b6f6a52-6b5e-4d0e-8d5c-0d9a1f0f6f01",' +
        '"status":"in_progress","updated_at":"2026-03-01T10:00:00.000Z"}}',
    );
  });

  it('announce an item to whom it is given, and report the change to whom it is taken from', () => {
    const pooled = makeItem();
    const event = change(pooled, { ...pooled, assigned_to: 'alice', status: 'in_progress' });
    expect(nameOf(frameFor(event, 'underwriter:alice', 'team:cyber'))).to.equal('new_workitem');
    expect(frameFor(event, 'underwriter:alice', 'team:cyber')).to.include('"status":"in_progress"');
    expect(nameOf(frameFor(event, 'pool'))).to.equal('status_update');
  });

  it('report a change to whom could see the item before and still can', () => {
    const pooled = makeItem();
    const event = change(pooled, { ...pooled, assigned_to: 'alice' });
    expect(nameOf(frameFor(event, 'pool', 'underwriter:alice'))).to.equal('status_update');
    expect(nameOf(frameFor(event, 'supervisors'))).to.equal('status_update');
  });

  it('announce an item that comes back to the pool', () => {
    const taken = makeItem({ assigned_to: 'alice', status: 'in_progress' });
    const event = change(taken, { ...taken, assigned_to: null, status: 'pending' });
    expect(nameOf(frameFor(event, 'pool'))).to.equal('new_workitem');
    expect(nameOf(frameFor(event, 'underwriter:alice'))).to.equal('status_update');
  });

  it('do not exist for events without an item', () => {
    expect(legacyFormOf(makeEvent(3, { type: 'void', item: null, data: {} }), ['pool'])).to.be.null;
  });
});
