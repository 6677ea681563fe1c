// Who is calling and which rooms that opens.
import { roomsOf } from '@workitem-hub/client/audience';
import type { Principal, Role } from '@workitem-hub/client/contract';
import { HubError } from '../errors.js';

export type { Principal, Role };

/** A verified token: what the hub keeps of it. The token itself is not kept. */
export interface Session {
  readonly principal: Principal;
  readonly jti: string | null;
  /** `iat`, seconds since 1970; `null` when the token has none, which counts as old. */
  readonly issuedAt: number | null;
  /** `exp`, milliseconds since 1970. */
  readonly expiresAt: number;
  /** When a socket of this session is cut, milliseconds since 1970: `exp`, or the end of the clock tolerance when opened within it. */
  readonly cutAt: number;
}

export function hasRole(principal: Principal, ...roles: Role[]): boolean {
  return roles.some((role) => principal.roles.includes(role));
}

/** Rooms of a caller who wants to see items. @throws HubError `forbidden` for a principal without a role that sees any. */
export function assertViewer(principal: Principal): string[] {
  const rooms = roomsOf(principal);
  if (rooms.length === 0) throw new HubError('forbidden', 'This needs the role underwriter, supervisor or admin.');
  return rooms;
}
