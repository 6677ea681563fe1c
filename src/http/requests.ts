// What HTTP requests may say besides the contract's command bodies: queries, path parts, small bodies.
import type { Filter } from '@workitem-hub/client/contract';
import { parseMoney } from '@workitem-hub/client/money';
import { filterSchema } from '@workitem-hub/client/request-schemas';
import { z } from 'zod';
import { check, positionTextSchema } from '../check.js';

/** A number in a query or path: digits only. */
const digits = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number);
const limit = digits.pipe(z.number().min(1, 'must be 1 or more').max(500, 'must be at most 500')).default(100);

/** Id of an item in a path. */
export const itemIdSchema = digits.pipe(z.number().min(1, 'must be 1 or more'));
/** Ref of a submission in a path; refs are uuids, in lower case. */
export const refSchema = z.uuid('must be a uuid').transform((ref) => ref.toLowerCase());
/** Id of anything else in a path. */
export const opaqueIdSchema = z.string().regex(/^[\w-]{1,64}$/, 'must be an id');
export const noQuerySchema = z.strictObject({});

/** `Idempotency-Key`: 1–255 printable characters. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/, 'must be 1–255 printable characters')
  .optional();

const list = z
  .union([z.string(), z.array(z.string())])
  .transform((text) => [text].flat().flatMap((part) => part.split(',')))
  .transform((entries) => entries.map((entry) => entry.trim()).filter((entry) => entry !== ''))
  .optional();
/** `USD:1000000`, `USD 1000000` or the JSON of `{currency, amount}`; its content is checked with the filter's. */
const money = z
  .string()
  .transform((text, context) => {
    const short = /^([A-Z]{3})[: ](\d{1,15}(?:\.\d+)?)$/.exec(text);
    if (short) return { currency: short[1], amount: Number(short[2]) };
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be like USD:1000000' });
      return z.NEVER;
    }
  })
  .optional();
const text = z.string().optional();

const filterQuerySchema = z.strictObject({
  status: list,
  policy_type: list,
  team: list,
  broker: text,
  from_domain: text,
  assigned: text,
  min_coverage: money,
  max_coverage: money,
  effective_from: text,
  effective_to: text,
  text,
});

/** `GET /api/workitems`: the filter's keys, `limit` and `cursor`. */
export function workItemsQuery(query: unknown): { filter: Filter; limit: number; cursor: string | null } {
  const schema = filterQuerySchema.extend({ limit, cursor: z.string().max(500).optional() });
  const { limit: size, cursor, ...conditions } = check(schema, query);
  return { filter: check(filterSchema, conditions), limit: size, cursor: cursor ?? null };
}

/** `GET /api/submissions`. */
export const submissionsQuerySchema = z.strictObject({ skip: digits.default(0), limit });

/** `GET /api/events`. */
export const eventsQuerySchema = z.strictObject({ after: positionTextSchema.optional(), limit });

/** `POST /api/demo/sign-in`. */
export const demoSignInSchema = z.strictObject({ sub: z.string().min(1).max(256) });

const LAST_SECOND = 253_402_300_799;
const revoked = z.string().min(1).max(256).optional();
/** `POST /api/revocations`: a user or one token; `issued_before` in seconds since 1970, as `iat`. */
export const revocationSchema = z
  .strictObject({ sub: revoked, jti: revoked, issued_before: z.int().min(0).max(LAST_SECOND).optional() })
  .refine(({ sub, jti }) => (sub === undefined) !== (jti === undefined), 'must name either sub or jti');

/** `POST /api/submissions/confirm/:ref`: without an e-mail address the caller claims the item. */
export const confirmSchema = z.strictObject({
  underwriter_email: z.string().trim().min(3).max(320).nullish(),
  command_id: z.uuid().optional(),
});

const field = z.string().trim().min(1).max(200).nullish();
/** `POST /api/test/workitem`: everything that is left out is made up. */
export const testWorkItemSchema = z.strictObject({
  assigned_to: z.string().min(1).max(256).nullish(),
  team: z.string().min(1).max(128).nullish(),
  subject: z.string().trim().min(1).max(500).nullish(),
  from_email: z.email().max(320).nullish(),
  insured_name: field,
  policy_type: field,
  /** As the wire shows it: filters could not compare anything else. */
  coverage_amount: field.refine(
    (text) => !text || parseMoney(text) !== null,
    'must be like $2,000,000 or AUD 20,000,000',
  ),
  effective_date: z.iso.date().nullish(),
  broker: field,
  /** How many such items. */
  count: z.int().min(1).max(50).default(1),
});
