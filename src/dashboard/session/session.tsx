// Who is signed in, for every part that asks.
import type { Principal } from '@workitem-hub/client';
import { useConnection } from '@workitem-hub/client/react';
import { createContext, type ReactNode, useCallback, useContext, useMemo } from 'react';
import type { DeskConfig } from './desk-config';
import type { TokenSource } from './token-source';

export interface Session {
  readonly kind: TokenSource['kind'];
  /** What the hub said about it; `null` while that is not read. */
  readonly desk: DeskConfig | null;
  /** Who it is; `null` before the first connection. */
  readonly principal: Principal | null;
  readonly token: () => Promise<string | null>;
  /** Signs this tab out; where there is a provider, there too, with every tab of this browser. */
  readonly signOut: () => void;
  /** For whom the session has lapsed: on to where one signs in, and back to this address. */
  readonly signInAgain: () => void;
}

const Context = createContext<Session | null>(null);

/** The session; only below the sign-in. */
export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error('useSession() is used outside of <SessionProvider>.');
  return session;
}

interface SessionContextProps extends Pick<Session, 'desk' | 'signOut' | 'signInAgain'> {
  source: TokenSource;
  children: ReactNode;
}

export function SessionContext({ desk, source, signOut, signInAgain, children }: SessionContextProps) {
  const { principal } = useConnection();
  // The same for as long as the session lasts: what was asked for with it is not asked for again when a token says something else.
  const token = useCallback(() => source.token('connect'), [source]);
  const session = useMemo<Session>(
    () => ({ kind: source.kind, desk, principal, token, signOut, signInAgain }),
    [source, desk, principal, token, signOut, signInAgain],
  );
  return <Context value={session}>{children}</Context>;
}
