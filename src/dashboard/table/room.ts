// The room that the table has, and the columns that have room in it.
import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { type Column, type ColumnChoice, columnsFor } from './columns';

/** How wide it is, in pixels. */
export function useRoom(scroller: RefObject<HTMLElement | null>): number {
  const [room, setRoom] = useState(() => window.innerWidth);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      setRoom(element.clientWidth);
      const lost = height - element.clientHeight;
      height = element.clientHeight;
      // What comes up below, as the bar for what is selected, is not to hide the row with the focus.
      const row = document.activeElement;
      if (lost <= 0 || row?.getAttribute('role') !== 'row' || !element.contains(row)) return;
      const hidden = row.getBoundingClientRect().bottom - element.getBoundingClientRect().bottom;
      if (hidden > 0 && hidden <= lost) element.scrollTop += hidden;
    });
    setRoom(element.clientWidth);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  return room;
}

/** {@link columnsFor}; the same for as long as the same ones have room. */
export function useColumns(choice: ColumnChoice | null, room: number, beside: boolean): readonly Column[] | null {
  const next = useMemo(() => choice && columnsFor(choice, room, beside), [choice, room, beside]);
  const last = useRef(next);
  const same = (one: Column, at: number): boolean =>
    one.name === last.current?.[at]?.name &&
    one.width === last.current[at].width &&
    one.grows === last.current[at].grows;
  if (next?.length !== last.current?.length || !next?.every(same)) last.current = next;
  return last.current;
}
