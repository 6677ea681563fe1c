// The way to the monitor: a link for those who may look at it, and what stands at its address. The monitor itself is a chunk of its own.
import type { Principal } from '@workitem-hub/client';
import { Activity } from 'lucide-react';
import { hashOf, usePlace } from '../queues/view-url';
import { LazyPart, lazyPart } from '../ui/lazy-part';
import { supervises } from './rights';
import style from './monitor-page.module.css';

export const loadMonitor = () => import('./monitor');
const Monitor = lazyPart(loadMonitor);

export function MonitorLink({ principal }: { principal: Principal | null }) {
  const { monitor } = usePlace();
  if (!supervises(principal)) return null;
  return (
    <a
      id="monitor-link"
      className={`button ${style.link}`}
      href="#/monitor"
      aria-label="Monitor"
      title="Monitor"
      aria-current={monitor ? 'page' : undefined}
    >
      <Activity aria-hidden size={15} /> <span>Monitor</span>
    </a>
  );
}

export function MonitorPage({ principal }: { principal: Principal | null }) {
  const { view } = usePlace();
  return (
    <main className={style.page} id="monitor">
      {/* Before the first connection it is not known whose page this is. */}
      {principal !== null &&
        (supervises(principal) ? (
          <LazyPart what="The monitor">
            <Monitor />
          </LazyPart>
        ) : (
          <div className={style.refusal}>
            <h2>The monitor is for supervisors and admins.</h2>
            <p>You are signed in as {principal.name ?? principal.sub}, who is neither.</p>
            <a className="button outlined" href={hashOf({ view, open: null }) || '#/all'}>
              Back to the work items
            </a>
          </div>
        ))}
    </main>
  );
}
