// Signing out, which asks first where something would be lost by it.
import { useWorkItemClient } from '@workitem-hub/client/react';
import { useCallback } from 'react';
import { showDialog } from './dialog-state';
import { unansweredOf } from './unanswered';

/** Goes by `leave`, at once when nothing is under way. */
export function useLeaving(): (leave: () => void) => void {
  const client = useWorkItemClient();
  return useCallback(
    (leave) => {
      if (unansweredOf(client).read().waiting > 0) showDialog({ kind: 'leave', leave });
      else leave();
    },
    [client],
  );
}
