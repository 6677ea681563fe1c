// The desk: header, queues, filters, the table, and the item beside it.
import { useConnection, useWorkItemClient, useWorkItems } from '@workitem-hub/client/react';
import { useDeferredValue, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { ConnectionBanner, Indicator } from './hub/connection';
import { focusPanel } from './item/panel-focus';
import { useKeyboard, useShortcuts } from './keys/shortcuts';
import { formatCount } from './locale/format';
import { loadMonitor, MonitorLink, MonitorPage } from './monitor/monitor-page';
import { supervises } from './monitor/rights';
import { Notices } from './notices/notices';
import { Settings } from './notices/settings';
import { FilterBar } from './queues/filter-bar';
import { Empty } from './queues/empty';
import { countQueues, type QueueName } from './queues/queue';
import { QueueTabs } from './queues/queue-tabs';
import { SavedViews } from './queues/saved-views';
import { Search } from './queues/search';
import { filterOf, partOf } from './queues/view';
import { goTo, openItem, useOpenItem, usePlace, useView } from './queues/view-url';
import type { DeskConfig } from './session/desk-config';
import { useSession } from './session/session';
import { ColumnMenu } from './table/column-menu';
import { orderOf } from './table/columns';
import { ItemTable } from './table/item-table';
import { clearSelection, selection } from './table/selection';
import { loadDialogs, WorkDesk } from './commands/work-desk';
import { useFetchedAhead } from './ui/fetched-ahead';
import { Foot } from './ui/foot';
import { LazyPart, lazyPart } from './ui/lazy-part';
import { useMedia } from './ui/media';
import { Toasts } from './ui/toasts';
import style from './app.module.css';

const loadPalette = () => import('./keys/command-palette');
const CommandPalette = lazyPart(loadPalette);
const loadPanel = () => import('./item/item-panel');
const ItemPanel = lazyPart(loadPanel);
const loadHelp = () => import('./keys/help');
const Help = lazyPart(loadHelp);
const loadTestControls = () => import('./test-controls/test-controls');
const TestControls = lazyPart(loadTestControls);

/** Fetches what an open desk is to have at once, before it is drawn: as soon as it says that it is live the network may go. */
export function fetchFirstParts(config: Promise<DeskConfig>): void {
  void loadPanel().catch(() => {});
  config.then(async (desk) => desk.test_controls && (await loadTestControls())).catch(() => {});
}

/** In the order in which they are likely to be wanted. */
const LATER = [loadPanel, loadDialogs, loadHelp, loadPalette];
const LATER_FOR_SUPERVISORS = [...LATER, loadMonitor];

export function App() {
  const client = useWorkItemClient();
  const { principal, name } = useConnection();
  const me = principal?.sub ?? '';
  const [view] = useView();
  const [open] = useOpenItem();
  const { monitor } = usePlace();
  const { desk } = useSession();
  const [over, setOver] = useState<'palette' | 'help' | null>(null);
  useKeyboard();

  const everything = useWorkItems();
  // Typing goes on while a large list is searched.
  const looked = useDeferredValue(view);
  const viewKey = JSON.stringify(view);
  useLayoutEffect(() => {
    // At once: what is selected while the list of another view is being made stays.
    void viewKey;
    // Nor is what is not on the screen.
    void monitor;
    clearSelection();
  }, [viewKey, monitor]);
  const { column, descending } = looked.sorting;
  const filter = useMemo(() => filterOf(looked), [looked]);
  const found = useWorkItems({ filter, order: orderOf(column, descending) });
  const items = useMemo(() => partOf(found, looked, me), [found, looked, me]);
  // What is looked for may be in another queue, which is said where there is nothing of it in this one.
  const elsewhere = items.length > 0 ? 0 : partOf(found, { ...looked, queue: 'all' }, me).length;
  const empty = useMemo(() => <Empty elsewhere={elsewhere} />, [elsewhere]);
  const counts = useMemo(() => countQueues(everything, me), [everything, me]);
  // Where an item takes the whole screen, nothing behind it is to be reached.
  const covered = useMedia('(max-width: 640px)') && open !== null;
  useEffect(() => {
    if (covered) focusPanel();
  }, [covered]);
  const loading = everything.length === 0 && !client.workItems.complete;
  // Soon wanted, and perhaps when there is no network.
  useFetchedAhead(!loading && name === 'connected', supervises(principal) ? LATER_FOR_SUPERVISORS : LATER);

  const toQueue = (queue: QueueName) => () => goTo({ view: { ...view, queue }, open: null });
  useShortcuts({
    mine: toQueue('mine'),
    team: toQueue('team'),
    pool: toQueue('pool'),
    all: toQueue('all'),
    ...(supervises(principal) && { monitor: () => goTo({ monitor: true, open: null }) }),
    palette: () => setOver((shown) => (shown === 'palette' ? null : 'palette')),
    help: () => setOver('help'),
    close: () => {
      if (open !== null) openItem(null);
      else if (selection.read().size > 0) clearSelection();
    },
  });

  return (
    <div className={style.desk} data-open={open !== null || undefined}>
      <header className={style.header} inert={covered}>
        <h1 className={style.brand}>
          <img src="./icon.svg" alt="" width="20" height="20" /> <span>Work items</span>
        </h1>
        <QueueTabs principal={principal} counts={counts} />
        <div className={style.tools}>
          {!monitor && <Search />}
          <Indicator />
          <MonitorLink principal={principal} />
          {desk?.test_controls && (
            <LazyPart what="The test controls" silent>
              <TestControls />
            </LazyPart>
          )}
          <Settings />
        </div>
      </header>
      {monitor ? (
        <MonitorPage principal={principal} />
      ) : (
        <>
          <section className={style.bar} aria-label="What is shown" inert={covered}>
            <FilterBar me={me} />
            <div className={style.viewTools}>
              <span className={style.count} id="shown">
                {formatCount(items.length)} {items.length === 1 ? 'item' : 'items'}
              </span>
              <SavedViews />
              <ColumnMenu />
            </div>
          </section>
          <main className={style.main}>
            <ItemTable items={items} view={looked} me={me} loading={loading} empty={empty} covered={covered} />
            {open !== null && (
              <LazyPart what="The item" onLeave={() => openItem(null)}>
                <ItemPanel id={open} me={me} />
              </LazyPart>
            )}
          </main>
        </>
      )}
      <Foot>
        <WorkDesk />
        <ConnectionBanner />
      </Foot>
      <Toasts />
      <Notices me={me} />
      {over === 'help' && (
        <LazyPart what="The table of keys" onFailure={() => setOver(null)}>
          <Help onClose={() => setOver(null)} />
        </LazyPart>
      )}
      {over === 'palette' && (
        <LazyPart what="The command palette" onFailure={() => setOver(null)}>
          <CommandPalette onClose={() => setOver(null)} />
        </LazyPart>
      )}
    </div>
  );
}
