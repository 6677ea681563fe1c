// Sign-in by a link, `#token=…`, as the hub prints them in development. The token leaves the address bar and is kept for this tab only.
import { DEMO_KEY } from './demo';
import { tabStore } from './tab-store';
import type { TokenSource } from './token-source';

const KEY = 'token';

/** The token of a link that was just followed; the address does not have it any more. */
export function takeLink(): string | null {
  if (!location.hash.startsWith(`#${KEY}=`)) return null;
  const token = new URLSearchParams(location.hash.slice(1)).get(KEY);
  history.replaceState(null, '', location.pathname + location.search);
  return token;
}

/** Makes it this tab's. */
export function keepToken(token: string): void {
  // Whoever was signed in here in another way is not to come back when this one goes.
  const others = tabStore.keys().filter((key) => key === DEMO_KEY || key.startsWith('oidc.'));
  for (const key of others) tabStore.removeItem(key);
  tabStore.setItem(KEY, token);
}

/** The token of a link that was just followed, else the one that this tab has. */
export function takeToken(): string | null {
  const given = takeLink();
  if (given) keepToken(given);
  return tabStore.getItem(KEY);
}

/** A token that cannot be renewed: when its time is over, so is the session. */
export function tokenSource(token: string): TokenSource {
  let lapsed = false;
  const forget = async (): Promise<void> => tabStore.removeItem(KEY);
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
