// What a raw WebSocket may ask for in its URL.
import type { Filter, Position } from '@workitem-hub/client/contract';
import { clientIdSchema, filterSchema } from '@workitem-hub/client/request-schemas';
import { z } from 'zod';
import { HubError } from '../errors.js';
import { check, positionTextSchema } from '../check.js';

/** `v=1`, the default, is the format of the old service; only `v=2` can resume and filter. */
export interface BridgeQuery {
  version: 1 | 2;
  position: Position | null;
  filter: Filter | null;
  clientId: string | null;
}

/** Looked at before the rest of the query; here it is only known. */
const token = z.string().optional();
const filterText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON' });
      return z.NEVER;
    }
  })
  .pipe(filterSchema);

const querySchema = z.discriminatedUnion(
  'v',
  [
    z.strictObject({ v: z.literal('1').default('1'), token }),
    z.strictObject({
      v: z.literal('2'),
      token,
      since: positionTextSchema.optional(),
      filter: filterText.optional(),
      client_id: z.optional(clientIdSchema),
    }),
  ],
  'must be 1 or 2',
);

/**
 * Reads the query of `/ws/workitems`: `v`, `token`, and with `v=2` also `since=<epoch>:<seq>[:<scope>]`,
 * `filter=<JSON>` and `client_id`.
 * @throws HubError `invalid` for anything unknown, malformed or said twice.
 */
export function parseBridgeQuery(query: URLSearchParams): BridgeQuery {
  const values = Object.fromEntries(query);
  if (Object.keys(values).length !== query.size) throw new HubError('invalid', 'The query says something twice.');
  const parsed = check(querySchema, values);
  if (parsed.v === '1') return { version: 1, position: null, filter: null, clientId: null };
  return {
    version: 2,
    position: parsed.since ?? null,
    filter: parsed.filter ?? null,
    clientId: parsed.client_id ?? null,
  };
}
