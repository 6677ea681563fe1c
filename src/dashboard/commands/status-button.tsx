// The button that opens the list of next steps, for one item or for several.
import type { Item, Status } from '@workitem-hub/client';
import { useWorkItemClient } from '@workitem-hub/client/react';
import { ChevronDown } from 'lucide-react';
import { Popover } from '../ui/popover';
import { StatusList, type StatusListProps } from './status-list';
import { order } from './target';

export interface StatusButtonProps extends Omit<StatusListProps, 'onChoose'> {
  id: string;
  items: readonly Item[];
  side?: 'above';
}

export function StatusButton({ id, items, steps, from, side }: StatusButtonProps) {
  const client = useWorkItemClient();
  const choose = (status: Status): void => order(client, items, { kind: 'status', status });
  return (
    <Popover
      id={id}
      {...(side && { side })}
      panelLabel="Status"
      className="button outlined"
      button={
        <>
          Status <kbd aria-hidden>S</kbd> <ChevronDown aria-hidden size={13} />
        </>
      }
    >
      {(close) => (
        <StatusList
          steps={steps}
          from={from}
          onChoose={(status) => {
            close();
            choose(status);
          }}
        />
      )}
    </Popover>
  );
}
