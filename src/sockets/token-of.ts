// Where a connect may carry its token.
import type { Socket } from 'socket.io';

/** The token of `Authorization: Bearer …`; `undefined` when there is none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}

/** The token of a Socket.IO handshake: `auth.token`, else the header. */
export function tokenOf({ auth, headers }: Pick<Socket['handshake'], 'auth' | 'headers'>): string | undefined {
  const token: unknown = auth.token;
  return typeof token === 'string' ? token : bearerToken(headers.authorization);
}
