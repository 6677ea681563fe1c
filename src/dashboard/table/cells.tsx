// What stands in the cells of a row, and in a card where there is no room for columns.
import type { Item, Status } from '@workitem-hub/client';
import { CopyCheck } from 'lucide-react';
import { memo, type PointerEvent, type ReactNode } from 'react';
import { useOriginal } from '../item/duplicates';
import { useHubClock } from '../locale/clock';
import { formatAge, formatAmount, formatDay, formatFully, formatMoment } from '../locale/format';
import { hashOf, openItem, usePlace } from '../queues/view-url';
import { PersonName } from '../commands/person-name';
import type { Column, ColumnName } from './columns';
import style from './table.module.css';

export const statusWords = (status: Status): string => {
  const words = status.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export const titleOf = ({ extracted_fields, subject }: Item): string =>
  extracted_fields.insured_name || subject || 'No subject';

const NONE: [content: string] = ['–'];

export function StatusMark({ status }: { status: Status }) {
  return (
    <span className={style.status} data-status={status}>
      {statusWords(status)}
    </span>
  );
}

export function Age({ since }: { since: string }) {
  const age = useHubClock((now) => formatAge(since, now));
  return <time dateTime={since}>{age}</time>;
}

function Holder({ id, me }: { id: string; me: string }) {
  return id === me ? <span className={style.mine}>You</span> : <PersonName id={id} />;
}

function Duplicate({ item, link = false }: { item: Item; link?: boolean }) {
  const original = useOriginal(item);
  return original === null ? null : <DuplicateOf original={original} link={link} />;
}

function DuplicateOf({ original, link }: { original: number; link: boolean }) {
  const { view } = usePlace();
  const words = `Possible duplicate of No. ${original}`;
  const content = (
    <>
      <CopyCheck aria-hidden size={12} /> <span className="unseen">{words}</span>
      <span aria-hidden>Duplicate of {original}?</span>
    </>
  );
  if (!link) {
    return (
      <span className={style.duplicate} title={words}>
        {content}
      </span>
    );
  }
  return (
    <a
      className={style.duplicate}
      href={hashOf({ view, open: original })}
      title={words}
      // The row is where the keyboard stops; the item has the same link.
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        openItem(original);
      }}
    >
      {content}
    </a>
  );
}

/** What a cell says, and in full when it is pointed at; text as it is, since each element in it is one per row and column. */
function contentOf(name: ColumnName, item: Item, me: string): [content: ReactNode, title?: string] {
  const { insured_name, policy_type, coverage_amount, effective_date, broker } = item.extracted_fields;
  switch (name) {
    case 'insured': {
      const title = titleOf(item);
      return [
        <>
          <span className={style.title}>{title}</span>
          <Duplicate item={item} link />
          {insured_name && item.subject && <span className={style.subject}>{item.subject}</span>}
        </>,
        insured_name ? `${insured_name}\n${item.subject}` : title,
      ];
    }
    case 'class':
      return policy_type ? [policy_type, policy_type] : NONE;
    case 'limit':
      return coverage_amount ? [formatAmount(coverage_amount, true), coverage_amount] : NONE;
    case 'effective':
      return effective_date ? [formatDay(effective_date)] : NONE;
    case 'broker': {
      const from = broker || item.from_email;
      return from ? [from, [broker, item.from_email].filter(Boolean).join('\n')] : NONE;
    }
    case 'status':
      return [statusWords(item.status)];
    case 'with':
      if (item.assigned_to === null) return NONE;
      return [item.assigned_to === me ? 'You' : <PersonName key="name" id={item.assigned_to} />, item.assigned_to];
    case 'team':
      return item.team ? [item.team, item.team] : NONE;
    case 'age':
      return [<Age key="age" since={item.created_at} />];
    case 'received':
      return [formatMoment(item.created_at)];
    case 'id':
      return [item.id];
  }
}

/** What sets a cell apart from others of its column. */
function kindOf(name: ColumnName, item: Item, me: string): string | undefined {
  if (name === 'status') return style.status;
  return name === 'with' && item.assigned_to === me ? style.mine : undefined;
}

/** The day in full is written when somebody points at it: written for every row it would take longer than all the rest of them. */
function tellMoment({ currentTarget }: PointerEvent<HTMLElement>, { created_at }: Item): void {
  currentTarget.title ||= formatFully(created_at);
}

export interface CellsProps {
  item: Item;
  columns: readonly Column[];
  me: string;
}

/** The cells of an item. Rows move often, and items change seldom: these are drawn anew for the latter only. */
export const Cells = memo(function Cells({ item, columns, me }: CellsProps) {
  return columns.map(({ name, numeric }, index) => {
    const told = contentOf(name as ColumnName, item, me);
    const [content, title] = told;
    const kind = told === NONE ? style.none : kindOf(name as ColumnName, item, me);
    return (
      <div
        key={name}
        role="gridcell"
        aria-colindex={index + 2}
        className={[style.cell, numeric && style.numeric, kind].filter(Boolean).join(' ')}
        data-column={name}
        data-status={name === 'status' ? item.status : undefined}
        title={title}
        onPointerEnter={name === 'age' || name === 'received' ? (event) => tellMoment(event, item) : undefined}
      >
        {content}
      </div>
    );
  });
});

/** The same on a phone. */
export const Card = memo(function Card({ item, me }: Omit<CellsProps, 'columns'>) {
  const { policy_type, coverage_amount, effective_date, broker } = item.extracted_fields;
  return (
    <div role="gridcell" aria-colindex={1} className={style.card}>
      <span className={style.title}>{titleOf(item)}</span>
      <span className={style.cardAge}>
        <Age since={item.created_at} />
      </span>
      <span className={style.cardLine}>
        {[policy_type, broker || item.from_email].filter(Boolean).join(' · ') || '–'}
      </span>
      <span className={style.cardAmount}>{coverage_amount ? formatAmount(coverage_amount, true) : '–'}</span>
      <span className={style.cardFoot}>
        <StatusMark status={item.status} />
        <Duplicate item={item} />
        <span className={style.cardHolder}>
          {item.assigned_to === null ? (item.team ?? 'Pool') : <Holder id={item.assigned_to} me={me} />}
        </span>
      </span>
      <span className={style.cardDay}>{effective_date && formatDay(effective_date)}</span>
    </div>
  );
});
