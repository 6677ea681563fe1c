// One row of the table: where it stands, and how one acts on it.
import type { Item } from '@workitem-hub/client';
import { memo } from 'react';
import { openItem } from '../queues/view-url';
import { Card, Cells, titleOf } from './cells';
import type { Column } from './columns';
import { activeItem, selection, toggleSelected } from './selection';
import style from './table.module.css';

export interface RowProps {
  item: Item;
  /** From 0. */
  index: number;
  /** Pixels. */
  top: number;
  /** `null` for cards. */
  columns: readonly Column[] | null;
  me: string;
  active: boolean;
  open: boolean;
  selected: boolean;
  fresh: boolean;
}

/** Opens an item. Cards have no box to tick: once one is selected, the others are as they are touched. */
function choose(id: number, card: boolean): void {
  if (card && selection.read().size > 0) toggleSelected(id);
  else openItem(id);
}

export const Row = memo(function Row(props: RowProps) {
  const { item, index, top, columns, me, active, open, selected, fresh } = props;
  return (
    // Keys are handled for the table as a whole, by the shortcuts.
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-current={open || undefined}
      tabIndex={active ? 0 : -1}
      data-id={item.id}
      data-index={index}
      className={style.row}
      data-fresh={fresh || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={() => activeItem.write(item.id)}
      onClick={() => choose(item.id, columns === null)}
    >
      {columns && (
        <div
          role="gridcell"
          aria-colindex={1}
          className={style.check}
          onClick={(event) => {
            event.stopPropagation();
            toggleSelected(item.id);
          }}
        >
          {/* A box of the browser's own is a control to lay out and paint for each row that comes into sight. */}
          <span role="checkbox" tabIndex={-1} aria-checked={selected} aria-label={`Select ${titleOf(item)}`} />
        </div>
      )}
      {columns ? <Cells item={item} columns={columns} me={me} /> : <Card item={item} me={me} />}
    </div>
  );
});
