// The wire contract of workitem-hub: names, payload shapes and codes. Its only home: the hub imports it from here.
import * as z from 'zod/mini';

/** Version of this contract; `ready` carries it. */
export const CONTRACT = 1;

/** Codes of refused requests: HTTP bodies, acknowledgements and connect errors carry one of them. */
export const ERROR_CODES = [
  'invalid',
  'unauthenticated',
  'token_expired',
  'forbidden',
  'not_found',
  'conflict',
  'resync',
  'too_large',
  'rate_limited',
  'unavailable',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Shape of every refusal. */
export interface WireError {
  code: ErrorCode;
  message: string;
  details?: unknown;
}

/** Close codes of the raw WebSocket. */
export const CLOSE = {
  goingAway: 1001,
  tooBig: 1009,
  restart: 1012,
  tryLater: 1013,
  invalid: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  heartbeat: 4408,
  tooSlow: 4413,
  rateLimited: 4429,
} as const;

export const STATUSES = [
  'pending',
  'in_progress',
  'needs_info',
  'referred',
  'quoted',
  'bound',
  'declined',
  'withdrawn',
  'completed',
] as const;
export type Status = (typeof STATUSES)[number];

/** Statuses that one may only set with a reason. */
export const REASON_REQUIRED: readonly Status[] = ['referred', 'declined', 'withdrawn'];

const text = (max: number) => z.string().check(z.maxLength(max));
const line = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));
const isoDate = z.iso.date();
/** Opaque identity of a person, as the token's `sub` gives it. */
const personId = line(256);
const itemId = z.int().check(z.positive());

export const statusSchema = z.enum(STATUSES);

/** What was read out of the mail, each a text as people write it, or `null` when the mail does not say. */
export const extractedFieldsSchema = z.object({
  insured_name: z.nullable(z.string()),
  policy_type: z.nullable(z.string()),
  coverage_amount: z.nullable(z.string()),
  effective_date: z.nullable(z.string()),
  broker: z.nullable(z.string()),
});
export type ExtractedFields = z.infer<typeof extractedFieldsSchema>;

/** A work item as every client sees it; data of `new_workitem`, and `item` of the other events. */
export const itemSchema = z.object({
  id: itemId,
  submission_id: itemId,
  submission_ref: z.string(),
  subject: z.string(),
  from_email: z.nullable(z.string()),
  created_at: z.string(),
  status: statusSchema,
  extracted_fields: extractedFieldsSchema,
  assigned_to: z.nullable(z.string()),
  team: z.nullable(z.string()),
  version: z.int().check(z.positive()),
  updated_at: z.string(),
});
export type Item = z.infer<typeof itemSchema>;

export const statusUpdateSchema = z.object({
  submission_ref: z.string(),
  status: statusSchema,
  updated_at: z.string(),
  id: itemId,
  version: z.int(),
  previous_status: statusSchema,
  by: z.nullable(z.string()),
  reason: z.nullable(z.string()),
  item: itemSchema,
});
export type StatusUpdate = z.infer<typeof statusUpdateSchema>;

export const workitemAssignedSchema = z.object({
  id: itemId,
  submission_ref: z.string(),
  assigned_to: z.nullable(z.string()),
  team: z.nullable(z.string()),
  previous_assigned_to: z.nullable(z.string()),
  previous_status: statusSchema,
  by: z.nullable(z.string()),
  version: z.int(),
  item: itemSchema,
});
export type WorkitemAssigned = z.infer<typeof workitemAssignedSchema>;

export const workitemUpdatedSchema = z.object({
  id: itemId,
  changed: z.array(z.string()),
  version: z.int(),
  item: itemSchema,
});
export type WorkitemUpdated = z.infer<typeof workitemUpdatedSchema>;

/** The events of the log that concern an item, by name. */
export const itemEventSchemas = {
  new_workitem: itemSchema,
  status_update: statusUpdateSchema,
  workitem_assigned: workitemAssignedSchema,
  workitem_updated: workitemUpdatedSchema,
} as const;
export type ItemEventName = keyof typeof itemEventSchemas;
export interface ItemEventData {
  new_workitem: Item;
  status_update: StatusUpdate;
  workitem_assigned: WorkitemAssigned;
  workitem_updated: WorkitemUpdated;
}

/** Second argument of every server event: where in the log it stands. `at` is ISO 8601 UTC. */
export interface EventMeta {
  epoch: string;
  seq: number;
  at: string;
}

/** "I have everything of this scope up to here." Without `scope` it is taken at its word. */
export const positionSchema = z.strictObject({
  epoch: line(64),
  seq: z.int().check(z.nonnegative()),
  scope: z.optional(line(64)),
});
export type Position = z.infer<typeof positionSchema>;

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
});
export type Filter = z.infer<typeof filterSchema>;

