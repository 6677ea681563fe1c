// The edge between list and panel, to draw the panel wider or narrower.
import type { PointerEvent } from 'react';
import { asObject, createStored } from '../notices/stored';
import { useStored } from '../notices/use-stored';
import style from './item-panel.module.css';

const LEAST = 360;
/** Of what is kept; how much there is room for is another matter. */
const MOST = 10_000;
/** Pixels; `null` is as usual. */
const panelWidth = createStored<{ width: number | null }>('panel', (found) => {
  const { width } = asObject(found);
  return { width: typeof width === 'number' && width >= LEAST && width <= MOST ? width : null };
});

/** What the list keeps. */
const REST = 400;
const STEP = 32;
const most = (): number => Math.max(LEAST, window.innerWidth - REST);

/** As a CSS length; `undefined` is as usual. */
export function usePanelWidth(): string | undefined {
  const [{ width }] = useStored(panelWidth);
  return width === null ? undefined : `${width}px`;
}

export function PanelEdge({ panel }: { panel: React.RefObject<HTMLElement | null> }) {
  const [{ width }, setWidth] = useStored(panelWidth);
  const now = (): number => panel.current?.getBoundingClientRect().width ?? LEAST;
  const set = (next: number): void => setWidth({ width: Math.round(Math.max(LEAST, Math.min(most(), next))) });

  function drag(event: PointerEvent<HTMLDivElement>): void {
    event.preventDefault();
    const edge = event.currentTarget;
    const from = event.clientX;
    const before = now();
    edge.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent): void => set(before + from - moved.clientX);
    edge.addEventListener('pointermove', move);
    edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), { once: true });
  }

  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the item"
      aria-valuenow={width ?? 560}
      aria-valuemin={LEAST}
      aria-valuemax={most()}
      tabIndex={0}
      className={style.edge}
      onPointerDown={drag}
      onDoubleClick={() => setWidth({ width: null })}
      onKeyDown={({ key }) => {
        if (key === 'ArrowLeft') set(now() + STEP);
        if (key === 'ArrowRight') set(now() - STEP);
      }}
    />
  );
}
