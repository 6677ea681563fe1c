// Rows that come and go above what is in sight do not move it.
import type { Item } from '@workitem-hub/client';
import { type RefObject, useLayoutEffect, useRef } from 'react';

export function useAnchor(scroller: RefObject<HTMLDivElement | null>, shown: readonly Item[], rowHeight: number): void {
  const before = useRef(shown);
  useLayoutEffect(() => {
    const element = scroller.current;
    const old = before.current;
    before.current = shown;
    if (!element || old === shown || element.scrollTop <= rowHeight / 2) return;
    const top = Math.floor(element.scrollTop / rowHeight);
    const anchor = old[top];
    if (!anchor) return;
    const now = shown.findIndex(({ id }) => id === anchor.id);
    if (now >= 0 && now !== top) element.scrollTop += (now - top) * rowHeight;
  }, [scroller, shown, rowHeight]);
}
