// What the hub says, as schemas: clients check it with these before anything else looks at it. The types stand in `contract.ts`.
import * as z from 'zod/mini';
import type {
  CaughtUp,
  Draining,
  EventMeta,
  ExtractedFields,
  Head,
  Item,
  Ready,
  ResyncReason,
  ResyncRequired,
  Role,
  Status,
  StatusUpdate,
  TokenExpiring,
  WorkitemAssigned,
  WorkitemUpdated,
} from './contract.js';

/** A name out of a list to which newer hubs may add: clients take what they do not know, and show it as it is. */
const named = <T extends string>(): z.ZodMiniType<T> => z.string() as unknown as z.ZodMiniType<T>;

const itemId = z.int().check(z.positive());

/** What was read out of the mail, each a text as people write it, or `null` when the mail does not say. */
export const extractedFieldsSchema = z.object({
  insured_name: z.nullable(z.string()),
  policy_type: z.nullable(z.string()),
  coverage_amount: z.nullable(z.string()),
  effective_date: z.nullable(z.string()),
  broker: z.nullable(z.string()),
}) satisfies z.ZodMiniType<ExtractedFields>;

/** A work item as every client sees it; data of `new_workitem`, and `item` of the other events. */
export const itemSchema = z.object({
  id: itemId,
  submission_id: itemId,
  submission_ref: z.string(),
  subject: z.string(),
  from_email: z.nullable(z.string()),
  created_at: z.string(),
  status: named<Status>(),
  extracted_fields: extractedFieldsSchema,
  assigned_to: z.nullable(z.string()),
  team: z.nullable(z.string()),
  version: z.int().check(z.positive()),
  updated_at: z.string(),
}) satisfies z.ZodMiniType<Item>;

export const statusUpdateSchema = z.object({
  submission_ref: z.string(),
  status: named<Status>(),
  updated_at: z.string(),
  id: itemId,
  version: z.int(),
  previous_status: named<Status>(),
  by: z.nullable(z.string()),
  reason: z.nullable(z.string()),
  item: itemSchema,
}) satisfies z.ZodMiniType<StatusUpdate>;

export const workitemAssignedSchema = z.object({
  id: itemId,
  submission_ref: z.string(),
  assigned_to: z.nullable(z.string()),
  team: z.nullable(z.string()),
  previous_assigned_to: z.nullable(z.string()),
  previous_status: named<Status>(),
  by: z.nullable(z.string()),
  version: z.int(),
  item: itemSchema,
}) satisfies z.ZodMiniType<WorkitemAssigned>;

export const workitemUpdatedSchema = z.object({
  id: itemId,
  changed: z.array(z.string()),
  version: z.int(),
  item: itemSchema,
}) satisfies z.ZodMiniType<WorkitemUpdated>;

/** The events of the log that concern an item, by name. */
export const itemEventSchemas = {
  new_workitem: itemSchema,
  status_update: statusUpdateSchema,
  workitem_assigned: workitemAssignedSchema,
  workitem_updated: workitemUpdatedSchema,
} as const;
const place = { epoch: z.string(), seq: z.int().check(z.nonnegative()) };
export const eventMetaSchema = z.object({ ...place, at: z.string() }) satisfies z.ZodMiniType<EventMeta>;

const reason = named<ResyncReason>();
const principalSchema = z.object({
  sub: z.string(),
  name: z.nullable(z.string()),
  email: z.nullable(z.string()),
  roles: z.array(named<Role>()),
  teams: z.array(z.string()),
});

/** The server events that are not about an item, by name. */
export const controlEventSchemas = {
  ready: z.object({
    ...place,
    scope: z.string(),
    verdict: z.enum(['fresh', 'resumed', 'resync']),
    reason: z.optional(reason),
    principal: principalSchema,
    expires_at: z.string(),
    contract: z.int(),
  }) satisfies z.ZodMiniType<Ready>,
  caught_up: z.object({ ...place, count: z.int() }) satisfies z.ZodMiniType<CaughtUp>,
  head: z.object(place) satisfies z.ZodMiniType<Head>,
  resync_required: z.object({
    reason,
    lowest_seq: z.int(),
    scope: z.string(),
  }) satisfies z.ZodMiniType<ResyncRequired>,
  token_expiring: z.object({ expires_at: z.string() }) satisfies z.ZodMiniType<TokenExpiring>,
  draining: z.object({ reconnect_after_ms: z.number() }) satisfies z.ZodMiniType<Draining>,
} as const;

/** A page of `GET /api/workitems`. */
export const snapshotPageSchema = z.object({
  items: z.array(itemSchema),
  next_cursor: z.nullable(z.string()),
  position: z.object({ ...place, scope: z.optional(z.string()) }),
});
