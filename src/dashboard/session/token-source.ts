// What every way to sign in comes down to: something that gives tokens until it is ended.
import type { TokenReason } from '@workitem-hub/client';

export interface TokenSource {
  readonly kind: 'token' | 'demo' | 'oidc';
  /** The token to use now; `null` when nobody is signed in any more. @throws when it cannot be had just now */
  token(why?: TokenReason): Promise<string | null>;
  /** Signs out. */
  end(): Promise<void>;
}
