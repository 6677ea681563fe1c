// The shapes of the contract, checked: what the hub takes, and what clients take from it. The types stand in `contract.ts`.
import * as z from 'zod/mini';
import {
  type AckBody,
  type AssignBody,
  type CaughtUp,
  type ClaimBody,
  type Draining,
  type EventMeta,
  type ExtractedFields,
  type Filter,
  type Handshake,
  type Head,
  type Item,
  type Position,
  type Ready,
  type ResyncReason,
  type ResyncRequired,
  type Role,
  type SetStatusBody,
  type Status,
  type StatusUpdate,
  STATUSES,
  type TokenExpiring,
  type WorkitemAssigned,
  type WorkitemUpdated,
} from './contract.js';

const text = (max: number) => z.string().check(z.maxLength(max));
const line = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));
const isoDate = z.iso.date();
/** Opaque identity of a person, as the token's `sub` gives it. */
const personId = line(256);
const itemId = z.int().check(z.positive());

export const statusSchema = z.enum(STATUSES);

/** A name out of a list to which newer hubs may add: clients take what they do not know, and show it as it is. */
const named = <T extends string>(): z.ZodMiniType<T> => z.string() as unknown as z.ZodMiniType<T>;

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
/** "I have everything of this scope up to here." Without `scope` it is taken at its word. */
export const positionSchema = z.strictObject({
  epoch: line(64),
  seq: z.int().check(z.nonnegative()),
  scope: z.optional(line(64)),
}) satisfies z.ZodMiniType<Position>;

const moneySchema = z.strictObject({
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
  amount: z.number().check(z.nonnegative()),
});

const list = <T extends z.core.$ZodType>(entry: T) => z.optional(z.array(entry).check(z.maxLength(100)));

/** Which items a stream or a list shows; unknown keys are refused. */
export const filterSchema = z.strictObject({
  status: list(statusSchema),
  policy_type: list(line(200)),
  broker: z.optional(text(200)),
  from_domain: z.optional(text(253)),
  team: list(line(128)),
  assigned: z.optional(z.enum(['me', 'none', 'any'])),
  min_coverage: z.optional(moneySchema),
  max_coverage: z.optional(moneySchema),
  effective_from: z.optional(isoDate),
  effective_to: z.optional(isoDate),
  text: z.optional(text(200)),
}) satisfies z.ZodMiniType<Filter>;

/** Names a client whose progress the hub keeps; scoped to the user. */
export const clientIdSchema = z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/));

/** `auth` of the Socket.IO handshake. */
export const handshakeSchema = z.object({
  token: z.optional(z.string()),
  position: z.optional(z.nullable(positionSchema)),
  filter: z.optional(z.nullable(filterSchema)),
  client_id: z.optional(z.nullable(clientIdSchema)),
  contract: z.optional(z.int().check(z.positive())),
}) satisfies z.ZodMiniType<Handshake>;

const commandId = z.optional(z.uuid());
const version = z.int().check(z.positive());

/** Bodies of the commands: `id` travels in the path on HTTP, in the body on Socket.IO. */
export const claimBodySchema = z.strictObject({ version: z.optional(version), command_id: commandId }) satisfies z.ZodMiniType<ClaimBody>;
export const assignBodySchema = z.strictObject({
  assigned_to: z.nullable(personId),
  team: z.optional(z.nullable(line(128))),
  version,
  command_id: commandId,
}) satisfies z.ZodMiniType<AssignBody>;
export const setStatusBodySchema = z.strictObject({
  status: statusSchema,
  reason: z.optional(z.nullable(text(2000))),
  version,
  command_id: commandId,
}) satisfies z.ZodMiniType<SetStatusBody>;

export const claimSchema = z.extend(claimBodySchema, { id: itemId });
export const assignSchema = z.extend(assignBodySchema, { id: itemId });
export const setStatusSchema = z.extend(setStatusBodySchema, { id: itemId });
export const setFilterSchema = z.strictObject({ filter: z.nullable(filterSchema) });
export const refreshTokenSchema = z.strictObject({ token: line(16_384) });
export const ackSchema = z.strictObject({
  epoch: line(64),
  seq: z.int().check(z.nonnegative()),
  scope: z.optional(line(64)),
}) satisfies z.ZodMiniType<AckBody>;
/** Asks for nothing but an answer. */
export const pingSchema = z.strictObject({});

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
