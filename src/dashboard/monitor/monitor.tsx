// The supervisor's monitor: who is there, who has how much, what comes in and how long it waits, and the hub itself. A chunk of its own, with the charts.
import { useConnection, useWorkItemClient, useWorkItems } from '@workitem-hub/client/react';
import { useDeferredValue, useEffect, useMemo, useSyncExternalStore } from 'react';
import { lastContact } from '../hub/contact';
import { useHubClock } from '../locale/clock';
import { formatTime } from '../locale/format';
import { useSession } from '../session/session';
import { useValue } from '../ui/value';
import { Charts } from './charts';
import { Figures } from './figures';
import { useHubWatch } from './hub-watch';
import { arrivedSince, loadOf } from './load';
import { People } from './people';
import { Processes } from './processes';
import { administers } from './rights';
import { usePeople, useStatistics } from './statistics';
import { Teams } from './teams';
import style from './monitor.module.css';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export default function Monitor() {
  const client = useWorkItemClient();
  const { principal } = useSession();
  const { name: state } = useConnection();
  const contact = useValue(lastContact(client));
  const statistics = useStatistics();
  const people = usePeople();
  const watch = useHubWatch();

  // What is so now comes from the items at hand: they are all here, and live.
  const items = useDeferredValue(useWorkItems());
  const complete = useSyncExternalStore(client.workItems.subscribe, () => client.workItems.complete);
  const known = complete || items.length > 0;
  const load = useMemo(() => (known ? loadOf(items) : null), [known, items]);
  const minute = useHubClock((now) => Math.floor(now / MINUTE_MS) * MINUTE_MS);
  const arrived = useMemo(
    () => (known ? arrivedSince(items, minute + MINUTE_MS - HOUR_MS) : null),
    [known, items, minute],
  );

  // The hub gives an answer again for some seconds: what has happened since is in the next one.
  const { value: figures, nudge: nudgeFigures } = statistics;
  const behind = figures !== null && load !== null && load.changed > figures.as_of;
  useEffect(() => {
    if (behind) nudgeFigures();
  }, [behind, figures, nudgeFigures]);
  // Somebody who comes or goes changes these numbers first.
  const connections = watch.stats?.connections.total;
  const { nudge } = people;
  useEffect(() => {
    if (connections !== undefined) nudge();
  }, [connections, nudge]);

  const { drain } = watch;
  const mayAct = administers(principal);
  const act = useMemo(() => (mayAct ? { drain, done: nudge } : null), [mayAct, drain, nudge]);

  return (
    <div className={style.monitor}>
      <header className={style.head}>
        <h2>Monitor</h2>
        <p id="as-of" data-live={contact === null && state === 'connected' ? true : undefined}>
          {contact !== null ? `As of ${formatTime(contact)}` : state === 'connected' ? 'Live' : 'Catching up'}
        </p>
      </header>
      <Figures
        online={people.value?.filter(({ online }) => online).length ?? null}
        stats={watch.stats}
        load={load}
        statistics={statistics.value}
        arrivedLastHour={arrived}
      />
      <Charts statistics={statistics} />
      <People people={people} load={load} act={act} />
      <div className={style.tables}>
        <Teams load={load} />
        <Processes watch={watch} />
      </div>
    </div>
  );
}
