// What an admin can do about somebody's sessions: end them, or have them begin anew. Each says first what will happen.
import type { Person } from '@workitem-hub/client';
import { useState } from 'react';
import { ApiError, useApi } from '../hub/api';
import { useSession } from '../session/session';
import { Dialog } from '../ui/dialog';
import { toast } from '../ui/toasts';
import type { HubWatch } from './hub-watch';
import style from './tables.module.css';

export interface PersonAct {
  drain: HubWatch['drain'];
  /** Called when something was done. */
  done: () => void;
}

type Kind = 'revoke' | 'drain';

export function PersonActions({ person, act }: { person: Person | null; act: PersonAct }) {
  const [asked, setAsked] = useState<Kind | null>(null);
  if (!person) return null;
  const name = person.name ?? person.id;
  return (
    <span className={style.acts}>
      <button
        type="button"
        className="button"
        data-act="drain"
        disabled={!person.online}
        aria-label={`Drain the connections of ${name}`}
        onClick={() => setAsked('drain')}
      >
        Drain
      </button>
      <button
        type="button"
        className="button"
        data-act="revoke"
        aria-label={`Sign out everywhere: ${name}`}
        onClick={() => setAsked('revoke')}
      >
        <span>
          Sign out<span className={style.further}> everywhere</span>
        </span>
      </button>
      {asked && <Confirm kind={asked} person={person} name={name} act={act} onClose={() => setAsked(null)} />}
    </span>
  );
}

interface ConfirmProps {
  kind: Kind;
  person: Person;
  name: string;
  act: PersonAct;
  onClose: () => void;
}

function Confirm({ kind, person: { id }, name, act, onClose }: ConfirmProps) {
  const api = useApi();
  const { principal, kind: signIn } = useSession();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const own = principal?.sub === id;

  async function revoke(): Promise<void> {
    const { id: revocation } = await api.post<{ id: string }>('api/revocations', { sub: id });
    toast(`${name} is signed out everywhere.`, {
      undo: () => {
        api.fetch(`api/revocations/${revocation}`, { method: 'DELETE' }).then(
          () => toast(`The sessions of ${name} from before are good again.`),
          (error: Error) => toast(error.message, { kind: 'failed' }),
        );
      },
    });
  }

  async function drain(): Promise<void> {
    await act.drain(id);
    toast(`The connections of ${name} are being closed; their desks come back by themselves.`);
  }

  async function confirm(): Promise<void> {
    setBusy(true);
    try {
      await (kind === 'revoke' ? revoke() : drain());
      act.done();
      onClose();
    } catch (error) {
      setTrouble(error instanceof ApiError || error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  }

  return (
    <Dialog label={WORDS[kind].title(name)} className={style.dialog as string} onClose={onClose}>
      <div id="confirm">
        <h2>{WORDS[kind].title(name)}</h2>
        {WORDS[kind].text.map((line) => (
          <p key={line}>{line}</p>
        ))}
        {kind === 'revoke' && signIn === 'oidc' && (
          <p>
            The identity provider is not told: where it still knows them, they get in again without a question. To keep
            somebody out, block them there first.
          </p>
        )}
        {own && (
          <p>
            <strong>This is you: your own desk is concerned as well.</strong>
          </p>
        )}
        {trouble !== null && (
          <p className={style.failed} role="alert">
            {trouble}
          </p>
        )}
        <footer>
          <button type="button" className="button outlined" data-first onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className={`button primary ${kind === 'revoke' ? style.danger : ''}`}
            id="confirm-act"
            disabled={busy}
            onClick={() => void confirm()}
          >
            {WORDS[kind].act}
          </button>
        </footer>
      </div>
    </Dialog>
  );
}

const WORDS = {
  revoke: {
    title: (name: string) => `Sign ${name} out everywhere?`,
    text: [
      'Every session that they have now ends within a second, on every device: desks show the sign-in screen, and what they have not sent is lost.',
      'Their work stays theirs, and they may sign in again at once.',
    ],
    act: 'Sign out everywhere',
  },
  drain: {
    title: (name: string) => `Drain the connections of ${name}?`,
    text: [
      'Every connection that they have is closed within a second, in every process of the hub. They stay signed in.',
      'Their desks connect anew by themselves, perhaps to another process, and catch up what happened meanwhile: nothing is lost.',
    ],
    act: 'Drain',
  },
};
