// The desk: header, queues, filters, the table, and the item beside it.
import { useConnection, useWorkItemClient, useWorkItems } from '@workitem-hub/client/react';
import { useDeferredValue, useMemo } from 'react';
import { ConnectionBanner, Indicator } from './hub/connection';
import { ItemPanel } from './item/item-panel';
import { useKeyboard, useShortcuts } from './keys/shortcuts';
import { FilterBar } from './queues/filter-bar';
import { countQueues, QUEUE_WORDS, type QueueName } from './queues/queue';
import { QueueTabs } from './queues/queue-tabs';
import { Search } from './queues/search';
import { conditionsOf, filterOf, PLAIN_VIEW, restOf } from './queues/view';
import { goTo, openItem, useOpenItem, useView } from './queues/view-url';
import { orderOf } from './table/columns';
import { ItemTable } from './table/item-table';
import { clearSelection, selection } from './table/selection';
import { Toasts } from './ui/toasts';
import style from './app.module.css';

export function App() {
  const client = useWorkItemClient();
  const { principal } = useConnection();
  const me = principal?.sub ?? '';
  const [view] = useView();
  const [open] = useOpenItem();
  useKeyboard();

  const everything = useWorkItems();
  // Typing goes on while a large list is searched.
  const looked = useDeferredValue(view);
  const { column, descending } = looked.sorting;
  const filter = useMemo(() => filterOf(looked), [looked]);
  const found = useWorkItems({ filter, order: orderOf(column, descending) });
  const items = useMemo(() => found.filter(restOf(looked, me)), [found, looked, me]);
  const counts = useMemo(() => countQueues(everything, me), [everything, me]);
  const loading = everything.length === 0 && !client.workItems.complete;

  const toQueue = (queue: QueueName) => () => goTo({ view: { ...view, queue }, open: null });
  useShortcuts({
    mine: toQueue('mine'),
    team: toQueue('team'),
    pool: toQueue('pool'),
    all: toQueue('all'),
    close: () => {
      if (open !== null) openItem(null);
      else if (selection.read().size > 0) clearSelection();
    },
  });

  return (
    <div className={style.desk} data-open={open !== null || undefined}>
      <header className={style.header}>
        <h1 className={style.brand}>
          <img src="./icon.svg" alt="" width="20" height="20" /> <span>Work items</span>
        </h1>
        <QueueTabs principal={principal} counts={counts} />
        <div className={style.tools}>
          <Search />
          <Indicator />
        </div>
      </header>
      <ConnectionBanner />
      <div className={style.bar}>
        <FilterBar items={everything} me={me} />
      </div>
      <main className={style.main}>
        <ItemTable items={items} me={me} loading={loading} empty={<Empty />} />
        {open !== null && <ItemPanel key={open} id={open} />}
      </main>
      <Toasts />
    </div>
  );
}

const EMPTY: Record<QueueName, string> = {
  mine: 'Nothing is waiting for you.',
  team: 'Nothing is waiting for the team.',
  pool: 'The pool is empty.',
  all: 'Nothing here yet.',
};

function Empty() {
  const [view, change] = useView();
  if (conditionsOf(view) > 0) {
    return (
      <>
        <p className={style.emptyTitle}>Nothing in {QUEUE_WORDS[view.queue]} fits the filters.</p>
        <button
          type="button"
          className="button outlined"
          onClick={() => change({ ...PLAIN_VIEW, queue: view.queue, sorting: view.sorting })}
        >
          Clear filters
        </button>
      </>
    );
  }
  return (
    <>
      <p className={style.emptyTitle}>{EMPTY[view.queue]}</p>
      <p>New work items appear by themselves.</p>
    </>
  );
}
