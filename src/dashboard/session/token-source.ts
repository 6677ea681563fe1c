// What every way to sign in comes down to: something that gives tokens until it is ended.
import type { TokenReason } from '@workitem-hub/client';

export interface TokenSource {
  readonly kind: 'token' | 'demo' | 'oidc';
  /** The token to use now; `null` when nobody is signed in any more. @throws when it cannot be had just now */
  token(why?: TokenReason): Promise<string | null>;
  /** Whether it is only its time that is over. What a person could see until then they may go on looking at. */
  readonly lapsed: boolean;
  /** Forgets the tokens. */
  forget(): Promise<void>;
  /** Signs out, at the provider too where there is one: the page may leave for it. */
  end(): Promise<void>;
}
