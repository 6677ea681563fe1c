// How the connection stands: an indicator in the header, and a line of words at the foot when it was away. Above the list it would move
// what one reads.
import type { Connection } from '@workitem-hub/client/react';
import { useConnection, useWorkItemClient, useWorkItemEvent } from '@workitem-hub/client/react';
import { useEffect, useRef, useState } from 'react';
import { useClock } from '../locale/clock';
import { formatCount, formatTime } from '../locale/format';
import { useSession } from '../session/session';
import { useValue } from '../ui/value';
import { changesWere, unansweredOf } from '../commands/unanswered';
import style from './connection.module.css';
import { lastContact } from './contact';

const WORDS: Record<Connection['name'], string> = {
  idle: 'Connecting',
  connecting: 'Connecting',
  catching_up: 'Catching up',
  connected: 'Live',
  offline: 'Offline',
  closed: 'Signed out',
};

/** Short outages mend themselves: only what lasts is put into words. */
const WORTH_A_LINE_MS = 1_500;
const BACK_LINE_MS = 8_000;

/** `live`, `catching up`, …: the words of the state as the page's tests read it. */
export const stateOf = (name: Connection['name']): string => WORDS[name].toLowerCase();

export function Indicator() {
  const { name, reason, code } = useConnection();
  const contact = useValue(lastContact(useWorkItemClient()));
  const title = contact === null ? reason : `Last contact at ${formatTime(contact)}. ${reason}`;
  return (
    <p id="connection" role="status" className={style.indicator} data-state={stateOf(name)} title={title || undefined}>
      <span>{code === 'unsupported' ? 'Update needed' : WORDS[name]}</span>
    </p>
  );
}

/** What a catch-up has brought. @param own changes of one's own that waited for it */
function summaryOf(items: number, changes: number, own: number): string {
  if (items + changes === 0) return `Nothing ${own > 0 ? 'else ' : ''}happened in the meantime.`;
  const parts = [
    items > 0 && `${formatCount(items)} ${items === 1 ? 'item' : 'items'} arrived while you were away`,
    changes > 0 && `${formatCount(changes)} ${changes === 1 ? 'change was' : 'changes were'} made`,
  ];
  return `${parts.filter(Boolean).join(', ')}: nothing is missing.`;
}

export function ConnectionBanner() {
  const client = useWorkItemClient();
  const { name, reason, code, retryAt } = useConnection();
  const { signInAgain } = useSession();
  const contact = useValue(lastContact(client));
  const { dropped } = useValue(unansweredOf(client));
  const [back, setBack] = useState<string | null>(null);
  const away = useRef<number | null>(null);
  if (contact !== null) away.current = contact;

  const arrived = useRef(0);
  useWorkItemEvent('new_workitem', () => {
    if (client.state.name !== 'connected') arrived.current++;
  });
  useWorkItemEvent('caught_up', ({ count, missed }) => {
    const since = away.current;
    const items = arrived.current;
    away.current = null;
    arrived.current = 0;
    if (since === null) return;
    const long = Date.now() - since >= WORTH_A_LINE_MS;
    if (!missed && count === 0 && !long) return;
    const own = unansweredOf(client).read().waiting;
    const summary = missed
      ? 'What changed in the meantime came as a new list: nothing is missing.'
      : summaryOf(items, count - items, own);
    const sent = own === 1 ? ' Your change was sent.' : ` Your ${formatCount(own)} changes were sent.`;
    setBack(`Back. ${summary}${own > 0 ? sent : ''}`);
  });
  useEffect(() => {
    if (back === null) return undefined;
    const timer = setTimeout(() => setBack(null), BACK_LINE_MS);
    return () => clearTimeout(timer);
  }, [back]);

  const waiting = useClock((now) => contact !== null && now - contact >= WORTH_A_LINE_MS);
  const seconds = useClock((now) => (retryAt === null ? null : Math.max(0, Math.ceil((retryAt - now) / 1_000))));
  if (name === 'closed' && code === 'unsupported') {
    return (
      <div className={style.banner} data-kind="bad" id="banner" role="alert">
        <span>
          {reason} The list stands as it was{contact !== null && ` at ${formatTime(contact)}`}.
        </span>
        <button type="button" className="button outlined" onClick={() => location.reload()}>
          Reload
        </button>
      </div>
    );
  }
  if (name === 'closed') {
    return (
      <div className={style.banner} data-kind="bad" id="banner" role="alert">
        <span>
          Your session ended{contact !== null && ` at ${formatTime(contact)}`}. The list stands as it was then.
          {dropped > 0 && ` ${changesWere(dropped)} not made.`}
        </span>
        <button type="button" className="button outlined" id="sign-in-again" onClick={signInAgain}>
          Sign in again
        </button>
      </div>
    );
  }
  if (contact !== null && waiting) {
    return (
      <div className={style.banner} data-kind="warn" id="banner" role="status">
        <span>
          Offline since {formatTime(contact)}. The list stands as it was then; what happens now will be caught up.
        </span>
        {seconds !== null && (
          <span className={style.retry}>{seconds > 0 ? `Next try in ${seconds} s` : 'Trying …'}</span>
        )}
      </div>
    );
  }
  if (back === null) return null;
  return (
    <div className={style.banner} data-kind="good" id="banner" role="status">
      <span>{back}</span>
      <button type="button" className="button" onClick={() => setBack(null)}>
        Dismiss
      </button>
    </div>
  );
}
