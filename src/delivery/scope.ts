// Names what a stream shows. A position is only good for the scope it was reached in.
import { createHash } from 'node:crypto';
import type { Filter, ResyncReason } from '@workitem-hub/client/contract';
import { canonicalFilter } from '@workitem-hub/client/filter';

const shortHash = (text: string): string => createHash('sha256').update(text).digest().toString('base64url', 0, 12);

/** `<hash of the rooms>.<hash of the filter>`; who asks counts only where the filter says `me`. */
export function scopeOf(rooms: readonly string[], filter: Filter | null, sub: string): string {
  return `${shortHash(JSON.stringify([...rooms].sort()))}.${filterKey(filter, sub)}`;
}

/** Equal for filters that show the same to this caller; `all` when there is none. */
export function filterKey(filter: Filter | null, sub: string): string {
  const canonical = canonicalFilter(filter);
  if (!canonical) return 'all';
  return shortHash(JSON.stringify([canonical, canonical.assigned === 'me' ? sub : null]));
}

/** Why a position of `then` cannot be resumed in `now`; `null` when it can. Without a scope it is taken at its word. */
export function scopeChange(then: string | undefined, now: string): ResyncReason | null {
  if (then === undefined || then === now) return null;
  return then.split('.')[0] === now.split('.')[0] ? 'filter_changed' : 'rights_changed';
}
