// What clients ask, as schemas: the hub checks it with these before anything else looks at it. The types stand in `contract.ts`.
import * as z from 'zod/mini';
import {
  type AckBody,
  type AssignBody,
  type ClaimBody,
  type Filter,
  type Handshake,
  MAX_REASON,
  type Position,
  type SetStatusBody,
  STATUSES,
} from './contract.js';

const text = (max: number) => z.string().check(z.maxLength(max));
const line = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));
const isoDate = z.iso.date();
/** Opaque identity of a person, as the token's `sub` gives it. */
const personId = line(256);
const itemId = z.int().check(z.positive());

export const statusSchema = z.enum(STATUSES);

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
export const claimBodySchema = z.strictObject({
  version: z.optional(version),
  command_id: commandId,
}) satisfies z.ZodMiniType<ClaimBody>;
export const assignBodySchema = z.strictObject({
  assigned_to: z.nullable(personId),
  team: z.optional(z.nullable(line(128))),
  version,
  command_id: commandId,
}) satisfies z.ZodMiniType<AssignBody>;
export const setStatusBodySchema = z.strictObject({
  status: statusSchema,
  reason: z.optional(z.nullable(text(MAX_REASON))),
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
