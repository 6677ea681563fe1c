// When the hub was last heard of: now, for as long as the connection stands, since the client looks after that.
import type { ClientState } from '@workitem-hub/client';
import { createValue } from '../ui/value';
import { perClient } from './per-client';

/** Milliseconds since 1970 of the last contact that is over; `null` while there is one, or before the first. */
export const lastContact = perClient((client) => {
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
  return value;
});
