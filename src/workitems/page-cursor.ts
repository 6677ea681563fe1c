// Where the next page of a list begins, as an opaque text that a client hands back.
import { positionSchema } from '@workitem-hub/client/request-schemas';
import { z } from 'zod';
import { HubError } from '../errors.js';

const pageSchema = z.strictObject({
  /** The page holds items with lower ids. */
  before: z.int().positive(),
  /** Position of the first page: what changed since then reaches the client as events, from there on. */
  position: z.strictObject({ ...positionSchema.shape, scope: z.string().max(64) }),
});
export type PageCursor = z.infer<typeof pageSchema>;

export const encodeCursor = (page: PageCursor): string => Buffer.from(JSON.stringify(page)).toString('base64url');

/**
 * @param scope what the list shows: a cursor of another filter or other rights would join two lists into one with gaps
 * @throws HubError `invalid` for a cursor of another scope, and for anything that {@link encodeCursor} has not written
 */
export function decodeCursor(text: string, scope: string): PageCursor {
  const page = read(text);
  if (page.position.scope === scope) return page;
  throw new HubError('invalid', 'The cursor is of another list: other filter, or other rights.', {
    details: { field: 'cursor' },
  });
}

function read(text: string): PageCursor {
  try {
    return pageSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch (cause) {
    throw new HubError('invalid', 'The cursor is not one of ours.', { details: { field: 'cursor' }, cause });
  }
}
