// One item beside the list, or why there is none: its place, its width, and the focus in it.
import type { Item } from '@workitem-hub/client';
import { useWorkItem, useWorkItemClient } from '@workitem-hub/client/react';
import {
  type CSSProperties,
  type FocusEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
} from 'react';
import { titleOf } from '../table/cells';
import { activeItem } from '../table/selection';
import { useValue } from '../ui/value';
import { Gone } from './gone';
import style from './item-panel.module.css';
import { OpenItem } from './open-item';
import { PanelEdge, usePanelWidth } from './panel-edge';
import { focusList, focusWish, takeFocusWish } from './panel-focus';
import { PanelHead } from './panel-head';
import { Waiting } from './part';
import { forget } from './reading';
import { itemPath, mailPath } from './submission';

export default function ItemPanel({ id, me }: { id: number; me: string }) {
  const { workItems } = useWorkItemClient();
  const item = useWorkItem(id);
  const complete = useSyncExternalStore(workItems.subscribe, () => workItems.complete);
  const panel = useRef<HTMLElement>(null);
  useForgetting(item);
  const width = usePanelWidth();
  const focus = usePanelFocus(id, item !== undefined, panel);
  useEffect(() => {
    // However it was opened: the next and the previous are those of this one.
    activeItem.write(id);
  }, [id]);
  useLayoutEffect(() => {
    panel.current?.scrollTo({ top: 0 });
  }, [id]);

  const title = item ? titleOf(item) : complete ? 'Not on your list' : 'On its way';
  return (
    <>
      <PanelEdge panel={panel} />
      <aside
        ref={panel}
        id="item"
        className={style.panel}
        style={{ '--panel': width } as CSSProperties}
        aria-label={`Item ${id}`}
        data-keys="own"
        onFocus={focus.onFocus}
        onBlur={focus.onBlur}
      >
        {item ? (
          <OpenItem item={item} me={me} title={title} heading={focus.heading} />
        ) : (
          <>
            <PanelHead id={id} title={title} heading={focus.heading} />
            {complete ? (
              <Gone id={id} />
            ) : (
              <div className={style.part}>
                <Waiting words="The list is on its way" lines={6} />
              </div>
            )}
          </>
        )}
      </aside>
    </>
  );
}

/** What was read of an item goes when the item leaves the list. */
function useForgetting(item: Item | undefined): void {
  const client = useWorkItemClient();
  const before = useRef<Item | undefined>(undefined);
  useEffect(() => {
    const last = before.current;
    before.current = item;
    if (item || !last) return;
    forget(client, itemPath(last.id));
    forget(client, mailPath(last.submission_ref));
  }, [client, item]);
}

/** The focus stays in the panel when another item takes its place, goes there when that is wished, and back to the list in the end. */
function usePanelFocus(id: number, there: boolean, panel: RefObject<HTMLElement | null>) {
  const heading = useRef<HTMLHeadingElement>(null);
  const inside = useRef(false);
  const wish = useValue(focusWish);
  useLayoutEffect(() => {
    const lost = inside.current && document.activeElement === document.body;
    if (!takeFocusWish() && !lost) return;
    // Of what is gone nothing can be read: what one does next is to go on.
    const target = there ? heading.current : panel.current?.querySelector<HTMLElement>('#gone button');
    (target ?? heading.current)?.focus({ preventScroll: true });
  }, [id, there, panel, wish]);
  useEffect(
    () => () => {
      if (inside.current) requestAnimationFrame(focusList);
    },
    [],
  );
  return {
    heading,
    onFocus: (): void => {
      inside.current = true;
    },
    onBlur: ({ relatedTarget }: FocusEvent): void => {
      if (relatedTarget && !panel.current?.contains(relatedTarget)) inside.current = false;
    },
  };
}
