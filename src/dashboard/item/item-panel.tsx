// One item beside the list.
import { useWorkItem } from '@workitem-hub/client/react';
import { X } from 'lucide-react';
import { formatAmount, formatDay, formatFully } from '../locale/format';
import { openItem } from '../queues/view-url';
import { StatusMark, titleOf } from '../table/cells';
import { ItemActions } from '../work/item-actions';
import style from './item-panel.module.css';

export function ItemPanel({ id }: { id: number }) {
  const item = useWorkItem(id);
  const fields = item?.extracted_fields;
  return (
    <aside className={style.panel} id="item" aria-label={item ? titleOf(item) : `Item ${id}`}>
      <header>
        <h2>{item ? titleOf(item) : `No. ${id}`}</h2>
        <button type="button" className="button icon" aria-label="Close" onClick={() => openItem(null)}>
          <X aria-hidden size={16} />
        </button>
      </header>
      {item && <ItemActions item={item} />}
      {item && fields ? (
        <dl>
          <Fact name="Status">
            <StatusMark status={item.status} />
          </Fact>
          <Fact name="Subject">{item.subject}</Fact>
          <Fact name="Class">{fields.policy_type}</Fact>
          <Fact name="Limit">{fields.coverage_amount && formatAmount(fields.coverage_amount)}</Fact>
          <Fact name="Effective">{fields.effective_date && formatDay(fields.effective_date)}</Fact>
          <Fact name="Broker">{fields.broker}</Fact>
          <Fact name="From">{item.from_email}</Fact>
          <Fact name="With">{item.assigned_to}</Fact>
          <Fact name="Team">{item.team}</Fact>
          <Fact name="Received">{formatFully(item.created_at)}</Fact>
        </dl>
      ) : (
        <p>This item is not on your list, or not any more.</p>
      )}
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children || '–'}</dd>
    </>
  );
}
