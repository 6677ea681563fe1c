// Items that may be the same submission, and others about the same business.
import type { Item } from '@workitem-hub/client';
import { useWorkItemClient } from '@workitem-hub/client/react';
import { CopyCheck } from 'lucide-react';
import { type MouseEvent, type ReactNode, useMemo } from 'react';
import { formatAmount, formatMoment } from '../locale/format';
import { goTo, hashOf, usePlace } from '../queues/view-url';
import { StatusMark, titleOf } from '../table/cells';
import { useDuplicates, useOriginal, useSteady } from './duplicates';
import style from './item-panel.module.css';
import { focusPanel } from './panel-focus';
import type { Similar } from './submission';

const MOST = 20;
const REASONS = {
  same_insured: 'Same insured',
  same_sender: 'Same sender, similar subject',
} as const;

/** A link to an item in the view that is looked at. */
export function ItemLink({ id, children }: { id: number; children: ReactNode }) {
  const { view } = usePlace();
  function follow(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // The link goes with the item that it stands at.
    focusPanel();
    goTo({ open: id });
  }
  return (
    <a href={hashOf({ view, open: id })} onClick={follow}>
      {children}
    </a>
  );
}

/** Says that an item may have come before. */
export function DuplicateNote({ item }: { item: Item }) {
  const original = useOriginal(item);
  if (original === null) return null;
  return (
    <p className={style.duplicate} id="duplicate">
      <CopyCheck aria-hidden size={15} />
      <span>
        Possible duplicate of <ItemLink id={original}>No. {original}</ItemLink>
      </span>
    </p>
  );
}

export interface Alike {
  item: Item;
  reason: string;
}

/** What the list knows to be a possible duplicate, then what the hub found beside that; live. */
export function useAlike(item: Item, similar: Similar | undefined): readonly Alike[] {
  const { workItems } = useWorkItemClient();
  const duplicates = useDuplicates(item, MOST);
  const found = useMemo(() => new Map(similar?.items.map((one) => [one.item.id, one])), [similar]);
  const others = useSteady(workItems.subscribe, () =>
    // What has left is not to be seen any more; while the list is on its way, an item is as the hub said.
    [...found.values()].flatMap((one) => workItems.get(one.item.id) ?? (workItems.complete ? [] : [one.item])),
  );
  return useMemo(() => {
    const known = new Set([item.id, ...duplicates.map(({ id }) => id)]);
    const reasonOf = ({ id }: Item): string => REASONS[found.get(id)?.reason ?? 'same_insured'];
    return [
      ...duplicates.toSorted((a, b) => b.id - a.id).map((one) => ({ item: one, reason: 'Possible duplicate' })),
      ...others.filter(({ id }) => !known.has(id)).map((one) => ({ item: one, reason: reasonOf(one) })),
    ].slice(0, MOST);
  }, [item.id, found, duplicates, others]);
}

export function SimilarList({ alike }: { alike: readonly Alike[] }) {
  if (alike.length === 0) return <p className={style.empty}>Nothing else of this insured that you may see.</p>;
  return (
    <ul className={style.similar}>
      {alike.map(({ item, reason }) => {
        const { policy_type, coverage_amount } = item.extracted_fields;
        return (
          <li key={item.id} data-similar={item.id}>
            <ItemLink id={item.id}>
              No. {item.id} <bdi>{titleOf(item)}</bdi>
            </ItemLink>
            <StatusMark status={item.status} />
            <span className={style.known}>
              {[policy_type, coverage_amount && formatAmount(coverage_amount, true), formatMoment(item.created_at)]
                .filter(Boolean)
                .join(' · ')}
            </span>
            <span className={style.reason}>{reason}</span>
          </li>
        );
      })}
    </ul>
  );
}
