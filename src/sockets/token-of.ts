// Where a Socket.IO client may carry its token.
import type { Socket } from 'socket.io';
import { bearerOf } from '../auth/authenticate.js';

/** The token of a handshake: `auth.token`, else `Authorization: Bearer …`. */
export function tokenOf({ auth, headers }: Pick<Socket['handshake'], 'auth' | 'headers'>): string | undefined {
  const token: unknown = auth.token;
  return typeof token === 'string' ? token : bearerOf(headers.authorization);
}
