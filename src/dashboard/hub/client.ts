// The client of the hub for one session.
import { createWorkItemClient, type WorkItemClient } from '@workitem-hub/client';
import type { TokenSource } from '../session/token-source';
import { hubAddress } from './address';

/** A client that is not connected yet. */
export function createHubClient(source: TokenSource): WorkItemClient {
  return createWorkItemClient({
    url: hubAddress('.'),
    getToken: ({ reason }) => source.token(reason),
    listAhead: true,
    // Someone is watching: half a minute of silence after a short outage would be long.
    backoff: { minMs: 500, maxMs: 10_000 },
  });
}
