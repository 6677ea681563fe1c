// What there is to see of an item: how it stands, its mail, what came with it, what was done, and what is like it.
import type { Item } from '@workitem-hub/client';
import { type RefObject, useRef, useState } from 'react';
import { ItemActions } from '../commands/item-actions';
import { nameIn, useColleagues } from '../commands/people';
import { Age, StatusMark } from '../table/cells';
import { Attachments } from './attachments';
import { Fields } from './fields';
import { HistoryList } from './history';
import style from './item-panel.module.css';
import { MailHead, MailView } from './mail';
import { PanelHead } from './panel-head';
import { Failure, Part, Read, Waiting } from './part';
import { useReading } from './reading';
import { DuplicateNote, SimilarList, useAlike } from './similar';
import { type Field, type History, itemPath, type Mail, mailPath, type Similar } from './submission';

export function OpenItem({
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
      <PanelHead
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
      </PanelHead>
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
