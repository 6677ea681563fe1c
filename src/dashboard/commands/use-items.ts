// Some items, live, by their ids.
import type { Item } from '@workitem-hub/client';
import { useWorkItemClient, useWorkItems } from '@workitem-hub/client/react';

/** Those of them that one still sees. */
export function useItems(ids: readonly number[]): readonly Item[] {
  const { workItems } = useWorkItemClient();
  // Drawn anew as they change.
  useWorkItems();
  return ids.flatMap((id) => workItems.get(id) ?? []);
}
