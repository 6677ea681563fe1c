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

/** @throws HubError `invalid` for anything that {@link encodeCursor} has not written. */
export function decodeCursor(text: string): PageCursor {
  try {
    return pageSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch (cause) {
    throw new HubError('invalid', 'The cursor is not one of ours.', { details: { field: 'cursor' }, cause });
  }
}
