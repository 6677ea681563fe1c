// What the palette has: all that can be done, and why some of it cannot be done now.
import type { Principal, WorkItemClient } from '@workitem-hub/client';
import { barredFor, NO_TARGET } from '../commands/barred';
import { nameOfPerson } from '../commands/people';
import { nameOfOffer, nameOfTarget, offersFor, order, targetOf } from '../commands/target';
import { preferences } from '../notices/preferences';
import { savedViews, showSavedView } from '../queues/saved-views';
import { isAnswered, runShortcut, type ShortcutName, shortcutsFor } from './shortcuts';

export interface Choice {
  name: string;
  words: string;
  group: 'Work' | 'Queues' | 'Commands' | 'Settings';
  keys?: string;
  /** Why it cannot be done now. */
  reason?: string | null;
  run: () => void;
}

/** What makes no sense once the palette is open. */
const NOT_HERE = new Set(
  // Work is offered by name, and only what is allowed.
  'palette close next previous pageDown pageUp first last extendDown extendUp claim usual status assign release'.split(
    ' ',
  ),
);
/** What is done with the item at which the keyboard is. */
const WITH_ITEM = new Set(['open', 'select']);

export function choicesFor(client: WorkItemClient, principal: Principal | null, signOut: () => void): Choice[] {
  const set = (change: Partial<ReturnType<typeof preferences.read>>) => () =>
    preferences.write({ ...preferences.read(), ...change });
  const target = targetOf(client);
  const tellers = { me: principal?.sub ?? '', nameOf: (id: string) => nameOfPerson(client, id) };
  const reasonAgainst = (name: string): string | null => {
    if (!isAnswered(name as ShortcutName)) return 'go to the list first';
    return WITH_ITEM.has(name) && target.length === 0 ? NO_TARGET : null;
  };
  return [
    ...offersFor(target, principal).map((offer) => ({
      name: `work ${offer.name}`,
      words: `${nameOfOffer(offer)} ${nameOfTarget(target)}`,
      group: 'Work' as const,
      keys: offer.key ?? '',
      run: () => order(client, target, offer.order),
    })),
    ...barredFor(target, principal, tellers).map(({ words, reason }) => ({
      name: `barred ${words}`,
      words,
      group: 'Work' as const,
      reason,
      run: () => {},
    })),
    ...shortcutsFor(principal)
      .filter(({ name }) => !NOT_HERE.has(name))
      .map(({ name, words, group, keys }) => ({
        name,
        words: group === 'Go to' ? `Go to ${words}` : words,
        group: group === 'Go to' ? ('Queues' as const) : ('Commands' as const),
        keys: keys[0] as string,
        reason: reasonAgainst(name),
        run: () => void runShortcut(name as ShortcutName),
      })),
    ...savedViews.read().map((view) => ({
      name: `view ${view.name}`,
      words: `View ${view.name}`,
      group: 'Queues' as const,
      run: () => showSavedView(view),
    })),
    { name: 'light', words: 'Light theme', group: 'Settings', run: set({ theme: 'light' }) },
    { name: 'dark', words: 'Dark theme', group: 'Settings', run: set({ theme: 'dark' }) },
    { name: 'system', words: 'Theme of the system', group: 'Settings', run: set({ theme: 'system' }) },
    { name: 'compact', words: 'Compact rows', group: 'Settings', run: set({ density: 'compact' }) },
    { name: 'comfortable', words: 'Comfortable rows', group: 'Settings', run: set({ density: 'comfortable' }) },
    { name: 'sign out', words: 'Sign out', group: 'Settings', run: signOut },
  ];
}
