// The calls of the HTTP API that the client of the hub does not have, with the token of the session.
import { useMemo } from 'react';
import { useSession } from '../session/session';
import { hubAddress } from './address';

/** A refusal, as the hub words it; `unreachable` when there was no answer at all. */
export class ApiError extends Error {
  override name = 'ApiError';
  constructor(
    readonly code: string,
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
  }
}

export interface Api {
  /** The body of the answer, read as JSON. @throws ApiError */
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T>;
  /** The answer itself, for downloads. @throws ApiError */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export function createApi(token: () => Promise<string | null>): Api {
  async function call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const bearer = await token();
    if (bearer) headers.set('authorization', `Bearer ${bearer}`);
    let response: Response;
    try {
      response = await fetch(hubAddress(path), { ...init, headers });
    } catch (error) {
      if ((error as Error).name === 'AbortError') throw error;
      throw new ApiError('unreachable', 'The hub cannot be reached.');
    }
    if (response.ok) return response;
    const body = (await response.json().catch(() => null)) as { error?: Partial<ApiError> } | null;
    const { code = 'unavailable', message = `The hub answers ${response.status}.`, details } = body?.error ?? {};
    throw new ApiError(code, message, details);
  }
  return {
    fetch: call,
    get: async (path, signal) => (await call(path, { signal: signal ?? null })).json(),
    post: async (path, body, signal) => {
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(body), signal: signal ?? null };
      return (await call(path, init)).json();
    },
  };
}

/** The API for whoever is signed in. */
export function useApi(): Api {
  const { token } = useSession();
  return useMemo(() => createApi(token), [token]);
}
