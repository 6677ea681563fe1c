// Sign-in by a link, `#token=…`, as the hub prints them in development. The token leaves the address bar and is kept for this tab only.
import { DEMO_KEY } from './demo';
import type { TokenSource } from './token-source';

const KEY = 'token';

/** The token of a link that was just followed, else the one that this tab has. */
export function takeToken(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get(KEY);
  if (given) {
    // Whoever was signed in here in another way is not to come back when this one goes.
    const others = Object.keys(sessionStorage).filter((key) => key === DEMO_KEY || key.startsWith('oidc.'));
    for (const key of others) sessionStorage.removeItem(key);
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(KEY);
}

/** Whether the address is such a link: one may be followed in a tab that is open. */
export const isTokenLink = (): boolean => location.hash.startsWith('#token=');

/** A token that cannot be renewed: when its time is over, so is the session. */
export function tokenSource(token: string): TokenSource {
  let lapsed = false;
  const forget = async (): Promise<void> => sessionStorage.removeItem(KEY);
  return {
    kind: 'token',
    get lapsed() {
      return lapsed;
    },
    async token(why) {
      lapsed = why === 'expired';
      if (!lapsed && why !== 'refused') return token;
      await forget();
      return null;
    },
    forget,
    end: forget,
  };
}
