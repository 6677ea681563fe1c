// Everything that can be done, by its name; a chunk of its own, loaded when it is first asked for.
import { useWorkItemClient } from '@workitem-hub/client/react';
import { Command } from 'cmdk';
import { useMemo, useState } from 'react';
import { preferences } from '../notices/preferences';
import { savedViews, showSavedView } from '../queues/saved-views';
import { openItem } from '../queues/view-url';
import { useSession } from '../session/session';
import { titleOf } from '../table/cells';
import choosing from '../ui/choose.module.css';
import { Dialog } from '../ui/dialog';
import { useLeaving } from '../commands/leaving';
import { nameOfTarget, offersFor, order, targetOf } from '../commands/target';
import style from './command-palette.module.css';
import { wordsOfKeys } from './key-words';
import { runShortcut, type ShortcutName, shortcutsFor } from './shortcuts';

interface Choice {
  name: string;
  words: string;
  group: string;
  keys?: string;
  run: () => void;
}

/** What makes no sense once the palette is open. */
const NOT_HERE = new Set(
  // Work is offered by name, and only what is allowed.
  'palette close next previous pageDown pageUp first last extendDown extendUp claim usual status assign release'.split(
    ' ',
  ),
);
const MOST_ITEMS = 8;

export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const client = useWorkItemClient();
  const { workItems } = client;
  const { signOut, principal } = useSession();
  const leaving = useLeaving();
  const wanted = text.trim().toLowerCase();

  const choices = useMemo<Choice[]>(() => {
    const set = (change: Partial<ReturnType<typeof preferences.read>>) => () =>
      preferences.write({ ...preferences.read(), ...change });
    const target = targetOf(client);
    return [
      ...offersFor(target, principal).map((offer) => ({
        name: `work ${offer.name}`,
        words: `${offer.words.replace(/ …$/, '')} ${nameOfTarget(target)}`,
        group: 'Work',
        keys: offer.key ?? '',
        run: () => order(client, target, offer.order),
      })),
      ...shortcutsFor(principal)
        .filter(({ name }) => !NOT_HERE.has(name))
        .map(({ name, words, group, keys }) => ({
          name,
          words: group === 'Go to' ? `Go to ${words}` : words,
          group: group === 'Go to' ? 'Queues' : 'Commands',
          keys: keys[0] as string,
          run: () => void runShortcut(name as ShortcutName),
        })),
      ...savedViews.read().map((view) => ({
        name: `view ${view.name}`,
        words: `View ${view.name}`,
        group: 'Queues',
        run: () => showSavedView(view),
      })),
      { name: 'light', words: 'Light theme', group: 'Settings', run: set({ theme: 'light' }) },
      { name: 'dark', words: 'Dark theme', group: 'Settings', run: set({ theme: 'dark' }) },
      { name: 'system', words: 'Theme of the system', group: 'Settings', run: set({ theme: 'system' }) },
      { name: 'compact', words: 'Compact rows', group: 'Settings', run: set({ density: 'compact' }) },
      { name: 'comfortable', words: 'Comfortable rows', group: 'Settings', run: set({ density: 'comfortable' }) },
      { name: 'sign out', words: 'Sign out', group: 'Settings', run: () => leaving(signOut) },
    ];
  }, [client, principal, signOut, leaving]);

  const fitting = choices.filter(({ words }) =>
    wanted.split(/\s+/).every((part) => words.toLowerCase().includes(part)),
  );
  const items = useMemo(() => {
    if (!wanted) return [];
    const found = [];
    for (const item of workItems.items) {
      if (!`${item.id} ${titleOf(item)} ${item.subject}`.toLowerCase().includes(wanted)) continue;
      found.push(item);
      if (found.length === MOST_ITEMS) break;
    }
    return found;
  }, [workItems, wanted]);

  // The dialog is gone before: what is run may ask for the focus.
  const choose = (run: () => void): void => {
    onClose();
    requestAnimationFrame(run);
  };

  return (
    <Dialog label="Commands" className={style.dialog as string} onClose={onClose}>
      <Command label="Commands" shouldFilter={false} loop className={style.palette}>
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder="What to do, or which item"
          className={choosing.input}
          data-first
        />
        <Command.List className={choosing.list} label="Commands">
          <Command.Empty className={choosing.none}>Nothing by that name.</Command.Empty>
          {items.length > 0 && (
            <Command.Group heading="Items">
              {items.map((item) => (
                <Command.Item
                  key={item.id}
                  value={`item ${item.id}`}
                  className={choosing.choice}
                  onSelect={() => choose(() => openItem(item.id))}
                >
                  <span className={style.words}>{titleOf(item)}</span>
                  <small>
                    {item.extracted_fields.policy_type ?? ''} {item.id}
                  </small>
                </Command.Item>
              ))}
            </Command.Group>
          )}
          {['Work', 'Queues', 'Commands', 'Settings'].map((group) => {
            const those = fitting.filter((one) => one.group === group);
            if (those.length === 0) return null;
            return (
              <Command.Group key={group} heading={group}>
                {those.map(({ name, words, keys, run }) => (
                  <Command.Item key={name} value={name} className={choosing.choice} onSelect={() => choose(run)}>
                    <span className={style.words}>{words}</span>
                    {keys && (
                      <span className={style.keys}>
                        {wordsOfKeys(keys).map((key) => (
                          <kbd key={key}>{key}</kbd>
                        ))}
                      </span>
                    )}
                  </Command.Item>
                ))}
              </Command.Group>
            );
          })}
        </Command.List>
      </Command>
    </Dialog>
  );
}
