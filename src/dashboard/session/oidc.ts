// Sign-in at an OpenID Connect provider: code flow with PKCE, refreshed by refresh tokens. A chunk of its own, loaded where it is used.
import { ErrorResponse, ErrorTimeout, type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { hubAddress } from '../hub/address';
import type { DeskAuth } from './desk-config';
import { tabStore } from './tab-store';
import type { TokenSource } from './token-source';

type OidcAuth = Extract<DeskAuth, { kind: 'oidc' }>;

export interface Oidc {
  /**
   * Whoever is signed in, also when the page is where the provider has just sent the browser back to; `null` for nobody.
   * @throws Error in words for people, when the provider has not signed them in
   */
  resume(): Promise<TokenSource | null>;
  /** Leaves the page for the provider, which sends the browser back to the address that it has now. @throws Error in words for people */
  signIn(): Promise<void>;
}

/** Other tabs of this desk are told of a sign-out. */
const CHANNEL = 'workitem-hub signed out';
/** Names this tab's sign-in. A tab that was duplicated has a copy of it, and of the tokens. */
const TAB = 'oidc.tab';
/** Tells whether the tab keeps what it is told. */
const PROBE = 'oidc.probe';
/** Answers of the provider that take this long are none; the client waits for a token 15 s. */
const PATIENCE_S = 10;
/** A page that was reloaded gets the lock of the one before, once that is gone. */
const CLAIM_MS = 2_000;

/** @param onSignedOut somebody has signed out in another tab */
export function createOidc({ authority, client_id, scope }: OidcAuth, onSignedOut: () => void): Oidc {
  const home = hubAddress('.');
  const store = new WebStorageStateStore({ store: tabStore as unknown as Storage });
  const manager = new UserManager({
    authority,
    client_id,
    scope,
    redirect_uri: home,
    post_logout_redirect_uri: home,
    response_type: 'code',
    // The client asks when it needs one. Without a timer there is one clock, and none that a sleeping laptop stops.
    automaticSilentRenew: false,
    requestTimeoutInSeconds: PATIENCE_S,
    silentRequestTimeoutInSeconds: PATIENCE_S,
    // Tokens stay with the tab: they are gone with it, and no other page of this origin that comes later finds them.
    userStore: store,
    stateStore: store,
  });
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = () => {
    void forget();
    onSignedOut();
  };
  let lapsed = false;
  let refreshing: Promise<User | null> | null = null;
  let claimed: Promise<void> = Promise.resolve();

  /** The refresh token too, so that nobody uses it later. */
  async function forget(): Promise<void> {
    // Not every provider takes tokens back.
    await manager.revokeTokens(['refresh_token']).catch(() => {});
    await manager.removeUser();
  }

  /** @throws what it failed by, when it may work later */
  async function refresh(): Promise<User | null> {
    try {
      return await manager.signinSilent();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return null;
    }
  }

  const source: TokenSource = {
    kind: 'oidc',
    get lapsed() {
      return lapsed;
    },
    async token(why = 'connect') {
      if (why === 'refused') {
        // The hub has taken it back. Whoever comes again has to be let in by the provider, not by a token from before.
        lapsed = false;
        await forget();
        return null;
      }
      let user = await manager.getUser();
      // Frames are forbidden by the page's policy: who has no refresh token signs in again when the time is over.
      if (user?.refresh_token && (why !== 'connect' || user.expired) && (await isOwnTab())) {
        // One at a time: a provider that sees the same refresh token twice takes it for stolen.
        refreshing ??= refresh().finally(() => {
          refreshing = null;
        });
        user = await refreshing;
      }
      if (user && !user.expired) return user.access_token;
      // Without a word to the provider: the refresh token may be another tab's.
      await manager.removeUser();
      lapsed = true;
      return null;
    },
    forget,
    async end() {
      const id_token_hint = (await manager.getUser())?.id_token;
      await forget();
      channel.postMessage(null);
      // Some providers have no page to sign out at, and one that is away has none either.
      await manager.signoutRedirect(id_token_hint ? { id_token_hint } : {}).catch(() => {});
    },
  };

  /** Holds a lock of this tab's name for as long as the page stands. */
  function claimTab(): void {
    const name = tabStore.getItem(TAB);
    if (!name || !navigator.locks) return;
    claimed = new Promise((resolve) => {
      const hold = (): Promise<never> => {
        resolve();
        return new Promise(() => {});
      };
      void navigator.locks.request(`workitem-hub ${name}`, hold).catch(() => {});
    });
  }

  /** A tab that was duplicated leaves the refresh token to the one that it came from, for as long as that stands. */
  const isOwnTab = (): Promise<boolean> =>
    Promise.race([
      claimed.then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), CLAIM_MS)),
    ]);

  return {
    async resume() {
      const query = new URLSearchParams(location.search);
      if (query.has('state') && (query.has('code') || query.has('error'))) {
        const back = (place: unknown): void =>
          history.replaceState(null, '', location.pathname + (typeof place === 'string' ? place : ''));
        try {
          const { state } = await manager.signinRedirectCallback();
          tabStore.setItem(TAB, crypto.randomUUID());
          back(state);
        } catch (error) {
          back(error instanceof ErrorResponse ? error.state : null);
          throw inWords(error, authority);
        }
      }
      claimTab();
      const user = await manager.getUser();
      return user && (!user.expired || user.refresh_token) ? source : null;
    },
    async signIn() {
      if (!window.isSecureContext) throw new Error('Signing in needs an address that begins with https.');
      // What the answer is compared with has to be there when the page comes back.
      if (!tabStore.setItem(PROBE, ''))
        throw new Error('Signing in needs a browser that lets this page keep data for its tab.');
      tabStore.removeItem(PROBE);
      try {
        // What one was looking at comes back with the answer.
        await manager.signinRedirect({ state: location.hash });
      } catch (error) {
        throw inWords(error, authority);
      }
    },
  };
}

/** The provider has answered, and the answer is no. `temporarily_unavailable` and the like are none. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ErrorResponse &&
  /^(invalid_|unauthorized_|access_|interaction_|login_|consent_)/.test(error.error ?? '');

function inWords(error: unknown, authority: string): Error {
  if (error instanceof ErrorResponse) {
    const words = error.error_description ?? error.error ?? 'it does not say why';
    return new Error(`The sign-in service has refused: ${words}`);
  }
  const { host } = new URL(authority);
  // What `fetch` throws when nobody answers.
  if (error instanceof ErrorTimeout || error instanceof TypeError) {
    return new Error(`The sign-in service (${host}) cannot be reached. Please try again.`);
  }
  return new Error(`Signing in has failed: ${(error as Error).message}`);
}
