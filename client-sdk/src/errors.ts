// What a client reports and what its promises are rejected with: the hub's codes, and some that only a client knows.
import type { ErrorCode, WireError } from './contract.js';

export type ClientErrorCode =
  | ErrorCode
  /** There is no connection, and the caller chose not to wait for one. */
  | 'offline'
  /** No answer in time. A command may have been applied: repeat it with the same `commandId`. */
  | 'timeout'
  /** The client was closed. */
  | 'closed'
  /** The hub could not be reached, or went away. */
  | 'unreachable'
  /** `getToken` threw, hung, or gave nothing that could be a token. */
  | 'token_unavailable'
  /** Hub and client have no version of the contract in common. */
  | 'unsupported'
  /** The hub said something that the contract does not know. It was left out. */
  | 'bad_message'
  /** A listener or handler of the application threw. */
  | 'handler_failed'
  /** A position could not be read or kept. */
  | 'storage_failed';

/** The one error of this package. */
export class WorkItemError extends Error {
  readonly code: ClientErrorCode;
  /** As the hub gave them; for `conflict` about an item `{id, version, status, assigned_to}`. */
  readonly details: unknown;
  /** Milliseconds after which a repeat makes sense. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ClientErrorCode,
    message: string,
    options: { details?: unknown; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'WorkItemError';
    this.code = code;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The error in an answer of the hub, whatever it looks like. @param retryAfterMs where it does not say so itself */
export function errorOf(
  wire: unknown,
  fallback: ClientErrorCode = 'bad_message',
  retryAfterMs?: number,
): WorkItemError {
  if (!isObject(wire) || typeof wire.code !== 'string') {
    return new WorkItemError(fallback, 'The hub refused without saying why.', { details: wire, retryAfterMs });
  }
  const { code, message, details } = wire as Partial<WireError> & { retry_after_ms?: unknown };
  const given = (wire as { retry_after_ms?: unknown }).retry_after_ms ?? (isObject(details) && details.retry_after_ms);
  return new WorkItemError(code as ErrorCode, typeof message === 'string' ? message : (code as string), {
    details,
    retryAfterMs: typeof given === 'number' ? given : retryAfterMs,
  });
}

/** Anything that was thrown, as an error of this package. */
export function asError(thrown: unknown, code: ClientErrorCode, message: string): WorkItemError {
  return thrown instanceof WorkItemError ? thrown : new WorkItemError(code, message, { cause: thrown });
}
