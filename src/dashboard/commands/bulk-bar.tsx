// What may be done to all selected items at once, and how far that has come which was ordered before.
import { useConnection, useWorkItemClient } from '@workitem-hub/client/react';
import { X } from 'lucide-react';
import { formatCount } from '../locale/format';
import { clearSelection, useSelection } from '../table/selection';
import { useValue } from '../ui/value';
import { allowedOnAll, type Order } from './actions';
import { StatusButton } from './status-button';
import { order } from './target';
import { useItems } from './use-items';
import { workOf } from './work';
import style from './work.module.css';

export function BulkBar() {
  const client = useWorkItemClient();
  const { principal } = useConnection();
  const selected = useSelection();
  const progress = useValue(workOf(client).progress);
  const items = useItems([...selected]);
  if (items.length === 0 && progress.length === 0) return null;
  const allowed = allowedOnAll(items, principal);
  const give = (wanted: Order | 'assign') => () => order(client, items, wanted);
  const nothing = !allowed.claim && !allowed.release && !allowed.assign && allowed.steps.length === 0;
  return (
    <section className={style.bulk} id="bulk" aria-label="Selected items">
      {progress.map(({ id, words, done, total }) => (
        <p key={id} className={style.progress}>
          <progress value={done} max={total} aria-label={words} />
          <span>
            {words}: {formatCount(done)} of {formatCount(total)}
          </span>
        </p>
      ))}
      {items.length > 0 && (
        <>
          <span role="status" className={style.selected}>
            {formatCount(items.length)} selected
          </span>
          {allowed.claim && (
            <button type="button" className="button primary" aria-keyshortcuts="c" onClick={give({ kind: 'claim' })}>
              Claim <kbd aria-hidden>C</kbd>
            </button>
          )}
          {allowed.steps.length > 0 && (
            <StatusButton id="bulk-status" side="above" items={items} steps={allowed.steps} from={null} />
          )}
          {allowed.assign && (
            <button type="button" className="button outlined" aria-keyshortcuts="a" onClick={give('assign')}>
              Assign … <kbd aria-hidden>A</kbd>
            </button>
          )}
          {allowed.release && (
            <button type="button" className="button outlined" aria-keyshortcuts="r" onClick={give({ kind: 'release' })}>
              Release <kbd aria-hidden>R</kbd>
            </button>
          )}
          {nothing && <span className={style.note}>There is nothing that may be done to all of these.</span>}
          <button
            type="button"
            className={`button icon ${style.clear}`}
            aria-label="Clear the selection"
            onClick={clearSelection}
          >
            <X aria-hidden size={15} />
          </button>
        </>
      )}
    </section>
  );
}
