// Says that something has come: to screen readers, and to whoever looks elsewhere in the title of the tab; if wanted as a notification
// and by a sound.
import type { Item } from '@workitem-hub/client';
import { useWorkItemClient, useWorkItemEvent } from '@workitem-hub/client/react';
import { useEffect, useRef, useState } from 'react';
import { formatCount } from '../locale/format';
import { openItem } from '../queues/view-url';
import { markFresh } from '../table/arrivals';
import { titleOf } from '../table/cells';
import { type HandOver, tellHandOvers } from './handed-over';
import { preferences } from './preferences';
import { playChime } from './sound';

/** Screen readers are told of arrivals together. */
const TELL_MS = 2_000;
const TITLE = 'Work items';

/** On another tab, or in another window that may lie beside this one. */
const isAway = (): boolean => document.hidden || !document.hasFocus();

export function Notices({ me }: { me: string }) {
  const client = useWorkItemClient();
  const [told, setTold] = useState('');
  const arrived = useRef<Item[]>([]);
  /** By item: of one that went to and fro, the last. */
  const handed = useRef(new Map<number, HandOver>());
  const unseen = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  function tell(): void {
    timer.current = undefined;
    const items = arrived.current;
    const handOvers = handed.current;
    arrived.current = [];
    handed.current = new Map();
    tellHandOvers(client, [...handOvers.values()]);
    const [first] = items;
    if (!first) return;
    const words = items.length === 1 ? `New: ${titleOf(first)}` : `${formatCount(items.length)} new items`;
    // What was given is said with the giver.
    if (items.some(({ id }) => !handOvers.has(id))) setTold(words);
    if (isAway()) notify(words, items.length === 1 ? first.id : null);
  }

  function arrive(item: Item): void {
    markFresh(item.id);
    arrived.current.push(item);
    timer.current ??= setTimeout(tell, TELL_MS);
    if (isAway()) document.title = `(${formatCount(++unseen.current)}) ${TITLE}`;
    if (preferences.read().sound) playChime();
  }

  useWorkItemEvent('new_workitem', arrive);
  useWorkItemEvent('workitem_assigned', ({ item, by, previous_assigned_to: before }) => {
    const given = item.assigned_to === me;
    if (by === me || given === (before === me)) return;
    handed.current.set(item.id, { item, by, given });
    timer.current ??= setTimeout(tell, TELL_MS);
    // What somebody gave to this person is new to them.
    if (given) arrive(item);
  });
  useEffect(() => {
    const look = (): void => {
      if (isAway()) return;
      unseen.current = 0;
      document.title = TITLE;
    };
    document.addEventListener('visibilitychange', look);
    window.addEventListener('focus', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('focus', look);
      clearTimeout(timer.current);
      timer.current = undefined;
      document.title = TITLE;
    };
  }, []);
  return (
    <p id="arrivals" className="unseen" role="status" aria-live="polite">
      {told}
    </p>
  );
}

function notify(words: string, id: number | null): void {
  if (!preferences.read().notify || !('Notification' in window) || Notification.permission !== 'granted') return;
  try {
    // One at a time: the next takes its place.
    const notification = new Notification(TITLE, { body: words, tag: 'workitem-hub', silent: true });
    notification.onclick = () => {
      window.focus();
      notification.close();
      if (id !== null) openItem(id);
    };
  } catch {
    // Phones want a service worker for it.
  }
}
