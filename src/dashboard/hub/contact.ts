// When the hub was last heard of: now, for as long as the connection stands, since the client looks after that.
import type { ClientState, WorkItemClient } from '@workitem-hub/client';
import { createValue, type Value } from '../ui/value';

const contacts = new WeakMap<WorkItemClient, Value<number | null>>();

/** Milliseconds since 1970 of the last contact that is over; `null` while there is one, or before the first. */
export function lastContact(client: WorkItemClient): Value<number | null> {
  const existing = contacts.get(client);
  if (existing) return existing;
  const value = createValue<number | null>(null);
  const isLinked = ({ name }: ClientState): boolean => name === 'connected' || name === 'catching_up';
  // It may have been connected before anything was drawn.
  let linked = isLinked(client.state);
  client.on('state', (state) => {
    const now = isLinked(state);
    if (linked && !now) value.write(Date.now());
    if (now) value.write(null);
    linked = now;
  });
  contacts.set(client, value);
  return value;
}
