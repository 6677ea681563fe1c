// Who was faster, as far as the hub told when it refused a claim: the panel of such an item says so in its place.
import { perClient } from '../hub/per-client';
import { createValue } from '../ui/value';

/** Names of those who have what was to be claimed in this session, by the number of the item. */
export const takersOf = perClient(() => createValue<ReadonlyMap<number, string>>(new Map()));
