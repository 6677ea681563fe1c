// What there is one of in each session: it goes with the session's client, so that nothing is left for whoever signs in next.
import type { WorkItemClient } from '@workitem-hub/client';

/** Gives each client its own, made when it is first asked for. */
export function perClient<T extends object>(make: (client: WorkItemClient) => T): (client: WorkItemClient) => T {
  const made = new WeakMap<WorkItemClient, T>();
  return (client) => {
    let own = made.get(client);
    if (!own) made.set(client, (own = make(client)));
    return own;
  };
}
