// Sessions of tokens that were verified before: whoever sends request after request is not verified anew for each.
import { createHash } from 'node:crypto';
import type { Session } from './principal.js';

const MAX = 1_000;

export interface RecentSessions {
  /** The session of a token that was verified before and has not expired since. */
  find(token: string): Session | null;
  /** @param session of a token whose key is good for as long as this process lives */
  add(token: string, session: Session): void;
}

export function createRecentSessions(now: () => number = Date.now): RecentSessions {
  const sessions = new Map<string, Session>();
  // Of the token itself nothing is kept.
  const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');
  return {
    find(token) {
      const key = digestOf(token);
      const session = sessions.get(key);
      if (!session) return null;
      if (now() < session.expiresAt) return session;
      // Past its end it is judged anew: it is expired, or lives by the tolerance between clocks.
      sessions.delete(key);
      return null;
    },
    add(token, session) {
      const [oldest] = sessions.keys();
      if (sessions.size >= MAX && oldest !== undefined) sessions.delete(oldest);
      sessions.set(digestOf(token), session);
    },
  };
}
