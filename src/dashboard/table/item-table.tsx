// The table: only the rows that are in sight exist, however many items there are.
import type { Item } from '@workitem-hub/client';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import {
  type CSSProperties,
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { focusPanel, isInPanel } from '../item/panel-focus';
import { useShortcuts } from '../keys/shortcuts';
import { formatCount } from '../locale/format';
import { preferences } from '../notices/preferences';
import { useStored } from '../notices/use-stored';
import type { View } from '../queues/view';
import { openItem, useOpenItem } from '../queues/view-url';
import { useMedia } from '../ui/media';
import { useAnchor } from './anchor';
import { isFresh, useHeldArrivals, useWasComplete } from './arrivals';
import { columnChoice, templateOf } from './columns';
import { useColumns, useRoom } from './room';
import { Row } from './row';
import { activeItem, clearSelection, selection, toggleSelected, useActiveItem, useSelection } from './selection';
import { TableHead } from './table-head';
import { useLongPress } from './touch';
import style from './table.module.css';

const HEAD_HEIGHT = 30;
const CARD_HEIGHT = 84;
const CARDS_BELOW = 560;
/** Rows beyond what is in sight: more of them once somebody scrolls. */
const OVERSCAN = 8;
const OVERSCAN_AT_FIRST = 2;
/** What stands above the table, roughly. */
const ABOVE = 90;

export interface ItemTableProps {
  items: readonly Item[];
  /** Of which the items are: a moment behind the address while a large list is searched. */
  view: View;
  me: string;
  /** Says why there is nothing, in place of the rows. */
  empty: ReactNode;
  /** The list is on its way. */
  loading: boolean;
  /** Something else covers it. */
  covered: boolean;
}

export const ItemTable = memo(function ItemTable({ items, view, me, empty, loading, covered }: ItemTableProps) {
  const [open] = useOpenItem();
  const active = useActiveItem();
  const selected = useSelection();
  const [choice] = useStored(columnChoice);
  const [{ density }] = useStored(preferences);
  const [scrolled, setScrolled] = useState(false);
  const [focused, setFocused] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const room = useRoom(scroller);
  const begun = useWasComplete();
  const reading = begun && (scrolled || focused || open !== null);
  const { shown, waiting, release } = useHeldArrivals(items, view, reading);

  const cards = room < CARDS_BELOW && window.innerWidth < 1_000;
  // Below that the item covers the list.
  const beside = useMedia('(min-width: 1001px)') && open !== null;
  const coarse = useMedia('(pointer: coarse)');
  const rowHeight = cards ? CARD_HEIGHT : coarse || density === 'comfortable' ? 42 : 34;
  const columns = useColumns(cards ? null : choice, room, beside);
  const margin = cards ? 0 : HEAD_HEIGHT;

  const found = useMemo(() => shown.findIndex(({ id }) => id === active), [shown, active]);
  /** Where the keyboard is, or would be if its row had not left. */
  const lastIndex = useRef(0);
  if (found >= 0) lastIndex.current = found;
  const activeIndex = found >= 0 ? found : Math.min(lastIndex.current, shown.length - 1);

  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    // Until it is measured: rows that are drawn at once need not be drawn after it.
    initialRect: { width: room, height: window.innerHeight - ABOVE },
    overscan: scrolled ? OVERSCAN : OVERSCAN_AT_FIRST,
    scrollMargin: margin,
    scrollPaddingStart: margin,
    // The row with the focus stays, also out of sight: without it the focus would be nowhere.
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      if (activeIndex >= 0 && !indexes.includes(activeIndex)) indexes.push(activeIndex);
      return indexes.sort((a, b) => a - b);
    },
  });
  useLayoutEffect(() => rows.measure(), [rows, rowHeight]);

  useAnchor(scroller, shown, rowHeight);
  useLongPress(scroller);

  const viewKey = JSON.stringify(view);
  useLayoutEffect(() => {
    // Another view begins at its top.
    void viewKey;
    scroller.current?.scrollTo({ top: 0 });
  }, [viewKey]);

  const focusRow = useCallback((id: number): void => {
    scroller.current?.querySelector<HTMLElement>(`[data-id="${id}"]`)?.focus({ preventScroll: true });
  }, []);

  // A row that left takes the focus with it: the one in its place gets it.
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    const lost = hadFocus.current && document.activeElement === document.body;
    const next = shown[activeIndex];
    if (lost && next) focusRow(next.id);
  });

  /** Selects on from the row with the focus; going back over what is selected takes it back. */
  function extend(by: 1 | -1): void {
    const here = shown[found];
    const next = shown[found + by];
    if (!here) return moveTo(0);
    if (!next) return;
    const ids = new Set(selection.read());
    if (ids.has(here.id) && ids.has(next.id)) ids.delete(here.id);
    else ids.add(here.id).add(next.id);
    selection.write(ids);
    moveTo(found + by);
  }

  // The item beside the list is closed: who was in it goes on from its row.
  const wasOpen = useRef(open);
  useLayoutEffect(() => {
    const closed = wasOpen.current !== null && open === null;
    wasOpen.current = open;
    const row = shown[activeIndex];
    if (closed && row && document.activeElement === document.body) focusRow(row.id);
  }, [open, shown, activeIndex, focusRow]);

  function moveTo(index: number): void {
    const item = shown[Math.max(0, Math.min(shown.length - 1, index))];
    if (!item) return;
    activeItem.write(item.id);
    rows.scrollToIndex(shown.indexOf(item));
    // Whoever reads an item goes on reading: the focus stays where they are.
    const reading = open !== null && isInPanel();
    if (open !== null) openItem(item.id);
    if (reading) return;
    const from = document.activeElement;
    requestAnimationFrame(() => {
      // Whoever has gone on to the search by then types there: letters would be commands here.
      const now = document.activeElement;
      if (now === from || scroller.current?.contains(now)) focusRow(item.id);
    });
  }

  const page = (): number => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
  const at = found >= 0 ? found : -1;
  // An open item that has left the list: the next one is what has come in its place.
  const left = open !== null && (found < 0 || active !== open);
  useShortcuts({
    next: () => moveTo(left ? activeIndex : at + 1),
    previous: () => moveTo(Math.max(0, (left ? activeIndex : at) - 1)),
    first: () => moveTo(0),
    last: () => moveTo(shown.length - 1),
    pageDown: () => moveTo(Math.max(0, at) + page()),
    pageUp: () => moveTo(Math.max(0, at) - page()),
    open: () => {
      if (active === null || found < 0) return;
      openItem(active);
      focusPanel();
    },
    select: () => {
      if (active !== null && found >= 0) toggleSelected(active);
    },
    extendDown: () => extend(1),
    extendUp: () => extend(-1),
    newest: () => showNew(),
  });

  function showNew(): void {
    release();
    scroller.current?.scrollTo({ top: 0 });
    // The keyboard goes on from what is new, unless an item is being read.
    if (open === null) {
      activeItem.write(null);
      lastIndex.current = 0;
    }
    // Else what comes next would wait again.
    if (document.activeElement instanceof HTMLElement && scroller.current?.contains(document.activeElement)) {
      document.activeElement.blur();
    }
  }

  // Items that have left are no more selected.
  useEffect(() => {
    if (selected.size === 0) return;
    const there = new Set(items.map(({ id }) => id));
    const kept = [...selected].filter((id) => there.has(id));
    if (kept.length < selected.size) selection.write(new Set(kept));
  }, [items, selected]);

  const someSelected = selected.size === 0 ? 'none' : selected.size >= shown.length ? 'all' : 'some';
  return (
    <div className={style.frame} inert={covered}>
      {waiting > 0 && (
        <button type="button" className={style.pill} id="new-items" onClick={showNew}>
          <ArrowUp aria-hidden size={13} /> {formatCount(waiting)} new
        </button>
      )}
      <div
        ref={scroller}
        id="items"
        role="grid"
        // Where the focus is in the list when there is no row.
        tabIndex={-1}
        aria-label="Work items"
        aria-busy={loading}
        aria-rowcount={shown.length + 1}
        aria-colcount={columns ? columns.length + 1 : 1}
        aria-multiselectable
        className={style.grid}
        data-cards={cards || undefined}
        data-beside={beside || undefined}
        style={{ '--columns': columns ? templateOf(columns) : '', '--row-height': `${rowHeight}px` } as CSSProperties}
        onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollTop > rowHeight / 2)}
        onFocus={({ target }) => {
          hadFocus.current = true;
          setFocused(target.getAttribute('role') === 'row');
        }}
        onBlur={(event) => {
          if (event.currentTarget.contains(event.relatedTarget)) return;
          // The browser tells of rows that were removed with no other element in their place.
          hadFocus.current = event.relatedTarget === null && !event.target.isConnected;
          setFocused(false);
        }}
      >
        {columns && (
          <TableHead
            columns={columns}
            selected={someSelected}
            onSelectAll={() =>
              someSelected === 'all' ? clearSelection() : selection.write(new Set(shown.map(({ id }) => id)))
            }
          />
        )}
        {shown.length > 0 ? (
          <div role="rowgroup" className={style.rows} style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map(({ index, start }) => {
              const item = shown[index];
              return (
                item && (
                  <Row
                    key={item.id}
                    item={item}
                    index={index}
                    top={start - margin}
                    columns={columns}
                    me={me}
                    active={index === Math.max(0, activeIndex)}
                    open={item.id === open}
                    selected={selected.has(item.id)}
                    fresh={isFresh(item.id)}
                  />
                )
              );
            })}
          </div>
        ) : null}
      </div>
      {shown.length === 0 && (loading ? <Skeleton /> : <div className={style.empty}>{empty}</div>)}
    </div>
  );
});

function Skeleton() {
  return (
    <div className={style.skeleton} aria-hidden>
      {Array.from({ length: 14 }, (_, index) => (
        <div key={index} />
      ))}
    </div>
  );
}
