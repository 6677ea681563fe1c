// Sign-in at an OpenID Connect provider: code flow with PKCE, refreshed by refresh tokens. A chunk of its own, loaded where it is used.
import { User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { hubAddress } from '../hub/address';
import type { DeskAuth } from './desk-config';
import type { TokenSource } from './token-source';

type OidcAuth = Extract<DeskAuth, { kind: 'oidc' }>;

export interface Oidc {
  /** Whoever is signed in, also when the page is where the provider has just sent the browser back to; `null` for nobody. */
  resume(): Promise<TokenSource | null>;
  /** Leaves the page for the provider. */
  signIn(): Promise<void>;
}

/** Other tabs of this desk are told of a sign-out. */
const CHANNEL = 'workitem-hub signed out';

export function createOidc({ authority, client_id, scope }: OidcAuth, onSignedOut: () => void): Oidc {
  const home = hubAddress('.');
  const manager = new UserManager({
    authority,
    client_id,
    scope,
    redirect_uri: home,
    post_logout_redirect_uri: home,
    response_type: 'code',
    // The client asks when it needs one. Without a timer there is one clock, and none that a sleeping laptop stops.
    automaticSilentRenew: false,
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
  });
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = () => {
    void manager.removeUser();
    onSignedOut();
  };

  const source: TokenSource = {
    kind: 'oidc',
    async token(why) {
      let user = await manager.getUser();
      // Frames are forbidden by the page's policy: who has no refresh token signs in again.
      if (user?.refresh_token && (why !== 'connect' || user.expired)) user = await manager.signinSilent();
      return user && !user.expired ? user.access_token : null;
    },
    async end() {
      channel.postMessage(null);
      const user = await manager.getUser();
      await manager.revokeTokens().catch(() => {});
      // Some providers have no page to sign out at.
      await manager.signoutRedirect({ id_token_hint: user?.id_token }).catch(() => manager.removeUser());
    },
  };

  return {
    async resume() {
      const query = new URLSearchParams(location.search);
      if (query.has('state') && (query.has('code') || query.has('error'))) {
        const back = (user?: User): void =>
          history.replaceState(null, '', location.pathname + (typeof user?.state === 'string' ? user.state : ''));
        try {
          back(await manager.signinRedirectCallback());
        } catch (error) {
          back();
          throw error;
        }
      }
      const user = await manager.getUser();
      return user && (!user.expired || user.refresh_token) ? source : null;
    },
    // What one was looking at comes back with the answer.
    signIn: () => manager.signinRedirect({ state: location.hash }),
  };
}
