// The session's beginning and end, and the client of the hub for as long as it lasts.
import type { ClientState } from '@workitem-hub/client';
import { WorkItemProvider } from '@workitem-hub/client/react';
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { showDialog } from '../commands/dialog-state';
import { changesWere, unansweredOf } from '../commands/unanswered';
import { claimPlace, forgetPlace, holdPlace } from '../queues/view-url';
import { connectAs, firstSource, type SignedIn } from './begin';
import { demoSource } from './demo';
import { type DeskAuth, type DeskConfig, readDeskConfig } from './desk-config';
import type { Oidc } from './oidc';
import { SessionContext } from './session';
import { SignIn } from './sign-in';
import { keepToken, takeLink, tokenSource } from './token-link';
import type { TokenSource } from './token-source';

/**
 * The screen for signing in, or for who is signed in the desk.
 * @param first the session that this tab brought along
 */
export function SessionProvider({ first, children }: { first: SignedIn | null; children: ReactNode }) {
  const [desk, setDesk] = useState<DeskConfig | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [signedIn, setSignedIn] = useState<SignedIn | null>(first);
  const [attempt, setAttempt] = useState(0);
  const oidc = useRef<Oidc | null>(null);
  const latest = useRef(signedIn);
  useLayoutEffect(() => {
    latest.current = signedIn;
  });

  const begin = useCallback((source: TokenSource): void => {
    setProblem(null);
    holdPlace();
    setSignedIn(connectAs(source));
  }, []);

  /** @param reason `null` for whoever wanted it, and knows what goes with it */
  const end = useCallback((reason: string | null): void => {
    const waiting = latest.current ? unansweredOf(latest.current.client).read().waiting : 0;
    setSignedIn(null);
    setProblem(reason && waiting > 0 ? `${reason} ${changesWere(waiting)} not answered before that.` : reason);
  }, []);

  const toProvider = useCallback(
    async (): Promise<void> => oidc.current?.signIn().catch((error: Error) => end(error.message)),
    [end],
  );

  useEffect(() => {
    let current = true;
    void (async () => {
      try {
        const read = await readDeskConfig();
        if (!current) return;
        if (read.auth.kind === 'oidc') await resume(read.auth);
        if (current) setDesk(read);
      } catch (error) {
        if (current) setProblem((error as Error).message);
      }
    })();

    async function resume(auth: Extract<DeskAuth, { kind: 'oidc' }>): Promise<void> {
      const { createOidc } = await import('./oidc');
      if (!current) return;
      oidc.current ??= createOidc(auth, () => {
        end('You have signed out in another tab.');
        forgetPlace();
      });
      try {
        const source = firstSource() ? null : await oidc.current.resume();
        if (source && current) begin(source);
      } catch (error) {
        // There is a way on: the button for signing in.
        if (current) setProblem((error as Error).message);
      }
    }
    return () => {
      current = false;
    };
  }, [attempt, begin, end]);

  // A link may be followed in a tab that is open: whoever it is for sits here now, unless that would lose what is not answered.
  useEffect(() => {
    const follow = ({ oldURL }: HashChangeEvent): void => {
      const token = takeLink();
      if (!token) return;
      const come = (): void => {
        keepToken(token);
        forgetPlace();
        begin(tokenSource(token));
      };
      const { client } = latest.current ?? {};
      if (!client || unansweredOf(client).read().waiting === 0) return come();
      history.replaceState(null, '', oldURL);
      showDialog({ kind: 'leave', leave: come, newcomer: true });
    };
    // Ahead of what reads the place.
    window.addEventListener('hashchange', follow, true);
    return () => window.removeEventListener('hashchange', follow, true);
  }, [begin]);

  useEffect(() => {
    if (!signedIn) return undefined;
    const { client, source } = signedIn;
    const look = ({ name, code, reason }: ClientState): void => {
      if (client.principal) claimPlace(client.principal.sub);
      // What is too old to understand the hub says so, in its place.
      if (name !== 'closed' || code === null || code === 'unsupported') return;
      // Whose time is over may read on; whoever may not look any more is shown nothing more.
      if (source.lapsed && client.principal) return;
      void source.forget();
      if (client.principal || source.kind === 'oidc') end('Your session has been ended. Please sign in again.');
      else if (code !== 'unauthenticated') end(reason || 'Your session is over.');
      else if (source.kind === 'token') end('This sign-in link is not valid any more.');
      else end('You cannot be signed in as this person any more.');
    };
    const stop = client.on('state', look);
    // It was connected before this was rendered.
    look(client.state);
    return () => {
      stop();
      client.close();
    };
  }, [signedIn, end]);

  const signOut = useCallback(() => {
    if (!signedIn) return;
    signedIn.client.close();
    end(null);
    forgetPlace();
    void signedIn.source.end();
  }, [signedIn, end]);

  const signInAgain = useCallback(() => {
    if (signedIn?.source.kind === 'oidc') void toProvider();
    else end(null);
  }, [signedIn, end, toProvider]);

  if (!signedIn) {
    return (
      <SignIn
        auth={desk?.auth ?? null}
        problem={problem}
        onRetry={() => {
          setProblem(null);
          setAttempt((before) => before + 1);
        }}
        onPerson={(sub) => begin(demoSource(sub))}
        onProvider={toProvider}
      />
    );
  }
  return (
    <WorkItemProvider client={signedIn.client} connect={false}>
      <SessionContext desk={desk} source={signedIn.source} signOut={signOut} signInAgain={signInAgain}>
        {children}
      </SessionContext>
    </WorkItemProvider>
  );
}
