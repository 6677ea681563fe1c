// Those of several items that it was not done to, and why.
import { openItem } from '../queues/view-url';
import type { Item } from '@workitem-hub/client';
import { useWorkItemClient } from '@workitem-hub/client/react';
import { Dialog } from '../ui/dialog';
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
    <Dialog label="What was not done" onClose={onClose}>
      <div id="refused-dialog" className={style.dialog}>
        <h2>What was not done</h2>
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
        <div className={style.buttons}>
          <button type="button" className="button primary" data-first onClick={onClose}>
            Close
          </button>
        </div>
      </div>
    </Dialog>
  );
}
