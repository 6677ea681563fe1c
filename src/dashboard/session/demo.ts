// Sign-in as a person of the demonstration, without a password; hubs in development only.
import { hubAddress } from '../hub/address';
import { tabStore } from './tab-store';
import type { TokenSource } from './token-source';

/** Where a tab keeps as whom it is signed in. */
export const DEMO_KEY = 'demo';

/** @returns `null` when the hub does not know the person, or lets nobody in like this any more */
async function signIn(sub: string): Promise<string | null> {
  const response = await fetch(hubAddress('api/demo/sign-in'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sub }),
  });
  if (response.status === 400 || response.status === 404) return null;
  const body = (await response.json().catch(() => null)) as { token?: string; error?: { message?: string } } | null;
  if (!response.ok || !body?.token) throw new Error(body?.error?.message ?? `The hub answers ${response.status}.`);
  return body.token;
}

/** The person as whom this tab was signed in before it was reloaded. */
export const rememberedPerson = (): string | null => tabStore.getItem(DEMO_KEY);

/** Tokens for a person; a new one is simply asked for. */
export function demoSource(sub: string): TokenSource {
  tabStore.setItem(DEMO_KEY, sub);
  let token: Promise<string | null> | null = null;
  const forget = async (): Promise<void> => tabStore.removeItem(DEMO_KEY);
  return {
    kind: 'demo',
    async token(why) {
      if (why === 'refused') return null;
      if (why === 'expired' || why === 'expiring') token = null;
      token ??= signIn(sub);
      try {
        return await token;
      } catch (error) {
        token = null;
        throw error;
      }
    },
    lapsed: false,
    forget,
    end: forget,
  };
}
