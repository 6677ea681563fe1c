// Theme, density, notifications and sound, and who is signed in.
import { CircleHelp, LogOut } from 'lucide-react';
import { useApi } from '../hub/api';
import { runShortcut } from '../keys/shortcuts';
import { describePerson } from '../session/desk-config';
import { useSession } from '../session/session';
import { initialsOf } from '../session/sign-in';
import { Popover } from '../ui/popover';
import { toast } from '../ui/toasts';
import { useLeaving } from '../commands/leaving';
import { preferences, type Preferences } from './preferences';
import style from './settings.module.css';
import { playChime } from './sound';
import { useStored } from './use-stored';

/** What was allowed may have been forbidden since. */
const mayNotify = (): boolean => 'Notification' in window && Notification.permission === 'granted';

export function Settings() {
  const { principal, signOut } = useSession();
  const leaving = useLeaving();
  const api = useApi();
  const [chosen, setChosen] = useStored(preferences);
  const name = principal?.name ?? principal?.sub ?? '';
  const set = (change: Partial<Preferences>): void => setChosen({ ...preferences.read(), ...change });

  async function setNotify(on: boolean): Promise<void> {
    if (!on) return set({ notify: false });
    if (!('Notification' in window)) return toast('This browser has no notifications.', { kind: 'failed' });
    const answer = await Notification.requestPermission();
    if (answer === 'granted') return set({ notify: true });
    toast(
      answer === 'denied'
        ? 'This browser blocks notifications of this page. Its settings for the page, beside the address, can allow them.'
        : 'Notifications stay off: the browser was not told to allow them.',
      { kind: 'failed' },
    );
  }

  async function signOutEverywhere(): Promise<void> {
    try {
      await api.post('api/revocations', { sub: principal?.sub });
      signOut();
    } catch (error) {
      toast((error as Error).message, { kind: 'failed' });
    }
  }

  return (
    <Popover
      id="settings"
      align="end"
      panelLabel="Settings"
      label="Settings"
      className={style.me as string}
      button={<span data-initials={name ? initialsOf(name) : '…'} />}
    >
      {(close) => (
        <div className={style.settings}>
          {principal && (
            <p className={style.who} id="who">
              <strong>{name}</strong>
              <span>{describePerson(principal)}</span>
            </p>
          )}
          <Choice
            words="Theme"
            value={chosen.theme}
            all={{ system: 'System', light: 'Light', dark: 'Dark' }}
            onChange={(theme) => set({ theme })}
          />
          <Choice
            words="Density"
            value={chosen.density}
            all={{ compact: 'Compact', comfortable: 'Comfortable' }}
            onChange={(density) => set({ density })}
          />
          <label className={style.toggle}>
            <input
              type="checkbox"
              checked={chosen.notify && mayNotify()}
              onChange={({ target }) => void setNotify(target.checked)}
            />
            Notifications while I look elsewhere
          </label>
          <label className={style.toggle}>
            <input
              type="checkbox"
              checked={chosen.sound}
              onChange={({ target }) => {
                set({ sound: target.checked });
                if (target.checked) playChime();
              }}
            />
            A short sound for new items
          </label>
          <div className={style.foot}>
            <button
              type="button"
              className="button"
              onClick={() => {
                close();
                runShortcut('help');
              }}
            >
              <CircleHelp aria-hidden size={14} /> Keys
            </button>
            <button type="button" className="button" id="sign-out" onClick={() => leaving(signOut)}>
              <LogOut aria-hidden size={14} /> Sign out
            </button>
          </div>
          <button
            type="button"
            className={`button ${style.everywhere}`}
            id="sign-out-everywhere"
            title="Ends your sessions in every browser and on every device"
            onClick={() => leaving(() => void signOutEverywhere())}
          >
            Sign out everywhere
          </button>
        </div>
      )}
    </Popover>
  );
}

function Choice<T extends string>({
  words,
  value,
  all,
  onChange,
}: {
  words: string;
  value: T;
  all: Record<T, string>;
  onChange: (value: T) => void;
}) {
  return (
    <div className={style.choice} role="group" aria-label={words}>
      <span>{words}</span>
      <div>
        {(Object.entries(all) as [T, string][]).map(([one, shown]) => (
          <button key={one} type="button" aria-pressed={one === value} onClick={() => onChange(one)}>
            {shown}
          </button>
        ))}
      </div>
    </div>
  );
}
