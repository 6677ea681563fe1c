// The heads of the columns: what they are, the order, and handles to draw them wider.
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { PointerEvent } from 'react';
import { useStored } from '../notices/use-stored';
import { useView } from '../queues/view-url';
import { type Column, columnChoice, type ColumnName, MAX_WIDTH, MIN_WIDTH } from './columns';
import style from './table.module.css';

const STEP = 16;

export function TableHead({
  columns,
  selected,
  onSelectAll,
}: {
  columns: readonly Column[];
  selected: 'none' | 'some' | 'all';
  onSelectAll: () => void;
}) {
  const [{ sorting }, changeView] = useView();
  return (
    <div role="rowgroup" className={style.head}>
      <div role="row" aria-rowindex={1} className={style.headRow}>
        <div role="columnheader" aria-colindex={1} className={style.check}>
          <input
            type="checkbox"
            aria-label="Select all"
            checked={selected === 'all'}
            ref={(box) => {
              if (box) box.indeterminate = selected === 'some';
            }}
            onChange={onSelectAll}
          />
        </div>
        {columns.map((column, index) => {
          const name = column.name as ColumnName;
          const sorted = sorting.column === name;
          const first = name === 'received' || name === 'id' || name === 'limit';
          return (
            <div
              key={name}
              role="columnheader"
              aria-colindex={index + 2}
              aria-sort={sorted ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
              className={column.numeric ? `${style.headCell} ${style.numeric}` : style.headCell}
              data-column={name}
            >
              <button
                type="button"
                title={column.told}
                onClick={() =>
                  changeView({ sorting: { column: name, descending: sorted ? !sorting.descending : first } })
                }
              >
                {column.words}
                {sorted &&
                  (sorting.descending ? <ArrowDown aria-hidden size={12} /> : <ArrowUp aria-hidden size={12} />)}
              </button>
              <Handle column={column} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Handle({ column }: { column: Column }) {
  const [choice, setChoice] = useStored(columnChoice);
  const name = column.name as ColumnName;
  const setWidth = (width: number | undefined): void => {
    const widths = {
      ...choice.widths,
      [name]: width === undefined ? undefined : Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, Math.round(width))),
    };
    setChoice({ ...choice, widths });
  };

  /** As it is drawn: one that grows is wider than it asks for. */
  const widthAt = (handle: Element): number => handle.parentElement?.getBoundingClientRect().width ?? column.width;

  function drag(event: PointerEvent<HTMLSpanElement>): void {
    event.preventDefault();
    const handle = event.currentTarget;
    const from = event.clientX;
    const width = widthAt(handle);
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent): void => setWidth(width + moved.clientX - from);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), {
      once: true,
    });
  }

  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${column.words}`}
      aria-valuenow={column.width}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      tabIndex={0}
      className={style.handle}
      onPointerDown={drag}
      onDoubleClick={() => setWidth(undefined)}
      onKeyDown={({ key, currentTarget }) => {
        if (key === 'ArrowLeft') setWidth(widthAt(currentTarget) - STEP);
        if (key === 'ArrowRight') setWidth(widthAt(currentTarget) + STEP);
      }}
    />
  );
}
