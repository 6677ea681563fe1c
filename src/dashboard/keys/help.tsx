// The keys, as the table of shortcuts has them.
import { X } from 'lucide-react';
import { Dialog } from '../ui/dialog';
import { useSession } from '../session/session';
import style from './help.module.css';
import { type Shortcut, shortcutsFor } from './shortcuts';

const NAMES: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  PageDown: 'Page ↓',
  PageUp: 'Page ↑',
  Escape: 'Esc',
};
const GROUPS: readonly Shortcut['group'][] = ['Move', 'Work', 'Go to', 'Desk'];
const MOD = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';

/** `Mod+k` as `Ctrl K`, `g m` as `G M`, `J` as `Shift J`. */
export const wordsOfKeys = (keys: string): string[] =>
  keys.split(/[ +]/).flatMap((one) => {
    if (one === 'Mod') return MOD;
    if (/^[A-Z]$/.test(one)) return ['Shift', one];
    return NAMES[one] ?? (one.length === 1 ? one.toUpperCase() : one);
  });

export function Help({ onClose }: { onClose: () => void }) {
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
