// What a caller says, checked against the contract before anything else looks at it; the same on every interface.
import type { Position } from '@workitem-hub/client/contract';
import { positionSchema } from '@workitem-hub/client/request-schemas';
import { z } from 'zod';
import { HubError } from './errors.js';

const MAX_ISSUES = 10;
const MAX_MESSAGE = 200;

/**
 * The value in the form that the schema gives it.
 * @param name what the caller knows the value by, when it is not a whole body or query
 * @throws HubError `invalid`, whose `details` are `[{path?, message}]`; never a value that the caller sent.
 */
export function check<S extends z.core.$ZodType>(schema: S, value: unknown, name?: string): z.output<S> {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, MAX_ISSUES).map(({ path, message }) => ({
    // What concerns the whole has no path.
    ...(name === undefined && path.length === 0
      ? {}
      : { path: [...(name === undefined ? [] : [name]), ...path].join('.') }),
    message: message.slice(0, MAX_MESSAGE),
  }));
  const [first] = issues;
  throw new HubError('invalid', `${first?.path ? `${first.path}: ` : ''}${first?.message}`, { details: issues });
}

/** `<epoch>:<seq>[:<scope>]`, as queries carry a position. */
export const positionTextSchema = z.string().transform((value, context): Position => {
  const [epoch, seq, scope, ...rest] = value.split(':');
  const parsed = positionSchema.safeParse({
    epoch,
    seq: /^\d{1,15}$/.test(seq ?? '') ? Number(seq) : undefined,
    ...(scope === undefined ? {} : { scope }),
  });
  if (parsed.success && rest.length === 0) return parsed.data;
  context.addIssue({ code: 'custom', message: 'must be <epoch>:<seq>[:<scope>]' });
  return z.NEVER;
});
