// Who was faster, as far as the hub told when it refused a claim: the panel of such an item says so in its place.
import type { WorkItemClient } from '@workitem-hub/client';
import { createValue, type Value } from '../ui/value';

type Takers = ReadonlyMap<number, string>;

const values = new WeakMap<WorkItemClient, Value<Takers>>();

/** Names of those who have what was to be claimed in this session, by the number of the item. */
export function takersOf(client: WorkItemClient): Value<Takers> {
  let value = values.get(client);
  if (!value) values.set(client, (value = createValue<Takers>(new Map())));
  return value;
}
