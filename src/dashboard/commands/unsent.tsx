// Says what waits for the connection, and keeps the tab from being closed over it.
import type { Connection } from '@workitem-hub/client/react';
import { useConnection, useWorkItemClient } from '@workitem-hub/client/react';
import { useEffect } from 'react';
import { formatCount } from '../locale/format';
import { useValue } from '../ui/value';
import { unansweredOf } from './unanswered';
import { workOf } from './work';
import style from './work.module.css';

/** Whether what is done now has to wait. */
export const isAway = (name: Connection['name']): boolean => name === 'offline' || name === 'connecting';

export function Unsent() {
  const { name } = useConnection();
  const { waiting: count } = useValue(unansweredOf(useWorkItemClient()));
  const several = useValue(workOf(useWorkItemClient()).progress).length > 0;
  const lasts = count > 0 && isAway(name);
  // Of several, those at the end of the line are not sent yet.
  const lost = lasts || several;
  useEffect(() => {
    if (!lost) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [lost]);
  return (
    <p className={lasts ? style.unsent : 'unseen'} id="unsent" role="status">
      {lasts &&
        `${formatCount(count)} ${count === 1 ? 'change' : 'changes'} will be sent when the connection is back. Keep this tab open until then.`}
    </p>
  );
}
