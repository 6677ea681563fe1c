// The next steps of what the keyboard is at, where no button for them is in sight.
import { useConnection, useWorkItemClient } from '@workitem-hub/client/react';
import { Dialog } from '../ui/dialog';
import { allowedOnAll } from './actions';
import { StatusList } from './status-list';
import { nameOfTarget, order } from './target';
import { useItems } from './use-items';
import style from './work.module.css';

export function StatusDialog({ ids, onClose }: { ids: readonly number[]; onClose: () => void }) {
  const client = useWorkItemClient();
  const { principal } = useConnection();
  const items = useItems(ids);
  const { steps } = allowedOnAll(items, principal);
  return (
    <Dialog label="Status" className={style.small as string} onClose={onClose}>
      <div id="status-dialog" className={style.dialog}>
        <h2>{nameOfTarget(items)}</h2>
        {steps.length === 0 && <p className={style.note}>It has moved on: there is no step that you may take.</p>}
        <StatusList
          steps={steps}
          from={items.length === 1 ? (items[0]?.status ?? null) : null}
          onChoose={(status) => {
            onClose();
            order(client, items, { kind: 'status', status });
          }}
        />
      </div>
    </Dialog>
  );
}