/** Names a client whose progress the hub keeps; scoped to the user. */
export const clientIdSchema = z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/));

/** `auth` of the Socket.IO handshake. */
export const handshakeSchema = z.object({
  token: z.optional(z.string()),
  position: z.optional(z.nullable(positionSchema)),
  filter: z.optional(z.nullable(filterSchema)),
  client_id: z.optional(z.nullable(clientIdSchema)),
});
export type Handshake = z.infer<typeof handshakeSchema>;

const commandId = z.optional(z.uuid());
const version = z.int().check(z.positive());

/** Bodies of the commands: `id` travels in the path on HTTP, in the body on Socket.IO. */
export const claimBodySchema = z.strictObject({ version: z.optional(version), command_id: commandId });
export const assignBodySchema = z.strictObject({
  assigned_to: z.nullable(personId),
  team: z.optional(z.nullable(line(128))),
  version,
  command_id: commandId,
});
export const setStatusBodySchema = z.strictObject({
  status: statusSchema,
  reason: z.optional(z.nullable(text(2000))),
  version,
  command_id: commandId,
});
export type ClaimBody = z.infer<typeof claimBodySchema>;
export type AssignBody = z.infer<typeof assignBodySchema>;
export type SetStatusBody = z.infer<typeof setStatusBodySchema>;

export const claimSchema = z.extend(claimBodySchema, { id: itemId });
export const assignSchema = z.extend(assignBodySchema, { id: itemId });
export const setStatusSchema = z.extend(setStatusBodySchema, { id: itemId });
export const setFilterSchema = z.strictObject({ filter: z.nullable(filterSchema) });
export const refreshTokenSchema = z.strictObject({ token: line(16_384) });
export const ackSchema = z.strictObject({
  epoch: line(64),
  seq: z.int().check(z.nonnegative()),
  scope: z.optional(line(64)),
});

export const ROLES = ['underwriter', 'supervisor', 'admin', 'intake'] as const;
export type Role = (typeof ROLES)[number];

/** Who a token speaks for. */
export interface Principal {
  sub: string;
  name: string | null;
  email: string | null;
  roles: Role[];
  teams: string[];
}

export type ResyncReason = 'epoch_changed' | 'ahead_of_log' | 'below_floor' | 'rights_changed' | 'filter_changed';

/** First event of every stream; `seq` is where it starts. */
export interface Ready {
  epoch: string;
  seq: number;
  scope: string;
  verdict: 'fresh' | 'resumed' | 'resync';
  reason?: ResyncReason;
  principal: Principal;
  /** ISO 8601: the stream is cut then, unless the token is refreshed. */
  expires_at: string;
  contract: number;
}
export interface CaughtUp {
  epoch: string;
  seq: number;
  count: number;
}
export interface Head {
  epoch: string;
  seq: number;
}
export interface ResyncRequired {
  reason: ResyncReason;
  lowest_seq: number;
  scope: string;
}
export interface TokenExpiring {
  expires_at: string;
}
export interface Draining {
  reconnect_after_ms: number;
}

/** Server events that are not about an item. */
export interface ControlEventData {
  ready: Ready;
  caught_up: CaughtUp;
  head: Head;
  resync_required: ResyncRequired;
  token_expiring: TokenExpiring;
  draining: Draining;
}
export type ControlEventName = keyof ControlEventData;

export type Ack<T = object> = ({ ok: true } & T) | { ok: false; error: WireError };
type Reply<T = object> = (answer: Ack<T>) => void;

/** Typed events of the `/workitems` namespace, for `Server<ClientEvents, ServerEvents>` and `Socket<ServerEvents, ClientEvents>`. */
export type ServerEvents = {
  [N in ItemEventName]: (data: ItemEventData[N], meta: EventMeta) => void;
} & { [N in ControlEventName]: (data: ControlEventData[N], meta: EventMeta) => void };

export interface ClientEvents {
  set_filter: (body: { filter: Filter | null }, reply: Reply<{ scope: string; position: Position }>) => void;
  refresh_token: (
    body: { token: string },
    reply: Reply<{ expires_at: string; principal: Principal; scope: string }>,
  ) => void;
  ack: (body: { epoch: string; seq: number }, reply: Reply<{ epoch: string; seq: number }>) => void;
  claim: (body: ClaimBody & { id: number }, reply: Reply<{ item: Item }>) => void;
  assign: (body: AssignBody & { id: number }, reply: Reply<{ item: Item }>) => void;
  set_status: (body: SetStatusBody & { id: number }, reply: Reply<{ item: Item }>) => void;
}
