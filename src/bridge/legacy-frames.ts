// The frames of the old service, byte for byte: what its pages know of an item, and nothing they do not.
import { audienceOf } from '@workitem-hub/client/audience';
import type { Item } from '@workitem-hub/client/contract';
import { itemBefore, itemOf, type LogEvent } from '../eventlog/event.js';
import { createEventFrames, type EventFrames } from '../sockets/event-frames.js';

const orNotSpecified = (text: string | null | undefined): string => text || 'Not specified';

/** `{"event":"new_workitem","data":{…}}`; what the mail did not say is the text `Not specified`. */
function newWorkItem(item: Item): string {
  const fields = item.extracted_fields;
  return JSON.stringify({
    event: 'new_workitem',
    data: {
      id: item.id,
      submission_id: item.submission_id,
      submission_ref: item.submission_ref,
      subject: orNotSpecified(item.subject),
      from_email: orNotSpecified(item.from_email),
      created_at: item.created_at,
      status: item.status,
      extracted_fields: {
        insured_name: orNotSpecified(fields.insured_name),
        policy_type: orNotSpecified(fields.policy_type),
        coverage_amount: orNotSpecified(fields.coverage_amount),
        effective_date: orNotSpecified(fields.effective_date),
        broker: orNotSpecified(fields.broker),
      },
    },
  });
}

/** `{"event":"status_update","data":{…}}` with the item's present status. */
function statusUpdate({ submission_ref, status, updated_at }: Item): string {
  return JSON.stringify({ event: 'status_update', data: { submission_ref, status, updated_at } });
}

/** Frames carry nothing of the log, so the epoch makes no difference to them. */
const arrivals = createEventFrames((event) => newWorkItem(itemOf(event) as Item));
const changes = createEventFrames((event) => statusUpdate(itemOf(event) as Item));

/**
 * The form in which a viewer gets an event: one that brings an item which none of its rooms showed before arrives as
 * `new_workitem`, every other, also one that takes the item away, as `status_update`. `null` for an event without an item.
 */
export function legacyFormOf(event: LogEvent, rooms: readonly string[]): EventFrames | null {
  const after = itemOf(event);
  if (!after) return null;
  // A new item, which nobody saw before, goes to nobody but those who see it now.
  if (event.before === null) return arrivals;
  const sees = (item: Item): boolean => audienceOf(item).some((room) => rooms.includes(room));
  const before = itemBefore(event);
  const sawBefore = before !== null && sees(before);
  return !sawBefore && sees(after) ? arrivals : changes;
}
