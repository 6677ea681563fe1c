// Rows under a finger: held for a moment one is selected, as there is neither a pointer over it nor a keyboard.
import { type RefObject, useEffect } from 'react';
import { toggleSelected } from './selection';

const HELD_MS = 450;
/** Pixels: a finger that goes further scrolls. */
const STILL = 10;

/** Has rows within `grid` selected by a long press; the click that the browser makes of its end opens nothing. */
export function useLongPress(grid: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = grid.current;
    if (!element) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from = { x: 0, y: 0 };
    let held = false;

    const end = (): void => clearTimeout(timer);
    function begin({ pointerType, target, clientX, clientY, isPrimary }: PointerEvent): void {
      end();
      held = false;
      const row = target instanceof Element ? target.closest<HTMLElement>('[data-id]') : null;
      if (pointerType !== 'touch' || !isPrimary || !row) return;
      from = { x: clientX, y: clientY };
      timer = setTimeout(() => {
        held = true;
        toggleSelected(Number(row.dataset.id));
        navigator.vibrate?.(10);
      }, HELD_MS);
    }
    function move({ clientX, clientY }: PointerEvent): void {
      if (Math.hypot(clientX - from.x, clientY - from.y) > STILL) end();
    }
    /** Neither a click nor the browser's own menu is meant. */
    function swallow(event: Event): void {
      if (!held) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.type === 'click') held = false;
    }
    const stop = new AbortController();
    const options = { signal: stop.signal };
    element.addEventListener('pointerdown', begin, options);
    element.addEventListener('pointermove', move, options);
    for (const type of ['pointerup', 'pointercancel', 'scroll']) element.addEventListener(type, end, options);
    for (const type of ['click', 'contextmenu']) element.addEventListener(type, swallow, { ...options, capture: true });
    return () => {
      stop.abort();
      end();
    };
  }, [grid]);
}
