// The screen for whoever is not signed in.
import { LogIn, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { DeskAuth } from './desk-config';
import { describePerson } from './desk-config';
import style from './sign-in.module.css';

export interface SignInProps {
  /** `null` while it is not known how people sign in. */
  auth: DeskAuth | null;
  /** Why one is here, or what went wrong. */
  problem: string | null;
  onRetry: () => void;
  onPerson: (sub: string) => void;
  /** Resolves when the provider cannot be gone to. */
  onProvider: () => Promise<void>;
}

export function SignIn({ auth, problem, onRetry, onPerson, onProvider }: SignInProps) {
  return (
    <main className={style.screen} id="sign-in">
      <div className={style.card}>
        <img src="./icon.svg" alt="" width="40" height="40" />
        <h1>Work items</h1>
        {problem && (
          <p className={style.problem} role="alert">
            {problem}
          </p>
        )}
        {auth === null && !problem && <p className={style.quiet}>One moment …</p>}
        {auth === null && problem && (
          <button type="button" className="button primary" onClick={onRetry}>
            <RotateCw aria-hidden size={15} /> Try again
          </button>
        )}
        {auth?.kind === 'oidc' && (
          <>
            <p className={style.quiet}>Submissions, as they come in.</p>
            <ProviderButton onClick={onProvider} />
          </>
        )}
        {auth?.kind === 'demo' && (
          <>
            <p className={style.quiet}>A hub in development. Sign in as</p>
            <ul className={style.people}>
              {auth.people.map((person) => (
                <li key={person.sub}>
                  <button type="button" className={style.person} onClick={() => onPerson(person.sub)}>
                    <span className={style.initials} aria-hidden>
                      {initialsOf(person.name)}
                    </span>
                    <span>
                      <strong>{person.name}</strong>
                      <small>{describePerson(person)}</small>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
        {auth?.kind === 'token' && (
          <p className={style.quiet}>
            Open a sign-in link. In development the hub prints some when it starts; <code>npm run token</code> makes
            others.
          </p>
        )}
      </div>
    </main>
  );
}

function ProviderButton({ onClick }: { onClick: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const go = (): void => {
    setBusy(true);
    void onClick().finally(() => setBusy(false));
  };
  return (
    <button type="button" className="button primary" disabled={busy} onClick={go}>
      <LogIn aria-hidden size={15} /> {busy ? 'One moment …' : 'Sign in'}
    </button>
  );
}

export const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase();
