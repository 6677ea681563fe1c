// What the hub tells the desk before anybody is signed in: `GET desk.json`.
import { ROLES, type Role } from '@workitem-hub/client/contract';
import { hubAddress } from '../hub/address';

export interface DemoPerson {
  sub: string;
  name: string;
  roles: Role[];
  teams: string[];
}

/** How people sign in: as a person of the demonstration, at a provider, or with a token from elsewhere. */
export type DeskAuth =
  | { kind: 'demo'; people: DemoPerson[] }
  | { kind: 'oidc'; authority: string; client_id: string; scope: string }
  | { kind: 'token' };

export interface DeskConfig {
  auth: DeskAuth;
  /** Whether test items can be made. */
  test_controls: boolean;
}

const PLAIN: DeskConfig = { auth: { kind: 'token' }, test_controls: false };

let asked: Promise<DeskConfig> | null = null;

/** Asks for it before anything is drawn; who reads it first gets this answer. */
export function askDeskConfig(): Promise<DeskConfig> {
  asked = fetchDeskConfig();
  return asked;
}

/**
 * Reads it. A hub that has none takes tokens.
 * @throws Error when the hub cannot be reached
 */
export function readDeskConfig(): Promise<DeskConfig> {
  const answer = asked ?? fetchDeskConfig();
  asked = null;
  return answer;
}

async function fetchDeskConfig(): Promise<DeskConfig> {
  const response = await fetch(hubAddress('desk.json')).catch(() => {
    throw new Error('The hub cannot be reached.');
  });
  if (response.status === 404) return PLAIN;
  if (!response.ok) throw new Error(`The hub answers ${response.status}.`);
  return (await response.json()) as DeskConfig;
}

/** `underwriter, team property`, as people are told apart. */
export function describePerson({ roles, teams }: { roles: readonly string[]; teams: readonly string[] }): string {
  const known = ROLES.filter((role) => roles.includes(role));
  return [...known, ...teams.map((team) => `team ${team}`)].join(', ');
}
