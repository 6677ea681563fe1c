// What a client says, checked against the contract before anything else looks at it.
import { z } from 'zod';
import { HubError } from '../errors.js';

const MAX_ISSUES = 10;

/**
 * The value in the form that the schema gives it.
 * @throws HubError `invalid`, whose `details` are `[{path, message}]`; never a value that the caller sent.
 */
export function parsePayload<S extends z.core.$ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues
    .slice(0, MAX_ISSUES)
    .map(({ path, message }) => ({ path: path.join('.'), message: message.slice(0, 200) }));
  const [first] = issues;
  throw new HubError('invalid', `${first?.path ? `${first.path}: ` : ''}${first?.message}`, { details: issues });
}
