// Items and events for tests of what is written to sockets.
import type { Item } from '@workitem-hub/client/contract';
import type { LogEvent } from '../../src/eventlog/event.js';

const AT = '2026-03-01T09:30:00.000Z';

export function makeItem(overrides: Partial<Item> = {}): Item {
  return {
    id: 7,
    submission_id: 7,
    submission_ref: '0b6f6a52-6b5e-4d0e-8d5c-0d9a1f0f6f01',
    subject: 'Cyber cover for Acme',
    from_email: 'jo@broker.example',
    created_at: AT,
    status: 'pending',
    extracted_fields: {
      insured_name: 'Acme GmbH',
      policy_type: 'cyber',
      coverage_amount: '$2,000,000',
      effective_date: '2026-04-01',
      broker: 'Jo',
    },
    assigned_to: null,
    team: null,
    version: 1,
    updated_at: AT,
    ...overrides,
  };
}

/** The arrival of an item in the pool. */
export function makeEvent(seq: number, overrides: Partial<LogEvent> = {}): LogEvent {
  const item = makeItem({ id: seq, submission_id: seq });
  return {
    seq,
    type: 'new_workitem',
    item: seq,
    version: 1,
    data: item,
    rooms: ['pool', 'supervisors'],
    before: null,
    at: AT,
    ...overrides,
  };
}
