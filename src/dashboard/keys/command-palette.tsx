// Everything that can be done, by its name; a chunk of its own, loaded when it is first asked for.
import { useWorkItemClient } from '@workitem-hub/client/react';
import { Command } from 'cmdk';
import { useMemo, useState } from 'react';
import { useLeaving } from '../commands/leaving';
import { openItem } from '../queues/view-url';
import { useSession } from '../session/session';
import { titleOf } from '../table/cells';
import choosing from '../ui/choose.module.css';
import { Dialog } from '../ui/dialog';
import { choicesFor } from './choices';
import style from './command-palette.module.css';
import { wordsOfKeys } from './key-words';

const MOST_ITEMS = 8;

export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const client = useWorkItemClient();
  const { workItems } = client;
  const { signOut, principal } = useSession();
  const leaving = useLeaving();
  const wanted = text.trim().toLowerCase();

  const choices = useMemo(
    () => choicesFor(client, principal, () => leaving(signOut)),
    [client, principal, signOut, leaving],
  );
  const fitting = choices.filter(({ words }) =>
    wanted.split(/\s+/).every((part) => words.toLowerCase().includes(part)),
  );
  const possible = fitting.filter(({ reason }) => !reason);
  // Only what is asked for: the rest is of no use now.
  const barred = wanted ? fitting.filter(({ reason }) => reason) : [];
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
            const those = possible.filter((one) => one.group === group);
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
          {barred.length > 0 && (
            <Command.Group heading="Not possible">
              {barred.map(({ name, words, reason }) => (
                <Command.Item key={name} value={name} className={choosing.choice} disabled>
                  <span className={style.words}>
                    {words}
                    <span className="unseen">: </span>
                  </span>
                  <small>{reason}</small>
                </Command.Item>
              ))}
            </Command.Group>
          )}
        </Command.List>
        {/* Arrows lead to what can be chosen only. */}
        <p className="unseen" role="status">
          {possible.length + items.length === 0 &&
            barred.map(({ words, reason }) => `${words} is not possible: ${reason}.`).join(' ')}
        </p>
      </Command>
    </Dialog>
  );
}
