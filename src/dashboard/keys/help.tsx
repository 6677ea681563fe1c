// The keys, as the table of shortcuts has them; a chunk of its own.
import { X } from 'lucide-react';
import { Dialog } from '../ui/dialog';
import { useSession } from '../session/session';
import style from './help.module.css';
import { wordsOfKeys } from './key-words';
import { type Shortcut, shortcutsFor } from './shortcuts';

const GROUPS: readonly Shortcut['group'][] = ['Move', 'Work', 'Go to', 'Desk'];

export default function Help({ onClose }: { onClose: () => void }) {
  const { principal } = useSession();
  const shortcuts = shortcutsFor(principal);
  return (
    <Dialog label="Keys" className={style.dialog as string} onClose={onClose}>
      <div className={style.help} id="help">
        <header>
          <h2>Keys</h2>
          <button type="button" className="button icon" aria-label="Close" onClick={onClose}>
            <X aria-hidden size={16} />
          </button>
        </header>
        <div className={style.groups}>
          {GROUPS.map((group) => (
            <section key={group} aria-label={group}>
              <h3>{group}</h3>
              <dl>
                {shortcuts
                  .filter((one) => one.group === group)
                  .map(({ name, keys, words }) => (
                    <div key={name}>
                      <dt>{words}</dt>
                      <dd>
                        {keys.map((one, index) => (
                          <span key={one}>
                            {index > 0 && <i>or</i>}
                            {wordsOfKeys(one).map((key, at) => (
                              <kbd key={`${key}${at}`}>{key}</kbd>
                            ))}
                          </span>
                        ))}
                      </dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
