// What was asked for and has no answer yet: whoever goes now leaves it behind.
import type { WorkItemClient } from '@workitem-hub/client';
import { formatCount } from '../locale/format';
import { createValue, type Value } from '../ui/value';

export interface Unanswered {
  /** Changes that wait for the hub, or to be sent to it. */
  readonly waiting: number;
  /** Changes that the end of the session has dropped. */
  readonly dropped: number;
}

const values = new WeakMap<WorkItemClient, Value<Unanswered>>();

/** That of one session. */
export function unansweredOf(client: WorkItemClient): Value<Unanswered> {
  let value = values.get(client);
  if (!value) values.set(client, (value = createValue<Unanswered>({ waiting: 0, dropped: 0 })));
  return value;
}

/** `1 change was`, `3 changes were`: as a sentence begins. */
export const changesWere = (count: number): string =>
  `${formatCount(count)} ${count === 1 ? 'change was' : 'changes were'}`;
