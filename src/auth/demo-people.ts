// The people of a demonstration: who can be signed in without a password on a hub in development, by link or by a click.
import type { Role } from '@workitem-hub/client/contract';
import { decodeJwt } from 'jose';
import { signToken } from './sign.js';
import type { TokenConfig } from './tokens.js';

export interface DemoPerson {
  sub: string;
  name: string;
  roles: Role[];
  teams: string[];
}

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { sub: 'alice', name: 'Alice Ashdown', roles: ['underwriter'], teams: ['property'] },
  { sub: 'bob', name: 'Bob Birkett', roles: ['underwriter'], teams: ['casualty'] },
  { sub: 'carol', name: 'Carol Castellan', roles: ['underwriter'], teams: ['cyber'] },
  { sub: 'sam', name: 'Sam Sutherland', roles: ['supervisor'], teams: [] },
  { sub: 'ada', name: 'Ada Arkwright', roles: ['admin'], teams: [] },
];

const TTL = '12h';

export const demoEmail = (sub: string): string => `${sub}@hub.example`;

export interface DemoToken {
  token: string;
  /** ISO 8601. */
  expires_at: string;
}

/** A token for one of the people, good for 12 hours. */
export async function demoToken(secret: string, person: DemoPerson, config: TokenConfig): Promise<DemoToken> {
  const token = await signToken(secret, { ...person, email: demoEmail(person.sub) }, TTL, config);
  return { token, expires_at: new Date((decodeJwt(token).exp as number) * 1_000).toISOString() };
}
