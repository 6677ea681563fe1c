// The queues, with how much is open in each.
import type { Principal } from '@workitem-hub/client';
import { formatCount } from '../locale/format';
import { QUEUE_WORDS, type QueueCounts, queuesOf } from './queue';
import { goTo, hashOf, usePlace } from './view-url';
import style from './queue-tabs.module.css';

export function QueueTabs({ principal, counts }: { principal: Principal | null; counts: QueueCounts }) {
  const { view, monitor } = usePlace();
  return (
    <nav aria-label="Queues" className={style.tabs}>
      {queuesOf(principal).map((queue) => (
        <a
          key={queue}
          href={hashOf({ view: { ...view, queue }, open: null }) || '#/all'}
          aria-current={view.queue === queue && !monitor ? 'page' : undefined}
          data-queue={queue}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            goTo({ view: { ...view, queue }, open: null });
          }}
        >
          {QUEUE_WORDS[queue]} <span className={style.count}>{formatCount(counts[queue])}</span>
        </a>
      ))}
    </nav>
  );
}
