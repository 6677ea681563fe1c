// One item beside the list: what it is, its mail, what came with it, what was done, and what is like it.
import type { Item } from '@workitem-hub/client';
import { useWorkItem, useWorkItemClient } from '@workitem-hub/client/react';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import {
  type CSSProperties,
  type FocusEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { runShortcut, useShortcuts } from '../keys/shortcuts';
import { openItem, readOpenItem } from '../queues/view-url';
import { Age, StatusMark, titleOf } from '../table/cells';
import { activeItem } from '../table/selection';
import { useValue } from '../ui/value';
import { ItemActions } from '../commands/item-actions';
import { nameIn, useColleagues } from '../commands/people';
import { takersOf } from '../commands/takers';
import { Attachments } from './attachments';
import { Fields } from './fields';
import { HistoryList } from './history';
import style from './item-panel.module.css';
import { MailHead, MailView } from './mail';
import { PanelEdge, usePanelWidth } from './panel-edge';
import { focusList, focusWish, takeFocusWish } from './panel-focus';
import { Failure, Part, Waiting } from './part';
import { forget, type Reading, useReading } from './reading';
import { DuplicateNote, SimilarList, useAlike } from './similar';
import { type Field, type History, itemPath, type Mail, mailPath, type Similar } from './submission';

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
            <Head id={id} title={title} heading={focus.heading} />
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

function Head({
  id,
  title,
  heading,
  facts,
  children,
}: {
  id: number;
  title: string;
  heading: RefObject<HTMLHeadingElement | null>;
  facts?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className={style.head}>
      <div className={style.bar}>
        <p className={style.facts}>
          <span>No. {id}</span>
          {facts}
        </p>
        <button
          type="button"
          className="button icon"
          aria-label="Previous item"
          title="Previous item"
          onClick={() => runShortcut('previous')}
        >
          <ChevronUp aria-hidden size={16} />
        </button>
        <button
          type="button"
          className="button icon"
          aria-label="Next item"
          title="Next item"
          onClick={() => runShortcut('next')}
        >
          <ChevronDown aria-hidden size={16} />
        </button>
        <button type="button" className="button icon" aria-label="Close" title="Close" onClick={() => openItem(null)}>
          <X aria-hidden size={16} />
        </button>
      </div>
      {/* Another one for each item: screen readers read what gets the focus, not what changes in it. */}
      <h2 key={id} ref={heading} tabIndex={-1} dir="auto" title={title}>
        {title}
      </h2>
      {children}
    </header>
  );
}

function OpenItem({
  item,
  me,
  title,
  heading,
}: {
  item: Item;
  me: string;
  title: string;
  heading: RefObject<HTMLHeadingElement | null>;
}) {
  const { id, submission_ref: ref, version, assigned_to, team } = item;
  const mail = useReading<Mail>(mailPath(ref));
  const history = useReading<History>(`${itemPath(id)}history`, version);
  // New ones come in, so what was found before is only to begin with.
  const similar = useReading<Similar>(`${itemPath(id)}similar`, null, true);
  const alike = useAlike(item, similar.value);
  const [pointed, setPointed] = useState<Field | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const files = mail.value?.attachments;

  function show(field: Field): void {
    const mark = body.current?.querySelector<HTMLElement>(`mark[data-fields~="${field}"]`);
    mark?.scrollIntoView({ block: 'center', behavior: 'smooth' });
    mark?.focus({ preventScroll: true });
  }
  function goTo(part: string): void {
    const section = body.current?.querySelector<HTMLElement>(`#item-${part}`);
    const head = heading.current?.parentElement;
    if (!section || !head) return;
    // Below the head, which stays, and is as high as the title is long.
    head.parentElement?.scrollTo({ top: section.offsetTop - head.offsetHeight + 1, behavior: 'smooth' });
    section.querySelector('h3')?.focus({ preventScroll: true });
  }

  const colleagues = useColleagues();
  const holder =
    assigned_to === null
      ? team
        ? `Team ${team}`
        : 'Pool'
      : assigned_to === me
        ? 'With you'
        : `With ${history.value?.names[assigned_to] ?? nameIn(colleagues, assigned_to)}`;
  return (
    <>
      <Head
        id={id}
        title={title}
        heading={heading}
        facts={
          <>
            <StatusMark status={item.status} />
            <Age since={item.created_at} />
            {/* Last, as it may be long: where there is little room it has a line of its own. */}
            <span className={style.holder}>{holder}</span>
          </>
        }
      >
        <ItemActions item={item} />
        <nav className={style.parts} aria-label="Parts of the item">
          {(
            [
              ['mail', 'Mail'],
              ['attachments', 'Attachments', files?.length || undefined],
              ['history', 'History', history.value?.items.length],
              ['similar', 'Similar', alike.length || undefined],
            ] as const
          ).map(([part, words, count]) => (
            <button key={part} type="button" onClick={() => goTo(part)}>
              {words}
              {count !== undefined && <span className={style.count}>{count}</span>}
            </button>
          ))}
        </nav>
      </Head>
      <div ref={body}>
        <DuplicateNote item={item} />
        <Part name="fields" words="Fields">
          <Fields item={item} mail={mail.value} onPoint={setPointed} onShow={show} />
        </Part>
        <Part name="mail" words="Mail">
          {!mail.value && (
            <MailHead from={item.from_email} received={item.created_at}>
              {item.subject}
            </MailHead>
          )}
          <Read reading={mail} what="The mail">
            {(value) => <MailView key={ref} mail={value} pointed={pointed} />}
          </Read>
        </Part>
        <Part name="attachments" words="Attachments" count={files?.length || undefined}>
          {files ? (
            <Attachments key={ref} submission={ref} attachments={files} />
          ) : mail.error ? (
            <p className={style.empty}>They are read with the mail.</p>
          ) : (
            <Waiting words="Reading the attachments" lines={1} />
          )}
        </Part>
        <Part name="history" words="History" count={history.value?.items.length}>
          <Read reading={history} what="The history">
            {(value) => <HistoryList history={value} me={me} />}
          </Read>
        </Part>
        <Part name="similar" words="Similar" count={alike.length || undefined}>
          {similar.error && (
            <Failure
              what="The list of similar items"
              error={similar.error}
              busy={similar.busy}
              kept={similar.value !== undefined}
              onRetry={similar.retry}
            />
          )}
          {similar.value || alike.length > 0 ? (
            <SimilarList alike={alike} />
          ) : (
            !similar.error && <Waiting words="Looking for similar items" lines={1} />
          )}
        </Part>
      </div>
    </>
  );
}

/** What was read; above it why it could not be read again, in its place why it could not be read at all. */
function Read<T>({
  reading,
  what,
  children,
}: {
  reading: Reading<T> & { retry: () => void };
  what: string;
  children: (value: T) => ReactNode;
}) {
  const { value, error, busy, retry } = reading;
  return (
    <>
      {error && <Failure what={what} error={error} busy={busy} kept={value !== undefined} onRetry={retry} />}
      {value !== undefined ? children(value) : !error && <Waiting words={`${what} is being read`} />}
    </>
  );
}

/** An item that one has seen and may not see any more, or never could. */
function Gone({ id }: { id: number }) {
  const taker = useValue(takersOf(useWorkItemClient())).get(id);
  const goOn = (): void => {
    runShortcut('next');
    // There is no other.
    if (readOpenItem() === id) openItem(null);
  };
  useShortcuts({ open: goOn });
  return (
    <div className={style.gone} role="status" id="gone">
      {taker === undefined ? (
        <>
          <p>This item is not yours to see, or not any more.</p>
          <p>It may be with somebody else, or with another team. What you read of it is not kept.</p>
        </>
      ) : (
        <>
          <p>{taker} has it now.</p>
          <p>What you read of it is not kept.</p>
        </>
      )}
      <div className={style.goneWays}>
        <button type="button" className="button primary" aria-keyshortcuts="j" onClick={goOn}>
          Next item <kbd aria-hidden>J</kbd>
        </button>
        <button type="button" className="button outlined" onClick={() => openItem(null)}>
          Back to the list
        </button>
      </div>
    </div>
  );
}
