// An item that one has seen and may not see any more, or never could.
import { useWorkItemClient } from '@workitem-hub/client/react';
import { takersOf } from '../commands/takers';
import { runShortcut, useShortcuts } from '../keys/shortcuts';
import { openItem, readOpenItem } from '../queues/view-url';
import { useValue } from '../ui/value';
import style from './item-panel.module.css';

export function Gone({ id }: { id: number }) {
  const taker = useValue(takersOf(useWorkItemClient())).get(id);
  const goOn = (): void => {
    runShortcut('next');
    // There is no other.
    if (readOpenItem() === id) openItem(null);
  };
  useShortcuts({ open: goOn });
  return (
    <div className={style.gone} role="status" id="gone">
      {taker === undefined ? (
        <>
          <p>This item is not yours to see, or not any more.</p>
          <p>It may be with somebody else, or with another team. What you read of it is not kept.</p>
        </>
      ) : (
        <>
          <p>{taker} has it now.</p>
          <p>What you read of it is not kept.</p>
        </>
      )}
      <div className={style.goneWays}>
        <button type="button" className="button primary" aria-keyshortcuts="j" onClick={goOn}>
          Next item <kbd aria-hidden>J</kbd>
        </button>
        <button type="button" className="button outlined" onClick={() => openItem(null)}>
          Back to the list
        </button>
      </div>
    </div>
  );
}
