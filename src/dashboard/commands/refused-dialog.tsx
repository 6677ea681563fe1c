// Those of several items that it was not done to, and why.
import { openItem } from '../queues/view-url';
import type { Item } from '@workitem-hub/client';
import { useWorkItemClient } from '@workitem-hub/client/react';
import { MessageDialog } from './message-dialog';
import type { Refusal } from './refusals';
import style from './work.module.css';

export function RefusedDialog({
  refusals,
  onClose,
}: {
  refusals: readonly (Refusal & { item: Item })[];
  onClose: () => void;
}) {
  const { workItems } = useWorkItemClient();
  return (
    <MessageDialog id="refused-dialog" title="What was not done" onClose={onClose}>
      <ul className={style.refused}>
        {refusals.map(({ item, words }) => (
          <li key={item.id}>
            <span>{words}</span>
            {workItems.get(item.id) && (
              <button
                type="button"
                className="button outlined"
                onClick={() => {
                  onClose();
                  openItem(item.id);
                }}
              >
                Show
              </button>
            )}
          </li>
        ))}
      </ul>
    </MessageDialog>
  );
}
